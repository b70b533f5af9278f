package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.RecordHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Third stage: calls the handlers, in the order of the wheel. Before anything else it hands out again what an earlier
 * run left unhandled.
 *
 * <p>A unit is one event with all its handlers. Between two units the stage looks whether a CRITICAL event waits at an
 * earlier stage on the same thread, and if so gives way: a CRITICAL event never waits for more than the unit in
 * progress.
 */
final class HandlingAgent implements Agent
{
    private static final int MOST_PER_CYCLE = 64;
    private static final int CYCLES_PER_ADVANCE = 1024;

    private final EngineCore core;
    private final EngineRole role;
    private final int lane;
    private final int priorities;
    private final PriorityRing[] rings;
    private final PriorityWheel wheel;
    private final HeadAgeing ageing;
    private final EpochNanoClock clock;
    private final PipelineCounts counts;
    private final PipelinePositions positions;
    private final StageHistogram[] histograms;
    private final RouteTable redeliveryRoutes;
    private final RecordHandler redeliver = this::redeliver;
    private final boolean exclusive;
    private final EventFlyweight event = new EventFlyweight();
    // Not the view that handlers saw: that one stays poisoned.
    private final EventFlyweight completed = new EventFlyweight();
    private final long[] next = new long[Priority.COUNT];
    private final int[] resumeAt = new int[Priority.COUNT];
    private final boolean[] started = new boolean[Priority.COUNT];
    private final boolean[] failed = new boolean[Priority.COUNT];
    private final long[] startedNs = new long[Priority.COUNT];
    private PublishScratch scratch;
    private Redelivery redelivery;
    private long nowNs;
    private int cycles;

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
        this.redelivery = redelivery;
        this.exclusive = exclusive;
        rings = core.rings();
        clock = core.clock();
        counts = core.counts();
        positions = core.positions();
        histograms = core.telemetry().handed();
        ageing = core.newAgeing(next);
        wheel = core.newWheel(ageing);
        redeliveryRoutes = core.newRouteTable();
    }

    @Override
    public int doWork()
    {
        if (!core.isRedelivered())
        {
            // A new event must not move a watermark past one that is still to be redelivered, on whichever thread.
            return redelivery == null ? 0 : redeliverSome();
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
        return count;
    }

    @Override
    public void onClose()
    {
        if (redelivery != null)
        {
            redelivery.close();
        }
    }

    @Override
    public String roleName()
    {
        return role.threadName();
    }

    private int handleSome()
    {
        int ready = ready();
        if (ready == 0)
        {
            return 0;
        }
        scratch = core.scratch();
        nowNs = clock.nanoTime();
        int count = 0;
        int blocked = 0;
        while (ready != 0 && count < MOST_PER_CYCLE)
        {
            ageing.now(nowNs);
            final int code = wheel.next(ready);
            if (handle(code))
            {
                count++;
            }
            else
            {
                blocked |= 1 << code;
            }
            if (core.isCriticalWaiting(next[0]))
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
            if ((priorities & (1 << code)) != 0 && next[code] <= rings[code].routed().get())
            {
                ready |= 1 << code;
            }
        }
        return ready;
    }

    /**
     * @return false if a handler of the event is being called by another thread; the rest of the event is left for
     *         later.
     */
    private boolean handle(final int code)
    {
        final PriorityRing ring = rings[code];
        final long position = next[code];
        final Route route = (Route)ring.route(position);
        if (route != null)
        {
            if (!started[code])
            {
                begin(ring, position, code);
            }
            final Subscription[] subscriptions = route.subscriptions();
            for (int i = resumeAt[code]; i < subscriptions.length; i++)
            {
                final Subscription subscription = subscriptions[i];
                if (subscription.isActive())
                {
                    if (exclusive && !subscription.tryEnter(lane))
                    {
                        resumeAt[code] = i;
                        return false;
                    }
                    ring.wrap(position, event);
                    failed[code] |= !call(subscription);
                }
            }
            end(route, code);
        }
        complete(ring, position, code);
        return true;
    }

    private void begin(final PriorityRing ring, final long position, final int code)
    {
        final long latencyNs = nowNs - ring.publishTimeNs(position);
        histograms[code].record(latencyNs);
        if (latencyNs > core.budgetNs(code))
        {
            counts.onOverBudget(code);
        }
        started[code] = true;
        failed[code] = false;
        resumeAt[code] = 0;
        startedNs[code] = nowNs;
    }

    private void end(final Route route, final int code)
    {
        started[code] = false;
        route.type().record(lane, failed[code], nowNs - startedNs[code]);
        if (failed[code])
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
            positions.watermark(code, ring.wrap(position, completed).sequence());
        }
        core.shares().onCompleted(ring.publisherId(position), code);
        ring.release(position);
        next[code] = position + 1;
        ring.handled().set(position);
    }

    /** Call one handler with {@link #event}; whatever it throws is counted and goes no further. */
    private boolean call(final Subscription subscription)
    {
        scratch.enterHandler(event);
        try
        {
            subscription.spec().handler().onEvent(event);
            nowNs = clock.nanoTime();
            subscription.onDelivered(nowNs);
            return true;
        }
        catch (final Throwable ex)
        {
            nowNs = clock.nanoTime();
            subscription.onError();
            core.onHandlerError(subscription, ex);
            return false;
        }
        finally
        {
            scratch.exitHandler();
            event.unwrap();
            if (exclusive)
            {
                subscription.exit();
            }
        }
    }

    // The sequence is read before the positions: what is journaled up to it has been in a ring by the time they are
    // looked at.
    private void advanceIdlePriorities()
    {
        final long journaled = core.journaledSequence();
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if ((priorities & (1 << code)) != 0 && next[code] > rings[code].sequenced().get() &&
                positions.watermark(code) < journaled)
            {
                positions.watermark(code, journaled);
            }
        }
    }

    private int redeliverSome()
    {
        int count = 0;
        try
        {
            if (!redelivery.isDone())
            {
                count = redelivery.poll(redeliver, MOST_PER_CYCLE);
            }
        }
        catch (final Throwable ex)
        {
            redelivery.close();
            redelivery = null;
            core.fail(ex);
            return 0;
        }
        if (redelivery.isDone())
        {
            redelivery = null;
            core.onRedelivered();
            count++;
        }
        return count;
    }

    private void redeliver(final EventFlyweight record)
    {
        final int code = record.priorityCode();
        final long sequence = record.sequence();
        if (record.verdict() != Verdict.ACCEPTED || sequence <= positions.watermark(code))
        {
            return;
        }
        scratch = core.scratch();
        nowNs = clock.nanoTime();
        final long startNs = nowNs;
        final Route route = redeliveryRoutes.find(record);
        boolean anyFailed = false;
        for (final Subscription subscription : route.subscriptions())
        {
            event.wrap(record.buffer(), record.offset()).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
            anyFailed |= !callAlone(subscription);
        }
        route.type().record(lane, anyFailed, nowNs - startNs);
        counts.onRedelivered(code);
        if (anyFailed)
        {
            counts.onFailed(code);
        }
        positions.watermark(code, sequence);
    }

    // While events are redelivered no other handling thread calls anybody, but call() leaves the subscription as
    // entered.
    private boolean callAlone(final Subscription subscription)
    {
        return (!exclusive || subscription.tryEnter(lane)) && call(subscription);
    }
}
