package io.sluice.archive;

import java.util.Arrays;

/** Whole numbers that grow; cleared and used again. Not thread-safe. */
final class IntColumn
{
    private int[] numbers = new int[64];
    private int count;

    void clear()
    {
        count = 0;
    }

    int count()
    {
        return count;
    }

    int get(final int index)
    {
        return numbers[index];
    }

    void add(final int number)
    {
        if (count == numbers.length)
        {
            numbers = Arrays.copyOf(numbers, count * 2);
        }
        numbers[count++] = number;
    }

    /** Make it hold one number this many times. */
    void fill(final int number, final int length)
    {
        if (numbers.length < length)
        {
            numbers = new int[Math.max(length, numbers.length * 2)];
        }
        Arrays.fill(numbers, 0, length, number);
        count = length;
    }

    void set(final int index, final int number)
    {
        numbers[index] = number;
    }
}
