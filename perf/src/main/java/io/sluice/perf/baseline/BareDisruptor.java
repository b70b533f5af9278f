package io.sluice.perf.baseline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.sluice.perf.report.MeasurementException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * A Disruptor ring that any thread may publish to, a copy of the payload into the slot, and a consumer that
 * counts: the least that a publish call can cost.
 */
public final class BareDisruptor implements AutoCloseable
{
    private static final int RING_SIZE = 1 << 13;
    private static final long CLOSE_TIMEOUT_S = 30;

    private final Disruptor<long[]> disruptor;
    private final RingBuffer<long[]> ring;
    private final UnsafeBuffer slots;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final int payloadLength;
    private final Counting counting;

    /**
     * Start the consumer.
     *
     * @param payloadLength copied per event, in bytes.
     */
    public BareDisruptor(final int payloadLength)
    {
        this.payloadLength = payloadLength;
        slots = new UnsafeBuffer(ByteBuffer.allocateDirect(RING_SIZE * payloadLength));
        counting = new Counting(slots, payloadLength);
        disruptor = new Disruptor<>(
            () -> new long[1],
            RING_SIZE,
            (task) -> new Thread(task, "perf-bare-ring"),
            ProducerType.MULTI,
            new YieldingWaitStrategy());
        ring = disruptor.getRingBuffer();
        disruptor.handleEventsWith(counting);
        disruptor.start();
    }

    /**
     * Publish a payload; waits while the ring is full. One thread at a time: the ring could take more, the waiting
     * can't.
     *
     * @param payload to copy; its first eight bytes are added up by the consumer.
     */
    public void publish(final DirectBuffer payload)
    {
        final long sequence = claim();
        slots.putBytes((int)(sequence & (RING_SIZE - 1)) * payloadLength, payload, 0, payloadLength);
        ring.publish(sequence);
    }

    /** @return events that the consumer has counted. */
    public long handled()
    {
        return counting.count.getAcquire();
    }

    /** @return sum of the first eight bytes of all events that {@link #handled()} has shown to the caller. */
    public long sum()
    {
        return counting.sum;
    }

    @Override
    public void close()
    {
        try
        {
            disruptor.shutdown(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final com.lmax.disruptor.TimeoutException e)
        {
            throw new MeasurementException("the bare ring did not stop in " + CLOSE_TIMEOUT_S + " s", e);
        }
    }

    private long claim()
    {
        idle.reset();
        while (true)
        {
            try
            {
                return ring.tryNext();
            }
            catch (final InsufficientCapacityException e)
            {
                idle.idle();
            }
        }
    }

    private static final class Counting implements EventHandler<long[]>
    {
        private final UnsafeBuffer slots;
        private final int payloadLength;
        private final AtomicLong count = new AtomicLong();
        private long sum;

        private Counting(final UnsafeBuffer slots, final int payloadLength)
        {
            this.slots = slots;
            this.payloadLength = payloadLength;
        }

        @Override
        public void onEvent(final long[] slot, final long sequence, final boolean endOfBatch)
        {
            sum += slots.getLong((int)(sequence & (RING_SIZE - 1)) * payloadLength);
            count.setRelease(count.getPlain() + 1);
        }
    }
}
