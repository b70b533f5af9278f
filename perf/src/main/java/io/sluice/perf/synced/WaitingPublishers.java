package io.sluice.perf.synced;

import io.sluice.engine.Durability;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Threads that each publish an event, wait for its acknowledgement, and so on. Used by one thread. */
final class WaitingPublishers
{
    private static final int STACK_BYTES = 1 << 18;

    private final List<Lane> lanes;
    private final Durability durability;
    private final long warmUpNs;
    private final WindowedLatency latency;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean isStopped;

    /**
     * @param lanes      a thread for each.
     * @param durability to wait for.
     * @param tag        of the histogram.
     * @param warmUpNs   before recording.
     */
    WaitingPublishers(final List<Lane> lanes, final Durability durability, final String tag, final long warmUpNs)
    {
        this.lanes = lanes;
        this.durability = durability;
        this.warmUpNs = warmUpNs;
        latency = new WindowedLatency(tag);
    }

    /** Start to publish, without recording. */
    void start()
    {
        latency.open(System.nanoTime() + Long.MAX_VALUE / 2, 0);
        for (final Lane lane : lanes)
        {
            final Thread thread = new Thread(null, () -> publish(lane), "perf-publisher", STACK_BYTES);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * Warm up, record for a while, then stop.
     *
     * @param durationNs to record; 0 to stop at once.
     */
    void runFor(final long durationNs)
    {
        if (durationNs > 0)
        {
            final long fromNs = System.nanoTime() + warmUpNs;
            latency.open(fromNs, durationNs);
            long leftNs = fromNs + durationNs - System.nanoTime();
            while (leftNs > 0 && failure.get() == null)
            {
                LockSupport.parkNanos(leftNs);
                leftNs = fromNs + durationNs - System.nanoTime();
            }
        }
        isStopped = true;
        threads.forEach(ThreadEnd::await);
        if (failure.get() != null)
        {
            throw new MeasurementException("a publisher failed: " + failure.get().getMessage(), failure.get());
        }
    }

    Histogram latency()
    {
        return latency.histogram();
    }

    double eventsPerSecond()
    {
        return latency.eventsPerSecond();
    }

    private void publish(final Lane lane)
    {
        try
        {
            while (!isStopped)
            {
                final long beforeNs = System.nanoTime();
                lane.publishAndAwait(durability);
                latency.record(beforeNs, System.nanoTime());
            }
        }
        catch (final RuntimeException e)
        {
            failure.compareAndSet(null, e);
        }
    }
}
