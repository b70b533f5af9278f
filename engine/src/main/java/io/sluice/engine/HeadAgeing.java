package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.Priority;

/**
 * How much of its budget the event at the head of each ring has used, as one stage sees it. Not thread-safe: one per
 * stage.
 */
final class HeadAgeing implements PriorityWheel.Ageing
{
    private static final long WHOLE = 1024;

    private final PriorityRing[] rings;
    private final long[] heads;
    private final long[] budgetsNs;
    // Of events that are not in their ring any more; 0 for those that are.
    private final long[] spilledNs = new long[Priority.COUNT];
    private long nowNs;

    /**
     * @param rings     of the engine.
     * @param heads     positions of the heads, kept current by the stage.
     * @param budgetsNs per priority.
     */
    HeadAgeing(final PriorityRing[] rings, final long[] heads, final long[] budgetsNs)
    {
        this.rings = rings;
        this.heads = heads;
        this.budgetsNs = budgetsNs;
    }

    void now(final long epochNs)
    {
        nowNs = epochNs;
    }

    /** The head of a priority was spilled, and journaled at that time; 0 if it is in the ring. */
    void spilled(final int priorityCode, final long journaledNs)
    {
        spilledNs[priorityCode] = journaledNs;
    }

    @Override
    public int usedBudget(final int priorityCode)
    {
        final long spilled = spilledNs[priorityCode];
        final long ageNs = nowNs - (spilled == 0 ? rings[priorityCode].publishTimeNs(heads[priorityCode]) : spilled);
        final long budgetNs = budgetsNs[priorityCode];
        return (int)Math.min(Integer.MAX_VALUE, Math.max(0L, ageNs) / Math.max(1L, budgetNs / WHOLE));
    }
}
