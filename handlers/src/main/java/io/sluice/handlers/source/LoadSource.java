package io.sluice.handlers.source;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A generated load of mixed priorities: of 16 events 1 is CRITICAL, 3 are HIGH, 6 NORMAL and 6 LOW, of several types,
 * with 256 bytes of payload that never repeats.
 *
 * <p>An open loop: event n is due at start + n / rate, whether or not those before it could be published. A late
 * event keeps its intended time, so that a stall shows in the latency of everything that it held up. Given a seed,
 * the events are always the same.
 */
final class LoadSource implements EventSource
{
    /** Bytes of every payload. */
    static final int PAYLOAD_LENGTH = 256;

    private static final String NAME = "load";
    private static final Priority[] CYCLE = cycle("NLHNLNLCNLHNLHNL");
    private static final String[][] TYPES = {
        {"alert.raised", "order.rejected", "workflow.failed"},
        {"order.filled", "agent.completed", "trade.executed"},
        {"quote.updated", "session.started", "file.modified", "task.progress"},
        {"metric.sampled", "log.written", "heartbeat.received", "tool.used"}};
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NUMBER = "{\"number\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOISE = ",\"noise\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);

    private final EventRate rate;
    private final EpochNanoClock clock;
    private final DueTime dueTime;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private long state;
    private long startNs;
    private long index;
    private long intendedTimeNs;
    private volatile boolean isClosed;

    LoadSource(final EventRate rate, final long seed, final EpochNanoClock clock)
    {
        this.rate = rate;
        this.clock = clock;
        dueTime = new DueTime(clock, () -> isClosed);
        state = seed;
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public boolean isOpenLoop()
    {
        return true;
    }

    @Override
    public long intendedTimeNs()
    {
        return intendedTimeNs;
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        if (index == 0)
        {
            startNs = clock.nanoTime();
        }
        intendedTimeNs = startNs + rate.dueNs(index);
        if (!dueTime.await(intendedTimeNs))
        {
            return false;
        }
        final Priority priority = CYCLE[(int)(index % CYCLE.length)];
        final String[] types = TYPES[priority.code()];
        final long random = random();
        writePayload();
        event.clear()
            .type(types[(int)Long.remainderUnsigned(random, types.length)])
            .source(NAME)
            .priority(priority)
            .category(Category.SYSTEM)
            .eventTimeNs(intendedTimeNs)
            .payload(payload, 0, PAYLOAD_LENGTH);
        index++;
        return true;
    }

    @Override
    public void close()
    {
        isClosed = true;
    }

    private void writePayload()
    {
        payload.putBytes(0, NUMBER);
        int at = NUMBER.length;
        at += payload.putLongAscii(at, index);
        payload.putBytes(at, NOISE);
        at += NOISE.length;
        final int end = PAYLOAD_LENGTH - END.length;
        long bits = 0;
        for (int left = 0; at < end; at++)
        {
            if (left == 0)
            {
                bits = random();
                left = Long.SIZE / 4;
            }
            payload.putByte(at, DIGITS[(int)(bits & 0xF)]);
            bits >>>= 4;
            left--;
        }
        payload.putBytes(end, END);
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private long random()
    {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static Priority[] cycle(final String initials)
    {
        final Priority[] cycle = new Priority[initials.length()];
        for (int i = 0; i < cycle.length; i++)
        {
            for (final Priority priority : Priority.values())
            {
                if (priority.name().charAt(0) == initials.charAt(i))
                {
                    cycle[i] = priority;
                }
            }
        }
        return cycle;
    }
}
