package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts of one event type, kept apart for the two threads that may handle it.
 *
 * <pre>
 *   per lane (0 handling, 1 critical):  events, failures, total ns in handlers, longest ns
 * </pre>
 *
 * One writer per lane, any thread reads.
 */
final class TypeRecord
{
    static final int LANES = 2;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CELLS_PER_LANE = 4;
    private static final int PADDED_LANE = 16;

    private final String type;
    private final long[] cells = new long[LANES * PADDED_LANE];

    TypeRecord(final String type)
    {
        this.type = type;
    }

    void record(final int lane, final boolean failed, final long elapsedNs)
    {
        final int at = lane * PADDED_LANE;
        CELLS.setOpaque(cells, at, cells[at] + 1);
        if (failed)
        {
            CELLS.setOpaque(cells, at + 1, cells[at + 1] + 1);
        }
        time(lane, elapsedNs);
    }

    /** Add time in handlers that come before the last ones of an event. */
    void time(final int lane, final long elapsedNs)
    {
        final int at = lane * PADDED_LANE;
        CELLS.setOpaque(cells, at + 2, cells[at + 2] + elapsedNs);
        if (elapsedNs > cells[at + 3])
        {
            CELLS.setOpaque(cells, at + 3, elapsedNs);
        }
    }

    TypeStats snapshot()
    {
        final long[] sums = new long[CELLS_PER_LANE];
        for (int lane = 0; lane < LANES; lane++)
        {
            for (int i = 0; i < CELLS_PER_LANE; i++)
            {
                final long value = (long)CELLS.getOpaque(cells, lane * PADDED_LANE + i);
                sums[i] = i == CELLS_PER_LANE - 1 ? Math.max(sums[i], value) : sums[i] + value;
            }
        }
        return new TypeStats(type, sums[0], sums[1], sums[2], sums[3]);
    }
}
