package io.sluice.engine;

import io.sluice.event.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts of the stages per priority. Each cell has one writing thread, any thread reads; an increment is a plain store.
 */
final class PipelineCounts
{
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    // Cells of the sequencing thread and of the two handling threads lie in cache lines of their own.
    private static final int DUPLICATES = 0;
    private static final int SEQUENCED = Priority.COUNT;
    private static final int VOIDS = 2 * Priority.COUNT;
    private static final int HANDLED = 64;
    private static final int FAILED = HANDLED + 1;
    private static final int OVER_BUDGET = HANDLED + 2;
    private static final int REDELIVERED = HANDLED + 3;
    private static final int STRIDE = 32;

    private final long[] cells = new long[HANDLED + Priority.COUNT * STRIDE];

    void onDuplicate(final int code)
    {
        increment(DUPLICATES + code);
    }

    void onSequenced(final int code)
    {
        increment(SEQUENCED + code);
    }

    void onVoid(final int code)
    {
        increment(VOIDS + code);
    }

    void onHandled(final int code)
    {
        increment(HANDLED + code * STRIDE);
    }

    void onFailed(final int code)
    {
        increment(FAILED + code * STRIDE);
    }

    void onOverBudget(final int code)
    {
        increment(OVER_BUDGET + code * STRIDE);
    }

    void onRedelivered(final int code)
    {
        increment(REDELIVERED + code * STRIDE);
    }

    long duplicates(final int code)
    {
        return (long)CELLS.getOpaque(cells, DUPLICATES + code);
    }

    long sequenced(final int code)
    {
        return (long)CELLS.getOpaque(cells, SEQUENCED + code);
    }

    long voids(final int code)
    {
        return (long)CELLS.getOpaque(cells, VOIDS + code);
    }

    long handled(final int code)
    {
        return (long)CELLS.getOpaque(cells, HANDLED + code * STRIDE);
    }

    long failed(final int code)
    {
        return (long)CELLS.getOpaque(cells, FAILED + code * STRIDE);
    }

    long overBudget(final int code)
    {
        return (long)CELLS.getOpaque(cells, OVER_BUDGET + code * STRIDE);
    }

    long redelivered(final int code)
    {
        return (long)CELLS.getOpaque(cells, REDELIVERED + code * STRIDE);
    }

    private void increment(final int index)
    {
        CELLS.setOpaque(cells, index, cells[index] + 1);
    }
}
