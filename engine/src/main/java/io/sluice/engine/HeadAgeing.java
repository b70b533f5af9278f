package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;

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

    @Override
    public int usedBudget(final int priorityCode)
    {
        final long ageNs = nowNs - rings[priorityCode].publishTimeNs(heads[priorityCode]);
        final long budgetNs = budgetsNs[priorityCode];
        return (int)Math.min(Integer.MAX_VALUE, Math.max(0L, ageNs) / Math.max(1L, budgetNs / WHOLE));
    }
}
