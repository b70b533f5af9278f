package io.sluice.engine.rule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The counts of one rule on one thread. One writer, any number of readers; never blocks, allocates nothing. */
final class RuleTally
{
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    // Nobody else's counts in the cache lines of these.
    private static final int PADDING = 128 / Long.BYTES;

    private final long[] counts = new long[PADDING + RuleCounter.COUNT + PADDING];

    void add(final RuleCounter counter)
    {
        final int index = PADDING + counter.ordinal();
        LONGS.setOpaque(counts, index, counts[index] + 1);
    }

    /** Add one to each counter of a set. */
    void addAll(final int bits)
    {
        for (int left = bits; left != 0; left &= left - 1)
        {
            final int index = PADDING + Integer.numberOfTrailingZeros(left);
            LONGS.setOpaque(counts, index, counts[index] + 1);
        }
    }

    long get(final RuleCounter counter)
    {
        return (long)LONGS.getOpaque(counts, PADDING + counter.ordinal());
    }
}
