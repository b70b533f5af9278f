package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventJson;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import io.sluice.event.filter.NaiveEvent;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes journals. One per test. */
final class QueryFixture implements AutoCloseable
{
    static final long START_NS = 1_700_000_000_000_000_000L;

    private final EventJson json = new EventJson();
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(42));
    private final JournalAppender appender;

    QueryFixture(final Path directory)
    {
        this(directory, 1 << 16);
    }

    /** @param rollSize of the journal's files, in bytes. */
    QueryFixture(final Path directory, final long rollSize)
    {
        appender = JournalAppender.open(new JournalContext()
            .directory(directory)
            .rollSize(rollSize)
            .prepareAhead(0)
            .clock(() -> START_NS));
    }

    /** @return the sequence. */
    long append(final String json)
    {
        return append(json, 0);
    }

    long nextSequence()
    {
        return appender.nextSequence();
    }

    /** @return the sequence of an event that repeats another one. */
    long append(final String json, final long original)
    {
        this.json.read(json, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        final Verdict verdict = original == 0 ? Verdict.ACCEPTED : Verdict.DUPLICATE_ID;
        appender.stage(buffer, 0, length, verdict, original, START_NS + appender.nextSequence());
        return appender.commit();
    }

    /** @return rolls so far. */
    long append(final NaiveEvent event)
    {
        event.read(json, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        appender.stage(buffer, 0, length, event.verdict(), event.originalSequence(), event.recordedNs());
        assertEquals(event.sequence(), appender.commit());
        return appender.rolls();
    }

    @Override
    public void close()
    {
        appender.close();
    }
}
