package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import org.agrona.concurrent.Agent;

/**
 * Second stage: finds the subscriptions of each event, in the order of the wheel, and has those events forced that a
 * subscription sees only then.
 */
final class RoutingAgent implements Agent
{
    private static final int MOST_PER_CYCLE = 64;

    private final EngineCore core;
    private final PriorityRing[] rings;
    private final PriorityWheel wheel;
    private final HeadAgeing ageing;
    private final RuleRouter routes;
    private final EventFlyweight event = new EventFlyweight();
    private final long[] next = new long[Priority.COUNT];
    private long syncWanted;
    private long highestRouted;
    private int knownGeneration = -1;

    RoutingAgent(final EngineCore core)
    {
        this.core = core;
        rings = core.rings();
        ageing = core.newAgeing(next);
        wheel = core.newWheel(ageing);
        routes = core.newRouter(true);
    }

    @Override
    public int doWork()
    {
        final int generation = routes.refresh();
        if (generation != knownGeneration)
        {
            knownGeneration = generation;
            core.routedGeneration(generation);
            for (final Subscription one : routes.current().all())
            {
                one.routedAfter(Math.max(highestRouted, core.journaledSequence()));
            }
        }
        int ready = ready();
        if (ready == 0)
        {
            return 0;
        }
        ageing.now(core.nowNs());
        int count = 0;
        while (ready != 0 && count < MOST_PER_CYCLE)
        {
            final PriorityRing ring = rings[wheel.next(ready)];
            final long position = next[ring.priority().code()]++;
            ring.route(position, find(ring, position));
            ring.routed().set(position);
            count++;
            ready = ready();
        }
        if (syncWanted > 0)
        {
            core.requestSync(syncWanted);
            syncWanted = 0L;
        }
        return count;
    }

    @Override
    public void onClose()
    {
        routes.close();
    }

    @Override
    public String roleName()
    {
        return EngineRole.ROUTING.threadName();
    }

    private int ready()
    {
        int ready = 0;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (next[code] <= rings[code].sequenced().get())
            {
                ready |= 1 << code;
            }
        }
        return ready;
    }

    private Route find(final PriorityRing ring, final long position)
    {
        if (ring.length(position) == 0)
        {
            return null;
        }
        ring.wrap(position, event);
        if (event.verdictCode() != Verdict.ACCEPTED.code())
        {
            return null;
        }
        final Route route = routes.find(event);
        highestRouted = Math.max(highestRouted, event.sequence());
        if (route.wantsSync())
        {
            syncWanted = Math.max(syncWanted, event.sequence());
        }
        return route;
    }
}
