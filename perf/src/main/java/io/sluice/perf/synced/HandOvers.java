package io.sluice.perf.synced;

import io.sluice.perf.measure.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Threads that each wait for the end of a round, and so on; another thread ends rounds, without doing anything in them.
 * No event, no journal, no device: as many acknowledgements to waiting threads as the processors permit at most. Used
 * once, by one thread.
 */
final class HandOvers
{
    private static final int STACK_BYTES = 1 << 18;

    private final WindowedLatency latency;
    private final Waiter[] waiters;
    private final Thread ender = new Thread(this::endRounds, "perf-rounds");
    private final AtomicLong arrivals = new AtomicLong();
    private volatile long done;
    private volatile boolean isEnderParked;
    private volatile boolean isStopped;

    /** One thread that waits. */
    private final class Waiter extends Thread
    {
        private volatile boolean isWaiting;

        Waiter()
        {
            super(null, null, "perf-waiter", STACK_BYTES);
        }

        @Override
        public void run()
        {
            while (!isStopped)
            {
                final long beforeNs = System.nanoTime();
                isWaiting = true;
                final long arrival = arrivals.incrementAndGet();
                wakeEnder();
                while (done < arrival)
                {
                    LockSupport.park(this);
                }
                isWaiting = false;
                latency.record(beforeNs, System.nanoTime());
            }
        }
    }

    /**
     * @param threads that wait.
     * @param tag     of the histogram.
     */
    HandOvers(final int threads, final String tag)
    {
        latency = new WindowedLatency(tag);
        waiters = new Waiter[threads];
    }

    /**
     * Warm up, then record.
     *
     * @param warmUpNs   before recording.
     * @param durationNs to record.
     * @return this.
     */
    HandOvers run(final long warmUpNs, final long durationNs)
    {
        final long fromNs = System.nanoTime() + warmUpNs;
        latency.open(fromNs, durationNs);
        final List<Thread> threads = new ArrayList<>(List.of(ender));
        for (int i = 0; i < waiters.length; i++)
        {
            waiters[i] = new Waiter();
            threads.add(waiters[i]);
        }
        threads.forEach(Thread::start);
        long leftNs = warmUpNs + durationNs;
        while (leftNs > 0)
        {
            LockSupport.parkNanos(leftNs);
            leftNs = fromNs + durationNs - System.nanoTime();
        }
        isStopped = true;
        threads.forEach(ThreadEnd::await);
        return this;
    }

    Histogram latency()
    {
        return latency.histogram();
    }

    double perSecond()
    {
        return latency.eventsPerSecond();
    }

    private void endRounds()
    {
        while (!isStopped || isAnyAlive())
        {
            final long arrived = arrivals.get();
            if (arrived == done)
            {
                isEnderParked = true;
                if (arrivals.get() == done)
                {
                    LockSupport.parkNanos(this, 1_000_000L);
                }
                isEnderParked = false;
                continue;
            }
            done = arrived;
            for (final Waiter waiter : waiters)
            {
                if (waiter.isWaiting)
                {
                    LockSupport.unpark(waiter);
                }
            }
        }
    }

    private boolean isAnyAlive()
    {
        for (final Waiter waiter : waiters)
        {
            if (waiter.isAlive())
            {
                return true;
            }
        }
        return false;
    }

    private void wakeEnder()
    {
        if (isEnderParked)
        {
            isEnderParked = false;
            LockSupport.unpark(ender);
        }
    }
}
