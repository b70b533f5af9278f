package io.sluice.archive;

import java.util.Arrays;

/** Numbers the different ones among the values of a block, in the order of their coming. Not thread-safe. */
final class DistinctIndex
{
    private final IntColumn values = new IntColumn();
    private int[] indices = new int[0];
    private int[] stamps = new int[0];
    private int stamp;

    /**
     * Forget all.
     *
     * @param valueCount number of values that may come.
     */
    void clear(final int valueCount)
    {
        values.clear();
        if (stamps.length < valueCount)
        {
            stamps = new int[Math.max(valueCount, stamps.length * 2)];
            indices = new int[stamps.length];
            stamp = 0;
        }
        if (++stamp == 0)
        {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
    }

    int count()
    {
        return values.count();
    }

    /** @return the value with an index. */
    int value(final int index)
    {
        return values.get(index);
    }

    /** @return index of a value, or -1. */
    int find(final int value)
    {
        return stamps[value] == stamp ? indices[value] : -1;
    }

    /** @return index of a value, which is added if it is new. */
    int add(final int value)
    {
        if (stamps[value] != stamp)
        {
            stamps[value] = stamp;
            indices[value] = values.count();
            values.add(value);
        }
        return indices[value];
    }
}
