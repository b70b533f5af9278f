package io.sluice.tail;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal of small events; each has its sequence in its payload, and a second between its journal times. */
final class TailFixture implements AutoCloseable
{
    static final long START_NS = 1_700_000_000_000_000_000L;
    static final long SECOND = 1_000_000_000L;
    static final String[] TYPES = {
        "order.created", "order.changed", "payment.failed", "payment.done", "hook.executed"};

    private final Path directory;
    private final Random random;
    private final JournalAppender appender;
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(42));

    TailFixture(final Path directory, final long seed)
    {
        this(directory, seed, 1 << 17);
    }

    TailFixture(final Path directory, final long seed, final int rollSize)
    {
        this.directory = directory;
        random = new Random(seed);
        appender = JournalAppender.open(new JournalContext()
            .directory(directory)
            .rollSize(rollSize)
            .prepareAhead(0)
            .clock(() -> START_NS));
    }

    JournalAppender appender()
    {
        return appender;
    }

    long last()
    {
        return appender.lastSequence();
    }

    static long timeOf(final long sequence)
    {
        return START_NS + sequence * SECOND;
    }

    /** Append events of random types, in excerpts of random lengths. */
    void append(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            stage(TYPES[random.nextInt(TYPES.length)]);
            if (random.nextInt(3) == 0)
            {
                appender.commit();
            }
        }
        appender.commit();
    }

    void append(final String type)
    {
        stage(type);
        appender.commit();
    }

    private void stage(final String type)
    {
        final long sequence = appender.nextSequence();
        builder.clear()
            .type(type)
            .source("desk-" + sequence % 3)
            .priority(Priority.of((int)(sequence % Priority.COUNT)))
            .payloadJson("{\"n\":" + sequence + ",\"even\":" + (sequence % 2 == 0) + "}");
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, timeOf(sequence));
    }

    /** @return sequences from first to before end that a filter picks, read by a tailer of their own. */
    static List<Long> picked(final Path directory, final EventFilter filter, final long first, final long end)
    {
        final EventFilter own = filter.copy();
        final List<Long> sequences = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll((event) ->
            {
                if (event.sequence() >= first && event.sequence() < end && own.matches(event))
                {
                    sequences.add(event.sequence());
                }
            }, 1000) > 0)
            {
                continue;
            }
        }
        return sequences;
    }

    List<Long> picked(final EventFilter filter, final long first, final long end)
    {
        return picked(directory, filter, first, end);
    }

    /** Duty cycles of a group without a thread, until there is nothing to do. */
    static void runUntilIdle(final TailerGroup group)
    {
        for (int idle = 0; idle < 3;)
        {
            idle = group.invoke() == 0 ? idle + 1 : 0;
        }
    }

    static TailerMemberSpec collecting(final String name, final List<Long> received)
    {
        return TailerMemberSpec.of(name, (event) -> received.add(event.sequence()));
    }

    @Override
    public void close()
    {
        appender.close();
    }
}
