package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.VisibleAt;

/**
 * What one handling thread does when a subscription changes its feed: answers the delivery thread, see {@link
 * LiveGate}, and writes down how far the subscription has come when the rings serve it no more. Between two units.
 */
final class FeedChanges implements HandlingPass.Leaving
{
    private final EngineCore core;
    private final int priorities;
    private final PriorityRing[] rings;
    private final HandlerCalls calls;
    private final LiveWatermarks watermarks;
    // Not the view that handlers saw: that one stays poisoned.
    private final EventFlyweight completed = new EventFlyweight();
    private SpilledEvents[] spilled;
    private HandlingPass journaled;
    private HandlingPass synced;

    /**
     * @param core       of the engine.
     * @param priorities bit p is set if the thread handles priority p.
     * @param calls      of the thread.
     * @param watermarks of the thread.
     */
    FeedChanges(
        final EngineCore core, final int priorities, final HandlerCalls calls, final LiveWatermarks watermarks)
    {
        this.core = core;
        this.priorities = priorities;
        this.calls = calls;
        this.watermarks = watermarks;
        rings = core.rings();
    }

    /** Before the first change: what left its ring and is not handled, by priority; null where that never happens. */
    void spilled(final SpilledEvents[] events)
    {
        spilled = events;
    }

    /** Before the first change: the ways of the thread through the rings. */
    void passes(final HandlingPass first, final HandlingPass second)
    {
        journaled = first;
        synced = second;
    }

    /** @return true if nobody has to be answered later. */
    boolean answerGates()
    {
        boolean isDone = true;
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            final int question = subscription.gate().question();
            for (int code = 0; code < Priority.COUNT; code++)
            {
                if ((priorities & (1 << code)) != 0 && LiveGate.isAsked(question, code))
                {
                    isDone &= LiveGate.isToJoin(question) ?
                        join(subscription, code, question) : leave(subscription, code, question);
                }
            }
        }
        return isDone;
    }

    private boolean leave(final Subscription subscription, final int code, final int question)
    {
        final long boundary = boundary(subscription, code);
        // The event that waited for it passes it by.
        subscription.stopWaiting(calls.lane());
        if (subscription.gate().answerLeaving(code))
        {
            keepPosition(subscription, code, boundary);
        }
        subscription.gate().answered(question, code);
        return true;
    }

    @Override
    public void onHolding(final Subscription subscription, final int code, final long sequence)
    {
        for (int other = 0; other < Priority.COUNT; other++)
        {
            if ((priorities & (1 << other)) != 0)
            {
                final long boundary = other == code ? sequence : boundary(subscription, other);
                if (subscription.gate().leaveEarly(other))
                {
                    keepPosition(subscription, other, boundary);
                }
            }
        }
    }

    @Override
    public void onRedelivering(final Subscription subscription, final int code, final long sequence)
    {
        for (int other = 0; other < Priority.COUNT; other++)
        {
            if (subscription.gate().leaveEarly(other))
            {
                keepPosition(subscription, other, other == code ? sequence : core.positions().watermark(other));
            }
        }
        if (subscription.position() != null)
        {
            subscription.position().live(false);
        }
        subscription.wantAway();
    }

    @Override
    public void onInactive(final Subscription subscription, final int code)
    {
        final long boundary = boundary(subscription, code);
        if (subscription.gate().leaveEarly(code) && subscription.position() != null)
        {
            keepPosition(subscription, code, boundary);
        }
    }

    @Override
    public void onBatched(final Subscription subscription)
    {
        if (subscription.batches().follow(calls.lane()))
        {
            watermarks.follow(subscription);
        }
    }

    // Before the pipeline's watermark passes the next event, which the subscription does not get from here.
    private void keepPosition(final Subscription subscription, final int code, final long boundary)
    {
        subscription.stopWaiting(calls.lane());
        if (subscription.gate().isOwed())
        {
            watermarks.hold(subscription);
            return;
        }
        // What failed and is not in the retry log must not be passed by the position.
        final long limit =
            Math.min(boundary, calls.failures() == null ? boundary : calls.failures().firstUnrecorded() - 1);
        if (subscription.batches() != null)
        {
            // The position says so when what it has in batches is handled.
            subscription.batches().leftAt(code, limit);
            onBatched(subscription);
            return;
        }
        subscription.position().advance(code, limit);
        watermarks.hold(subscription);
    }

    // A route that was looked up before the subscription was there does not know it: its event would reach nobody.
    private boolean join(final Subscription subscription, final int code, final int question)
    {
        if (core.routedGeneration() < subscription.generation() || isOldRouteAhead(subscription, code))
        {
            return false;
        }
        if (subscription.batches() != null)
        {
            onBatched(subscription);
        }
        subscription.gate().answerJoining(code, boundary(subscription, code));
        subscription.gate().answered(question, code);
        return true;
    }

    private boolean isOldRouteAhead(final Subscription subscription, final int code)
    {
        final PriorityRing ring = rings[code];
        final long end = ring.routed().get();
        for (long position = synced.next(code); position <= end; position++)
        {
            final Route route = (Route)ring.route(position);
            if (route != null)
            {
                return route.generation() < subscription.generation();
            }
        }
        return false;
    }

    /** @return sequence of the last event of the priority that a subscription will not get from the ring any more. */
    private long boundary(final Subscription subscription, final int code)
    {
        final boolean isForSynced = subscription.spec().visibleAt() == VisibleAt.SYNCED;
        final HandlingPass pass = isForSynced ? synced : journaled;
        if (spilled[code] != null && spilled[code].isActive())
        {
            return boundary(spilled[code], pass, subscription, isForSynced, code);
        }
        final PriorityRing ring = rings[code];
        final long next = pass.next(code);
        if (pass.isStarted(code))
        {
            final Route route = (Route)ring.route(next);
            if (pass.isPast(isForSynced ? route.synced() : route.journaled(), subscription, code))
            {
                return ring.wrap(next, completed).sequence();
            }
        }
        for (long position = next - 1; position >= synced.next(code); position--)
        {
            if (ring.length(position) > 0)
            {
                return ring.wrap(position, completed).sequence();
            }
        }
        return watermarks.passed(code);
    }

    private long boundary(
        final SpilledEvents events,
        final HandlingPass pass,
        final Subscription subscription,
        final boolean isForSynced,
        final int code)
    {
        final boolean isDone = events.isJournaledDone() && !isForSynced;
        if (isDone || pass.isStarted(code) && pass.isPast(
            isForSynced ? events.route().synced() : events.route().journaled(), subscription, code))
        {
            return events.event().sequence();
        }
        return watermarks.passed(code);
    }
}
