package io.sluice.replay;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventJson;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes journals with an event each second, and replays them. One per test. */
final class ReplayFixture
{
    static final long START_NS = 1_700_000_000_000_000_000L;
    static final long SECOND_NS = 1_000_000_000L;

    private final EventJson json = new EventJson();
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(42));
    private final Path directory;
    private final long rollSize;

    ReplayFixture(final Path directory, final long rollSize)
    {
        this.directory = directory;
        this.rollSize = rollSize;
    }

    JournalContext journal()
    {
        return new JournalContext().directory(directory).rollSize(rollSize).prepareAhead(0).clock(() -> START_NS);
    }

    /** Append events with {@code payload.n} from 1. */
    void fill(final int count)
    {
        try (JournalAppender appender = JournalAppender.open(journal()))
        {
            for (int n = 1; n <= count; n++)
            {
                append(appender, "{\"type\":\"t\",\"payload\":{\"n\":" + n + "}}");
            }
        }
    }

    void append(final JournalAppender appender, final String event)
    {
        json.read(event, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        final long timeNs = START_NS + appender.nextSequence() * SECOND_NS;
        appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, timeNs);
        appender.commit();
    }

    ReplayContext replay()
    {
        return new ReplayContext().directory(directory).speed(ReplayContext.UNTHROTTLED);
    }

    /** Replay to the end. */
    List<Long> sequences(final ReplayContext context)
    {
        final List<Long> sequences = new ArrayList<>();
        try (JournalReplay replay = JournalReplay.open(context))
        {
            while (!replay.isEnded())
            {
                replay.poll((event) -> sequences.add(event.sequence()), 3);
            }
        }
        return sequences;
    }

    /** @return the place in a checkpoint. */
    long place(final String name)
    {
        return ReplayCheckpoints.list(directory).stream()
            .filter((checkpoint) -> checkpoint.name().equals(name))
            .mapToLong(ReplayCheckpoint::sequence)
            .findFirst()
            .orElse(0);
    }
}
