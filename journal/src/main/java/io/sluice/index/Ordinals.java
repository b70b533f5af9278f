package io.sluice.index;

import java.util.Arrays;

/** Places of events in a segment, as a list that grows. Not thread-safe. */
public final class Ordinals
{
    private int[] values = new int[64];
    private int size;

    /** An empty list. */
    public Ordinals()
    {
    }

    /** @return number of ordinals. */
    public int size()
    {
        return size;
    }

    /**
     * @param index of an ordinal.
     * @return the ordinal.
     */
    public int get(final int index)
    {
        return values[index];
    }

    /**
     * @param ordinal to put at the end.
     */
    public void add(final int ordinal)
    {
        if (size == values.length)
        {
            values = Arrays.copyOf(values, size << 1);
        }
        values[size++] = ordinal;
    }

    /** Forget all. */
    public void clear()
    {
        size = 0;
    }

    /** Put them in ascending order, each once. */
    public void sort()
    {
        Arrays.sort(values, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++)
        {
            if (i == 0 || values[i] != values[i - 1])
            {
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    /**
     * Keep those that are in another list too; both are in ascending order.
     *
     * @param other list.
     */
    public void retain(final Ordinals other)
    {
        int kept = 0;
        int at = 0;
        for (int i = 0; i < size; i++)
        {
            while (at < other.size && other.values[at] < values[i])
            {
                at++;
            }
            if (at < other.size && other.values[at] == values[i])
            {
                values[kept++] = values[i];
            }
        }
        size = kept;
    }
}
