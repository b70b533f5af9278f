package io.sluice.journal;

import net.openhft.chronicle.core.time.TimeProvider;

/**
 * The time that Chronicle sees: it stands still at the start of a cycle until we step it. So files roll when we say so,
 * and a clock that is set back can't send appends into an older file.
 */
final class CycleClock implements TimeProvider
{
    private volatile int cycle;

    CycleClock(final int cycle)
    {
        this.cycle = cycle;
    }

    int cycle()
    {
        return cycle;
    }

    void stepTo(final int newCycle)
    {
        cycle = newCycle;
    }

    @Override
    public long currentTimeMillis()
    {
        return CycleFiles.startOf(cycle);
    }
}
