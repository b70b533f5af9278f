package io.sluice.perf.alloc;

import io.sluice.engine.Engine;
import io.sluice.engine.EventClaim;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.event.EncodedText;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.perf.report.MeasurementException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * The publishing thread of the allocation measurement, and all it needs made beforehand. Events differ in content,
 * id, type and priority; half of them are claimed, half built; half of the claimed ones have a text id; one in
 * fifty repeats the content of the one before.
 */
final class AllocLoad implements AutoCloseable
{
    static final String THREAD_NAME = "perf-publisher";

    private static final int DUPLICATE_EVERY = 50;
    private static final int SUBJECTS = 256;
    private static final int TEXT_ID_LENGTH = 24;
    private static final int RECORD_HEAD_LENGTH = 256;
    private static final int CLOCK_EVERY = 64;
    private static final int[] MIX = {2, 3, 1, 2, 3, 2, 3, 1, 2, 3, 0, 2, 3, 1, 2, 3};
    private static final Priority[] PRIORITIES = Priority.values();

    private final AllocTopics topics;
    private final Publisher publisher;
    private final UnsafeBuffer payload;
    private final UnsafeBuffer textId = new UnsafeBuffer(ByteBuffer.allocateDirect(TEXT_ID_LENGTH));
    private final EncodedText source = EncodedText.of(EventField.SOURCE, "perf-alloc");
    private final String[] subjects = new String[SUBJECTS];
    private final EventBuilder builder = new EventBuilder();
    private final EventClaim claim = new EventClaim();
    private final EventEncoder encoder = new EventEncoder();
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final AtomicLong target = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final Thread thread;
    private volatile Throwable failure;
    private volatile boolean isClosed;
    private long random;
    private long epochNs;
    private int type;
    private long expectedCalls;
    private long expectedDuplicates;

    AllocLoad(final Engine engine, final AllocTopics topics, final int payloadLength, final long seed)
    {
        this.topics = topics;
        publisher = engine.publisher();
        payload = new UnsafeBuffer(ByteBuffer.allocateDirect(payloadLength));
        random = seed;
        for (int i = 0; i < SUBJECTS; i++)
        {
            subjects[i] = "subject-" + i;
        }
        textId.putBytes(0, "alloc-000000000000000000".getBytes(StandardCharsets.US_ASCII));
        thread = new Thread(this::run, THREAD_NAME);
        thread.setDaemon(true);
        thread.start();
    }

    /** Let the thread publish up to a number of events in all. */
    void publishUpTo(final long count)
    {
        target.set(count);
    }

    /** @return events published so far. */
    long published()
    {
        return published.get();
    }

    /** @return why it stopped, null if it did not. */
    Throwable failure()
    {
        return failure;
    }

    /** @return handler calls that all published events must lead to; ask when all are published. */
    long expectedCalls()
    {
        published.get();
        return expectedCalls;
    }

    /** @return events that must be called duplicates; ask when all are published. */
    long expectedDuplicates()
    {
        published.get();
        return expectedDuplicates;
    }

    @Override
    public void close()
    {
        isClosed = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            while (!isClosed)
            {
                final long next = published.getPlain();
                if (next < target.getAcquire())
                {
                    publish(next);
                    published.setRelease(next + 1);
                    idle.reset();
                }
                else
                {
                    idle.idle();
                }
            }
        }
        catch (final RuntimeException e)
        {
            failure = e;
        }
    }

    private void publish(final long number)
    {
        final boolean isDuplicate = number % DUPLICATE_EVERY == DUPLICATE_EVERY - 1;
        if (isDuplicate)
        {
            expectedDuplicates++;
        }
        else
        {
            type = (int)((next() >>> 1) % AllocTopics.TYPES);
            fillPayload(number);
            expectedCalls += topics.subscriptionsOf(type);
        }
        if (number % CLOCK_EVERY == 0)
        {
            epochNs = System.currentTimeMillis() * 1_000_000L;
        }
        // Through the ring of the event that it repeats. From a fuller one that event would come later, when others may
        // have taken the place of the first in the fixed memory of dedup, which counts that: no wrong answer.
        final Priority priority = PRIORITIES[MIX[(int)(isDuplicate ? number - 1 : number) & (MIX.length - 1)]];
        final int shape = (int)(next() & 3);
        long ticket = publish(number, shape, priority);
        while (ticket < 0)
        {
            if (!PublishResult.isTransient(ticket))
            {
                throw new MeasurementException("publish refused: " + PublishResult.describe(ticket));
            }
            idle.idle();
            ticket = publish(number, shape, priority);
        }
    }

    private long publish(final long number, final int shape, final Priority priority)
    {
        if (shape >= 2)
        {
            builder.clear()
                .type(topics.type(type))
                .source(source.toString())
                .priority(priority)
                .subject(subjects[(int)number & (SUBJECTS - 1)])
                .correlationId(subjects[(int)(number >>> 4) & (SUBJECTS - 1)])
                .payload(payload, 0, payload.capacity());
            return publisher.publish(builder);
        }
        final long ticket = publisher.tryClaim(claim, priority, payload.capacity() + RECORD_HEAD_LENGTH);
        if (ticket >= 0)
        {
            encoder.wrap(claim.buffer(), claim.offset(), claim.capacity()).priority(priority).eventTime(epochNs);
            if (shape == 0)
            {
                encoder.uuid(number << 16 | 0x7000L, next() >>> 2 | Long.MIN_VALUE);
            }
            encoder.put(topics.encoded(type)).put(source).put(EventField.PAYLOAD, payload, 0, payload.capacity());
            if (shape == 1)
            {
                textId.putNaturalPaddedIntAscii(TEXT_ID_LENGTH - 9, 9, (int)(number % 1_000_000_000L));
                encoder.put(EventField.ID, textId, 0, TEXT_ID_LENGTH);
            }
            encoder.complete();
            claim.publish();
        }
        return ticket;
    }

    // The number makes each content the only one of its kind.
    private void fillPayload(final long number)
    {
        payload.putLong(0, number);
        for (int i = 8; i + 8 <= payload.capacity(); i += 8)
        {
            payload.putLong(i, next());
        }
    }

    private long next()
    {
        random += 0x9E3779B97F4A7C15L;
        long z = random;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
