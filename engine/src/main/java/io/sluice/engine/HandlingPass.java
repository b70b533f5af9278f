package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;

/**
 * One way through the rings: per priority how far it has come, and where it stands with the handlers of the next event.
 * Not thread-safe: one per handling thread and level of visibility.
 */
final class HandlingPass
{
    private final HandlerCalls calls;
    private final long[] next = new long[Priority.COUNT];
    private final int[] resumeAt = new int[Priority.COUNT];
    private final boolean[] started = new boolean[Priority.COUNT];
    private final boolean[] failed = new boolean[Priority.COUNT];
    private final long[] startedNs = new long[Priority.COUNT];

    HandlingPass(final HandlerCalls calls)
    {
        this.calls = calls;
    }

    /** @return position of the next event. */
    long next(final int code)
    {
        return next[code];
    }

    void advance(final int code)
    {
        next[code]++;
    }

    /** @return true if some handlers of the next event may have been called. */
    boolean isStarted(final int code)
    {
        return started[code];
    }

    /** @return whether a handler of the event just called threw. */
    boolean hasFailed(final int code)
    {
        return failed[code];
    }

    /** @return time in the handlers of the event just called, waits between them included. */
    long elapsedNs(final int code)
    {
        return calls.nowNs() - startedNs[code];
    }

    /**
     * Call the handlers of the next event.
     *
     * @return false if one is being called by another thread; the rest is left for later.
     */
    boolean call(final PriorityRing ring, final Subscription[] subscriptions, final int code)
    {
        if (!started[code])
        {
            started[code] = true;
            failed[code] = false;
            resumeAt[code] = 0;
            startedNs[code] = calls.nowNs();
        }
        for (int i = resumeAt[code]; i < subscriptions.length; i++)
        {
            final Subscription subscription = subscriptions[i];
            if (subscription.isActive())
            {
                if (!calls.tryEnter(subscription))
                {
                    resumeAt[code] = i;
                    return false;
                }
                ring.wrap(next[code], calls.event());
                failed[code] |= !calls.call(subscription);
            }
        }
        started[code] = false;
        return true;
    }
}
