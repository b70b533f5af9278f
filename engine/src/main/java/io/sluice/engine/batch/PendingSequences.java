package io.sluice.engine.batch;

import io.sluice.event.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Per batch and priority the lowest sequence that is not completed. An event stays in one batch from the moment it is
 * accumulated until it is completed, so whoever reads them all sees a sequence at or below that of every event that is
 * pending meanwhile.
 *
 * <pre>
 *   slot 0: CRITICAL | HIGH | NORMAL | LOW     slot 1: …          {@link #NONE} where there is none
 * </pre>
 *
 * The feeder adds, whoever completes a batch clears; any thread reads. Allocates nothing after construction.
 */
final class PendingSequences
{
    static final long NONE = Long.MAX_VALUE;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;

    PendingSequences(final int slots)
    {
        cells = new long[slots * Priority.COUNT];
        Arrays.fill(cells, NONE);
    }

    void add(final int slot, final int priorityCode, final long sequence)
    {
        final int at = slot * Priority.COUNT + priorityCode;
        if (sequence < (long)CELLS.getOpaque(cells, at))
        {
            CELLS.setRelease(cells, at, sequence);
        }
    }

    void clear(final int slot)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            CELLS.setRelease(cells, slot * Priority.COUNT + code, NONE);
        }
    }

    boolean isPending(final int slot, final int priorityCode)
    {
        return (long)CELLS.getAcquire(cells, slot * Priority.COUNT + priorityCode) != NONE;
    }

    long lowest(final int priorityCode)
    {
        long lowest = NONE;
        for (int at = priorityCode; at < cells.length; at += Priority.COUNT)
        {
            lowest = Math.min(lowest, (long)CELLS.getAcquire(cells, at));
        }
        return lowest;
    }
}
