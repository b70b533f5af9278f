package io.sluice.perf.table;

import io.sluice.engine.ThreadingMode;
import java.util.List;

/**
 * What to measure, and how long.
 *
 * @param durabilities   of the engine.
 * @param threadingModes of the engine.
 * @param loads          percent of what the engine can do.
 * @param payloadLength  bytes of the events.
 * @param warmUpNs       of each cell, not recorded.
 * @param durationNs     of each cell, recorded.
 * @param roundNs        of each round in which the compilers warm up and the capacity is found.
 */
record TableSetting(
    List<TableDurability> durabilities,
    List<ThreadingMode> threadingModes,
    List<Integer> loads,
    int payloadLength,
    long warmUpNs,
    long durationNs,
    long roundNs)
{
    private static final double NS_PER_MINUTE = 60e9;
    // To launch, close and read back.
    private static final double ASIDE_NS = 1.5e9;
    private static final double READ_BACK = 1.5;
    private static final double CELLS_FOR_CAPACITY = 2;
    private static final double WARM_UP = 0.25;
    private static final long LEAST_NS = 200_000_000L;
    private static final long LONGEST_ROUND_NS = 1_500_000_000L;

    /**
     * Divide a time among all cells.
     *
     * @param minutes that all of it may take, about.
     * @return the setting.
     */
    static TableSetting within(
        final double minutes,
        final List<TableDurability> durabilities,
        final List<ThreadingMode> threadingModes,
        final List<Integer> loads,
        final int payloadLength)
    {
        final int groups = durabilities.size() * threadingModes.size();
        final double cellNs = minutes * NS_PER_MINUTE / (groups * (loads.size() + CELLS_FOR_CAPACITY));
        final long playNs = Math.max(LEAST_NS, (long)((cellNs - ASIDE_NS) / READ_BACK));
        final long warmUpNs = (long)(playNs * WARM_UP);
        return new TableSetting(durabilities, threadingModes, loads, payloadLength,
            warmUpNs, playNs - warmUpNs, Math.min(LONGEST_ROUND_NS, playNs / 2));
    }
}
