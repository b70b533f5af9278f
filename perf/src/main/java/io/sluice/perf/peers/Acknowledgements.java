package io.sluice.perf.peers;

import io.sluice.perf.report.MeasurementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Counts what was sent and what was acknowledged. One thread sends and waits; any thread acknowledges. */
final class Acknowledgements
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Thread waiter;
    private volatile long wanted;
    private long sent;

    /** One more is on its way. */
    void sent()
    {
        sent++;
    }

    /**
     * One more has come through, or not.
     *
     * @param reason it has not; null if it has.
     */
    void acknowledged(final Throwable reason)
    {
        if (reason != null)
        {
            failure.compareAndSet(null, reason);
        }
        final long count = acknowledged.incrementAndGet();
        final Thread waiting = waiter;
        if (waiting != null && count >= wanted)
        {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Wait until all that was sent is acknowledged.
     *
     * @throws MeasurementException if one was refused, or if they take too long.
     */
    void awaitAll()
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        wanted = sent;
        waiter = Thread.currentThread();
        while (acknowledged.get() < sent && failure.get() == null)
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("only " + acknowledged.get() + " of " + sent + " were acknowledged");
            }
            // The time is a net below the unpark, which can come just before the thread is known.
            LockSupport.parkNanos(PAUSE_NS);
        }
        waiter = null;
        requireNoFailure();
    }

    /**
     * @throws MeasurementException if one was refused.
     */
    void requireNoFailure()
    {
        if (failure.get() != null)
        {
            throw new MeasurementException("an event was refused: " + failure.get(), failure.get());
        }
    }
}
