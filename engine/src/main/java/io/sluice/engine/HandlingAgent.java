package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.Agent;

/**
 * Third stage: calls the handlers, in the order of the wheel. Before anything else it hands out again what an earlier
 * run left unhandled.
 *
 * <p>A unit is one event with all its handlers. Between two units the stage looks whether a CRITICAL event waits at an
 * earlier stage on the same thread, and if so gives way: a CRITICAL event never waits for more than the unit in
 * progress.
 *
 * <p>Subscriptions that see an event only when it is synced are called in a second pass, which is behind the first and
 * stops at an event that is not yet forced. An event that both call is two units; where both passes of a priority have
 * one ready, they take turns.
 *
 * <pre>
 *     free │ to be forced, or behind one that is │ to be handled │ to be routed
 *   ───────┴─────────────────────────────────────┴───────────────┴──────────────►
 *          ▲ second pass: releases slots,        ▲ first pass
 *            moves the pipeline position
 * </pre>
 *
 * <p>Where the first pass leaves nothing behind, the second goes along with it.
 */
final class HandlingAgent implements Agent
{
    private static final int MOST_PER_CYCLE = 64;
    private static final int CYCLES_PER_ADVANCE = 1024;
    private static final long UNKNOWN = 0L;
    private static final long OPEN = -1L;

    private final EngineCore core;
    private final EngineRole role;
    private final int lane;
    private final int priorities;
    private final PriorityRing[] rings;
    private final PriorityWheel wheel;
    private final HeadAgeing ageing;
    private final PipelineCounts counts;
    private final PipelinePositions positions;
    // Null where no publisher waits for room.
    private final LimitedAdmission blocking;
    private final StageHistogram[] histograms;
    private final RedeliveryStage redelivery;
    private final HandlerCalls calls;
    private final HandlingPass journaled;
    private final HandlingPass synced;
    // Not the view that handlers saw: that one stays poisoned.
    private final EventFlyweight completed = new EventFlyweight();
    private final long[] heads = new long[Priority.COUNT];
    // Per priority: sequence that the next event of the second pass waits for.
    private final long[] gates = new long[Priority.COUNT];
    private final boolean[] isSyncedTurn = new boolean[Priority.COUNT];
    private final LongHashSet[] failedBefore = new LongHashSet[Priority.COUNT];
    private final LiveWatermarks watermarks;
    private final FeedChanges feeds;
    // Null for a priority whose events never leave their ring before they are handled.
    private final SpilledEvents[] spilled = new SpilledEvents[Priority.COUNT];
    // Set while no thread runs the stage.
    private HungCall hung;
    private boolean hasStarted;
    private int cycles;
    private int seenAttention;

