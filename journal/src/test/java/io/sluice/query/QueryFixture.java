package io.sluice.query;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventJson;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes journals. One per test. */
final class QueryFixture implements AutoCloseable
{
    static final long START_NS = 1_700_000_000_000_000_000L;

    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(42));
    private final JournalAppender appender;

    QueryFixture(final Path directory)
    {
        appender = JournalAppender.open(new JournalContext()
            .directory(directory)
            .rollSize(1 << 16)
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
        new EventJson().read(json, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        final Verdict verdict = original == 0 ? Verdict.ACCEPTED : Verdict.DUPLICATE_ID;
        appender.stage(buffer, 0, length, verdict, original, START_NS + appender.nextSequence());
        return appender.commit();
    }

    @Override
    public void close()
    {
        appender.close();
    }
}
