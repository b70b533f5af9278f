package io.sluice.archive;

import java.util.Arrays;

/** Numbers that grow; cleared and used again. Not thread-safe. */
final class LongColumn
{
    private long[] numbers = new long[64];
    private int count;

    void clear()
    {
        count = 0;
    }

    int count()
    {
        return count;
    }

    long get(final int index)
    {
        return numbers[index];
    }

    void set(final int index, final long number)
    {
        numbers[index] = number;
    }

    /** @return the numbers; valid until the next one is added. */
    long[] numbers()
    {
        return numbers;
    }

    void add(final long number)
    {
        if (count == numbers.length)
        {
            numbers = Arrays.copyOf(numbers, count * 2);
        }
        numbers[count++] = number;
    }

    /** Read a column of this many numbers. */
    void read(final int length, final NumberReader reader, final SegmentReader in)
    {
        if (numbers.length < length)
        {
            numbers = new long[length];
        }
        count = length;
        reader.read(numbers, length, in);
    }

    void write(final Part part, final NumberWriter writer, final SegmentWriter out)
    {
        writer.write(numbers, count, part, out);
    }
}