    /**
     * @param core       of the engine.
     * @param role       of the thread.
     * @param lane       0, or 1 for the thread of CRITICAL events beside another.
     * @param priorities bit p is set if the stage handles priority p.
     * @param redelivery to do first, or null.
     * @param exclusive  true if another thread may call the same subscriptions.
     */
    HandlingAgent(
        final EngineCore core,
        final EngineRole role,
        final int lane,
        final int priorities,
        final Redelivery redelivery,
        final boolean exclusive)
    {
        this.core = core;
        this.role = role;
        this.lane = lane;
        this.priorities = priorities;
        rings = core.rings();
        counts = core.counts();
        positions = core.positions();
        blocking = core.admission().blocking();
        histograms = core.telemetry().handed();
        ageing = core.newAgeing(heads);
        wheel = core.newWheel(ageing);
        calls = new HandlerCalls(core, lane, exclusive, () -> core.watch().newStageGuard(role, this::onHung));
        watermarks = new LiveWatermarks(positions, priorities, core.recoveredSequence(), calls.failures());
        feeds = new FeedChanges(core, priorities, calls, watermarks);
        journaled = new HandlingPass(calls, feeds);
        synced = new HandlingPass(calls, feeds);
        feeds.passes(journaled, synced);
        this.redelivery = redelivery == null ? null : new RedeliveryStage(core, calls, watermarks, feeds, redelivery);
        for (int code = 0; code < Priority.COUNT; code++)
        {
            failedBefore[code] = new LongHashSet();
            if ((priorities & (1 << code)) != 0 && core.isSpilling(code))
            {
                spilled[code] = new SpilledEvents(code, core.context()::newTail, core.newRouter(false));
            }
        }
        feeds.spilled(spilled);
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (Subscriptions.isCatchingUp(subscription) && subscription.batches().follow(lane))
            {
                watermarks.follow(subscription);
            }
        }
    }

    @Override
    public int doWork()
    {
        if (hung != null)
        {
            takeOver();
        }
        if (!core.isRedelivered())
        {
            // A new event must not move a watermark past one that is still to be redelivered, on whichever thread.
            return redelivery == null ? 0 : redelivery.doWork();
        }
        if (!hasStarted)
        {
            hasStarted = true;
            watermarks.holdAway(core.subscriptions().current().all());
        }
        if (calls.failures() != null)
        {
            calls.failures().flush();
        }
        final int attention = core.attention();
        if (attention != seenAttention && feeds.answerGates())
        {
            seenAttention = attention;
        }
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if ((priorities & (1 << code)) != 0)
            {
                histograms[code].onDutyCycle();
            }
        }
        final int count = handleSome();
        if (count == 0 || ++cycles == CYCLES_PER_ADVANCE)
        {
            cycles = 0;
            advanceIdlePriorities();
        }
        watermarks.settle();
        return count;
    }

    @Override
    public void onClose()
    {
        if (redelivery != null)
        {
            redelivery.close();
        }
        if (core.isRedelivered())
        {
            advanceIdlePriorities();
            watermarks.settle();
        }
        for (final SpilledEvents events : spilled)
        {
            if (events != null)
            {
                events.close();
            }
        }
    }

    @Override
    public String roleName()
    {
        return role.threadName();
    }

    // Watch: the thread is in a handler that does not return, and touches nothing of the stage any more.
    private void onHung(final Subscription subscription, final HungHandlerException report)
    {
        hung = new HungCall(subscription, report, calls.takeOver());
    }

    // The next thread, first of all: what the handler did not return from is not done, and it gets no more for now.
    private void takeOver()
    {
        final HungCall call = hung;
        hung = null;
        calls.start();
        if (redelivery != null && !core.isRedelivered())
        {
            redelivery.takeOver(call);
        }
        takeOver(journaled, call);
        takeOver(synced, call);
        call.event().unwrap();
    }

    private void takeOver(final HandlingPass pass, final HungCall call)
    {
        final int code = pass.takeOver();
        if (code >= 0)
        {
            final EventFlyweight event = calls.event();
            final long sequence = calls.failed(call, isSpilled(code) ?
                event.wrap(spilled[code].event().buffer(), spilled[code].event().offset()) :
                rings[code].wrap(pass.next(code), event));
            if (call.subscription().position() != null)
            {
                feeds.onHolding(call.subscription(), code, sequence);
                // Whoever promotes it meanwhile must not leave it without either feed.
                call.subscription().wantAway();
            }
        }
    }

    private int handleSome()
    {
        spill();
        int ready = ready();
        if (ready == 0)
        {
            return 0;
        }
        calls.start();
        int count = 0;
        int blocked = 0;
        while (ready != 0 && count < MOST_PER_CYCLE)
        {
            ageing.now(calls.nowNs());
            final int code = wheel.next(ready);
            if (handle(code))
            {
                count++;
            }
            else
            {
                blocked |= 1 << code;
            }
            spill();
            // What is to be spilled next must pass the earlier stages first, which may be on this thread.
            if (core.isCriticalWaiting() || blocking != null && blocking.isSpilling())
            {
                break;
            }
            ready = ready() & ~blocked;
        }
        return count;
    }

    private int ready()
    {
        int ready = 0;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (isSpilled(code))
            {
                ready |= loadSpilled(code) ? 1 << code : 0;
            }
            else if ((priorities & (1 << code)) != 0)
            {
                if (isSyncedReady(code))
                {
                    heads[code] = synced.next(code);
                    ready |= 1 << code;
                }
                else if (isJournaledReady(code))
                {
                    heads[code] = journaled.next(code);
                    ready |= 1 << code;
                }
            }
        }
        return ready;
    }

    private boolean isJournaledReady(final int code)
    {
        return journaled.next(code) <= rings[code].routed().get();
    }

    private boolean isSyncedReady(final int code)
    {
        if (synced.next(code) == journaled.next(code))
        {
            return false;
        }
        if (gates[code] == UNKNOWN)
        {
            final long position = synced.next(code);
            gates[code] = isHeld(code, position) ? rings[code].wrap(position, completed).sequence() : OPEN;
        }
        return gates[code] <= core.syncedSequence();
    }

    private boolean isHeld(final int code, final long position)
    {
        final Route route = (Route)rings[code].route(position);
        return route != null && route.isForSynced();
    }

    /**
     * @return false if a handler of the event is being called by another thread; the rest of the event is left for
     *         later.
     */
    private boolean handle(final int code)
    {
        if (isSpilled(code))
        {
            return handleSpilled(spilled[code], code);
        }
        if (isSyncedReady(code) && (isSyncedTurn[code] || !isJournaledReady(code)))
        {
            isSyncedTurn[code] = false;
            return handleSynced(code);
        }
        isSyncedTurn[code] = true;
        return handleJournaled(code);
    }

    private boolean handleJournaled(final int code)
    {
        final PriorityRing ring = rings[code];
        final long position = journaled.next(code);
        final Route route = (Route)ring.route(position);
        if (route != null)
        {
            final Subscription[] subscriptions = route.journaled();
            if (!journaled.isStarted(code) && (subscriptions.length > 0 || !route.isForSynced()))
            {
                onHanded(calls.nowNs() - ring.publishTimeNs(position), code);
            }
            if (!journaled.call(ring, null, subscriptions, code))
            {
                return false;
            }
            if (route.isForSynced())
            {
                leaveForSynced(route, position, code);
                journaled.advance(code);
                return true;
            }
            onHandled(route, code, journaled.hasFailed(code), journaled.elapsedNs(code));
        }
        journaled.advance(code);
        if (synced.next(code) == position)
        {
            complete(ring, position, code);
        }
        return true;
    }

    private void leaveForSynced(final Route route, final long position, final int code)
    {
        route.type().time(lane, journaled.elapsedNs(code));
        if (journaled.hasFailed(code))
        {
            failedBefore[code].add(position);
        }
    }

    private boolean handleSynced(final int code)
    {
        final PriorityRing ring = rings[code];
        if (gates[code] != OPEN)
        {
            final long position = synced.next(code);
            final Route route = (Route)ring.route(position);
            if (!synced.isStarted(code) && route.journaled().length == 0)
            {
                onHanded(calls.nowNs() - ring.publishTimeNs(position), code);
            }
            if (!synced.call(ring, null, route.synced(), code))
            {
                return false;
            }
            final boolean hasFailedBefore = failedBefore[code].remove(position);
            onHandled(route, code, hasFailedBefore || synced.hasFailed(code), synced.elapsedNs(code));
            complete(ring, position, code);
        }
        // What was handled already and only waited behind.
        for (int i = 0; i < MOST_PER_CYCLE && synced.next(code) < journaled.next(code); i++)
        {
            final long position = synced.next(code);
            if (isHeld(code, position))
            {
                break;
            }
            complete(ring, position, code);
        }
        return true;
    }

    private void onHanded(final long latencyNs, final int code)
    {
        histograms[code].record(latencyNs);
        if (latencyNs > core.budgetNs(code))
        {
            counts.onOverBudget(code);
        }
    }

    private void onHandled(final Route route, final int code, final boolean failed, final long elapsedNs)
    {
        route.type().record(lane, failed, elapsedNs);
        if (failed)
        {
            counts.onFailed(code);
        }
        else
        {
            counts.onHandled(code);
        }
    }

    private void complete(final PriorityRing ring, final long position, final int code)
    {
        if (ring.length(position) > 0)
        {
            watermarks.passed(code, ring.wrap(position, completed).sequence());
        }
        release(ring, position, code);
    }

    private boolean isSpilled(final int code)
    {
        return spilled[code] != null && spilled[code].isActive();
    }

    // Whoever publishes waits for room, and finds it as soon as what is in the ring is journaled.
    private void spill()
    {
        for (int code = 0; blocking != null && code < Priority.COUNT; code++)
        {
            // An event that has begun goes on from the ring.
            if (spilled[code] != null && blocking.isSpilling(code) &&
                (isSpilled(code) || !journaled.isStarted(code) && synced.next(code) == journaled.next(code)))
            {
                spill(rings[code], spilled[code], code);
            }
        }
    }

    private void spill(final PriorityRing ring, final SpilledEvents events, final int code)
    {
        final long end = ring.routed().get();
        int count = 0;
        for (long position = journaled.next(code); position <= end; position++)
        {
            if (ring.length(position) > 0 && ring.route(position) != null)
            {
                events.add(ring.wrap(position, completed).sequence());
                count++;
            }
            journaled.advance(code);
            release(ring, position, code);
        }
        blocking.onSpilled(code, count);
        if (!events.isActive())
        {
            blocking.onSpillEnded(code, journaled.next(code));
        }
    }

    private boolean loadSpilled(final int code)
    {
        final SpilledEvents events = spilled[code];
        try
        {
            if (!events.load())
            {
                return false;
            }
            if (events.route().isForSynced() && events.event().sequence() > core.syncedSequence())
            {
                // Nobody may have asked for it: who wants it on the device may have come after it was first routed.
                core.requestSync(events.event().sequence());
                return false;
            }
        }
        catch (final RuntimeException ex)
        {
            core.fail(ex);
            return false;
        }
        ageing.spilled(code, events.event().journalTime());
        return true;
    }

    private boolean handleSpilled(final SpilledEvents events, final int code)
    {
        final Route route = events.route();
        if (!events.start())
        {
            onHanded(calls.nowNs() - events.event().journalTime(), code);
        }
        if (!events.isJournaledDone())
        {
            if (!journaled.call(rings[code], events, route.journaled(), code))
            {
                return false;
            }
            events.journaledDone(journaled.hasFailed(code));
        }
        if (!synced.call(rings[code], events, route.synced(), code))
        {
            return false;
        }
        onHandled(route, code, events.hasFailed() || synced.hasFailed(code), journaled.elapsedNs(code));
        watermarks.passed(code, events.event().sequence());
        events.next();
        if (!events.isActive())
        {
            ageing.spilled(code, 0L);
            blocking.onSpillEnded(code, journaled.next(code));
        }
        return true;
    }

    private void release(final PriorityRing ring, final long position, final int code)
    {
        core.shares().onCompleted(ring.publisherId(position), code);
        final boolean isFreed = ring.release(position);
        gates[code] = UNKNOWN;
        synced.advance(code);
        ring.handled().set(position);
        if (blocking != null)
        {
            blocking.onRoom(code);
            if (isFreed)
            {
                blocking.onBytesFreed();
            }
        }
    }

    // The sequence is read before the positions: what is journaled up to it has been in a ring by the time they are
    // looked at.
    private void advanceIdlePriorities()
    {
        final long journaledSequence = core.journaledSequence();
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if ((priorities & (1 << code)) != 0 && !isSpilled(code) &&
                synced.next(code) > rings[code].sequenced().get() &&
                positions.watermark(code) < journaledSequence)
            {
                watermarks.passed(code, journaledSequence);
            }
        }
    }
}
