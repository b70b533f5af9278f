package io.sluice.engine;

import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;

/**
 * One way through the rings: per priority how far it has come, and where it stands with the handlers of the next event.
 * Not thread-safe: one per handling thread and level of visibility.
 */
final class HandlingPass
{
    // How long the events of a priority wait for a subscription whose handler another thread is calling.
    static final long LONGEST_WAIT_NS = 50_000_000L;

    private static final int NONE = -1;

    private final HandlerCalls calls;
    private final Leaving leaving;
    private final long[] next = new long[Priority.COUNT];
    private final int[] resumeAt = new int[Priority.COUNT];
    private final boolean[] started = new boolean[Priority.COUNT];
    private final boolean[] failed = new boolean[Priority.COUNT];
    private final long[] startedNs = new long[Priority.COUNT];
    private final Subscription[] waitedFor = new Subscription[Priority.COUNT];
    private final long[] waitingNs = new long[Priority.COUNT];
    // Priority of the event that a handler is being called for.
    private int calling = NONE;

    /** Told of subscriptions that the rings are not to serve any more. */
    interface Leaving
    {
        /** Before an event that it will not get. */
        void onInactive(Subscription subscription, int code);

        /** Before anything comes from the rings: it gets no more of what is redelivered, behind a sequence. */
        void onRedelivering(Subscription subscription, int code, long sequence);

        /** Behind an event that it could not handle, so that it gets no other one for the time being. */
        void onHolding(Subscription subscription, int code, long sequence);

        /** Before an event goes into one of its batches. */
        void onBatched(Subscription subscription);
    }

    HandlingPass(final HandlerCalls calls, final Leaving leaving)
    {
        this.calls = calls;
        this.leaving = leaving;
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
    boolean call(
        final PriorityRing ring, final SpilledEvents spilled, final Subscription[] subscriptions, final int code)
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
            if (subscription.gate().isLive(code))
            {
                if (!subscription.isActive())
                {
                    leaving.onInactive(subscription, code);
                    continue;
                }
                if (!calls.tryEnter(subscription))
                {
                    if (isToBeLeftOut(subscription, code))
                    {
                        resumeAt[code] = i + 1;
                        continue;
                    }
                    resumeAt[code] = i;
                    return false;
                }
                waitedFor[code] = null;
                if (calls.wants(subscription, wrap(ring, spilled, next[code])))
                {
                    failed[code] |= !call(subscription, code, i);
                }
            }
            else if (waitedFor[code] == subscription)
            {
                waitedFor[code] = null;
            }
        }
        started[code] = false;
        return true;
    }

    private Route wrap(final PriorityRing ring, final SpilledEvents spilled, final long position)
    {
        if (spilled == null)
        {
            ring.wrap(position, calls.event());
            return (Route)ring.route(position);
        }
        calls.event().wrap(spilled.event().buffer(), spilled.event().offset());
        return spilled.route();
    }

    private boolean call(final Subscription subscription, final int code, final int index)
    {
        final long sequence = calls.event().sequence();
        if (subscription.batches() != null && calls.isBatched(subscription))
        {
            leaving.onBatched(subscription);
            if (!calls.offer(subscription))
            {
                // It goes on with the journal, from this event on.
                leaving.onInactive(subscription, code);
                subscription.wantAway();
            }
            return true;
        }
        if (!calls.mayCall(subscription))
        {
            if (subscription.waitsForBreaker())
            {
                // It waits for its breaker on the journal, from this event on.
                leaving.onInactive(subscription, code);
                subscription.wantAway();
                return true;
            }
            return false;
        }
        // So that whoever takes over from a thread that does not come back goes on behind it.
        resumeAt[code] = index + 1;
        calling = code;
        final boolean isDone = calls.call(subscription);
        calling = NONE;
        if (!isDone && subscription.position() != null && subscription.spec().retry().order() == RetryOrder.HOLD_KEY)
        {
            leaving.onHolding(subscription, code, sequence);
            subscription.wantAway();
        }
        return isDone;
    }

    /**
     * The thread that takes over from one that was fenced: the rest of the event gets its turn without the handler that
     * does not return.
     *
     * @return priority of the event that it was called for, or -1 if it was not called here.
     */
    int takeOver()
    {
        final int code = calling;
        if (code != NONE)
        {
            failed[code] = true;
            calling = NONE;
        }
        return code;
    }

    /**
     * Has a subscription come to its turn with the next event already?
     *
     * @param subscriptions in the order of the calls, as given to {@link #call}.
     */
    boolean isPast(final Subscription[] subscriptions, final Subscription subscription, final int code)
    {
        if (started[code])
        {
            for (int i = 0; i < resumeAt[code]; i++)
            {
                if (subscriptions[i] == subscription)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isToBeLeftOut(final Subscription subscription, final int code)
    {
        if (waitedFor[code] != subscription)
        {
            waitedFor[code] = subscription;
            waitingNs[code] = calls.nowNs();
        }
        if (calls.nowNs() - waitingNs[code] <= LONGEST_WAIT_NS || !leaveOut(subscription, code))
        {
            return false;
        }
        // It is not waited for any more: others may call it, and the next wait begins anew.
        subscription.stopWaiting(calls.lane());
        waitedFor[code] = null;
        return true;
    }

    // One that comes back from the journal, or hangs, gets from there what it does not get from here; without a
    // journal, what comes while it hangs is lost to it.
    private boolean leaveOut(final Subscription subscription, final int code)
    {
        if (subscription.position() == null)
        {
            failed[code] |= subscription.calls().hung() > 0;
            return subscription.calls().hung() > 0;
        }
        if (!subscription.gate().takeBack(code))
        {
            if (subscription.calls().hung() == 0)
            {
                return false;
            }
            leaving.onInactive(subscription, code);
            subscription.wantAway();
        }
        return true;
    }
}
