package io.sluice.engine;

import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.admission.MemoryUser;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an engine holds from its start on, by its settings. What grows later asks the {@link MemoryBudget}.
 *
 * <p>The buffers of publishing threads (4 KiB each, more where they publish larger events) are the host's and do not
 * count here, nor do mapped files.
 */
final class MemoryPlan
{
    private final List<MemoryUser> users = new ArrayList<>();
    private final EngineContext context;

    MemoryPlan(final EngineContext context)
    {
        this.context = context;
        for (final Priority priority : Priority.values())
        {
            users.add(MemoryUser.fixed(
                "ring " + priority.label(), PriorityRing.memory(context.limit(priority), context.slotLength())));
        }
        if (context.dedup().enabled())
        {
            users.add(MemoryUser.fixed("dedup", context.dedup().limits().memory()));
        }
        if (context.durability() != Durability.NONE)
        {
            users.add(MemoryUser.fixed(
                "journal", Math.max(context.maxEventLength(), context.journal().batchLength())));
        }
        users.add(MemoryUser.fixed("latencies", LatencyTotals.memory()));
    }

    /** Is there room for all that is held from the start on, and for one event of the greatest length? */
    void check()
    {
        final long limit = context.admission().memoryLimit();
        final long arena = context.arenaLength() == 0 ? 0 : EventArena.chunkLength();
        final long needed = users.stream().mapToLong(MemoryUser::used).sum() + arena;
        EngineContextCheck.require(
            needed <= limit,
            "memoryLimit=" + limit + " is not enough: " + needed + " bytes are needed, " +
            users.stream().map((user) -> user.name() + " " + user.used()).collect(Collectors.joining(", ")) +
            ", events that fit into no slot " + arena +
            "; raise it, or lower limit(priority), slotLength or the capacities of dedup");
    }

    MemoryBudget newBudget()
    {
        final long limit = context.admission().memoryLimit();
        final MemoryBudget budget =
            new MemoryBudget(limit, (long)(limit * context.admission().memoryCleanUpFrom()));
        users.forEach(budget::addFixed);
        return budget;
    }

    /** The arena as a user. */
    static MemoryUser of(final EventArena arena)
    {
        return new MemoryUser()
        {
            @Override
            public String name()
            {
                return "events that fit into no slot";
            }

            @Override
            public long used()
            {
                return arena.allocatedLength();
            }

            @Override
            public long trim()
            {
                return arena.trim();
            }
        };
    }
}
