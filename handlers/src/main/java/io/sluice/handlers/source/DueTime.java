package io.sluice.handlers.source;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Waits for the time at which something is due, to a few microseconds, without holding a core while it is far away. Not
 * thread-safe; allocates nothing.
 */
public final class DueTime
{
    // A thread that parks wakes up about this much too late: it parks for less and spends the rest yielding.
    private static final long PARK_OVERSHOOT_NS = TimeUnit.MICROSECONDS.toNanos(60);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final IdleStrategy idleStrategy = new YieldingIdleStrategy();
    private final EpochNanoClock clock;
    private final BooleanSupplier isStopped;

    /**
     * @param clock     nanoseconds since 1970 UTC.
     * @param isStopped asked while waiting, at least every 50 ms; true ends the wait.
     */
    public DueTime(final EpochNanoClock clock, final BooleanSupplier isStopped)
    {
        this.clock = clock;
        this.isStopped = isStopped;
    }

    /**
     * Wait.
     *
     * @param dueNs nanoseconds since 1970 UTC; a time that has passed is no wait.
     * @return false if it was stopped.
     */
    public boolean await(final long dueNs)
    {
        while (!isStopped.getAsBoolean())
        {
            final long left = dueNs - clock.nanoTime();
            if (left <= 0)
            {
                return true;
            }
            if (left > PARK_OVERSHOOT_NS)
            {
                LockSupport.parkNanos(Math.min(left - PARK_OVERSHOOT_NS, MAX_PARK_NS));
            }
            else
            {
                idleStrategy.idle();
            }
        }
        return false;
    }
}
