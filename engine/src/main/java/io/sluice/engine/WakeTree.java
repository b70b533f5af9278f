package io.sluice.engine;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Waiters to wake together. To unpark a thread costs microseconds, and the thread that calls has something better to do
 * than to unpark hundreds: it unparks the first one, and each one that wakes unparks two others before it goes on.
 *
 * <p>One per thread that wakes. Allocation-free but for growing.
 */
final class WakeTree
{
    private static final int INITIAL_LENGTH = 64;

    private Waiter[] waiters = new Waiter[INITIAL_LENGTH];
    private int count;

    /** Add a waiter that the caller has claimed and given a result. */
    void add(final Waiter waiter)
    {
        if (count == waiters.length)
        {
            waiters = Arrays.copyOf(waiters, 2 * count);
        }
        waiters[count++] = waiter;
    }

    /** Wake them all. */
    void wake()
    {
        if (count == 0)
        {
            return;
        }
        // From the leaves up, for a thread may wake by itself and must not come to one that is not yet ready.
        for (int i = count - 1; i >= 0; i--)
        {
            waiters[i].wake(at(2 * i + 1), at(2 * i + 2));
        }
        final Thread first = waiters[0].thread();
        Arrays.fill(waiters, 0, count, null);
        count = 0;
        LockSupport.unpark(first);
    }

    private Waiter at(final int i)
    {
        return i < count ? waiters[i] : null;
    }
}
