package io.sluice.archive;

import java.util.Arrays;

/**
 * Guesses how many bits a column of numbers will take, without compressing it: the lesser of what the numbers take by
 * their size and what they take if few of them repeat. Not thread-safe; allocates nothing.
 */
final class NumberEstimate
{
    private static final int CLASSES = 65;
    private static final int MAX_DISTINCT = 1024;
    private static final int TABLE_LENGTH = 4 * MAX_DISTINCT;
    private static final int BITS_PER_DISTINCT = 24;
    private static final double LN_2 = Math.log(2);

    private final int[] classes = new int[CLASSES];
    private final long[] keys = new long[TABLE_LENGTH];
    private final int[] counts = new int[TABLE_LENGTH];

    /** @return about how many bits numbers without a sign take. */
    double bits(final long[] numbers, final int count)
    {
        Arrays.fill(classes, 0);
        Arrays.fill(counts, 0);
        int distinct = 0;
        long lowBits = 0;
        for (int i = 0; i < count; i++)
        {
            final long number = numbers[i];
            final int size = 64 - Long.numberOfLeadingZeros(number);
            classes[size]++;
            lowBits += Math.max(0, size - 1);
            if (distinct <= MAX_DISTINCT)
            {
                final int at = slot(number);
                distinct += counts[at]++ == 0 ? 1 : 0;
                keys[at] = number;
            }
        }
        final double bySize = entropy(classes, count) + lowBits;
        return distinct > MAX_DISTINCT ?
            bySize : Math.min(bySize, entropy(counts, count) + (double)distinct * BITS_PER_DISTINCT);
    }

    private int slot(final long number)
    {
        int at = (int)((number * 0x9E3779B97F4A7C15L) >>> 52);
        while (counts[at] != 0 && keys[at] != number)
        {
            at = (at + 1) & (TABLE_LENGTH - 1);
        }
        return at;
    }

    private static double entropy(final int[] counts, final int total)
    {
        double bits = 0;
        for (final int count : counts)
        {
            if (count > 0)
            {
                bits -= count * Math.log((double)count / total) / LN_2;
            }
        }
        return bits;
    }
}
