package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A set of numbers of waiters, changed by any thread without locks or allocation.
 *
 * <p>The count is raised before a number is there and lowered after it is gone. So a thread that sets a watermark and
 * then finds the set empty has missed no thread that looks at the watermark after adding itself. All accesses are
 * volatile.
 */
final class WaiterSet
{
    static final int CAPACITY = 4096;

    private static final int WORD_BITS = 6;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle COUNT;

    static
    {
        try
        {
            COUNT = MethodHandles.lookup().findVarHandle(WaiterSet.class, "count", int.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final long[] words = new long[CAPACITY >>> WORD_BITS];
    private volatile int count;

    boolean isEmpty()
    {
        return count == 0;
    }

    /** Add a number that is not in the set. */
    void add(final int number)
    {
        COUNT.getAndAdd(this, 1);
        WORDS.getAndBitwiseOr(words, number >>> WORD_BITS, 1L << number);
    }

    /** Remove a number; of several threads one does it, and nothing happens if it is not in the set. */
    void remove(final int number)
    {
        final long bit = 1L << number;
        if (((long)WORDS.getAndBitwiseAnd(words, number >>> WORD_BITS, ~bit) & bit) != 0)
        {
            COUNT.getAndAdd(this, -1);
        }
    }

    /** Take the lowest number out of the set, or return -1 if it is empty. */
    int takeLowest()
    {
        for (int i = 0; i < words.length; i++)
        {
            long word = (long)WORDS.getVolatile(words, i);
            while (word != 0)
            {
                final long bit = Long.lowestOneBit(word);
                if (WORDS.compareAndSet(words, i, word, word & ~bit))
                {
                    COUNT.getAndAdd(this, -1);
                    return (i << WORD_BITS) + Long.numberOfTrailingZeros(bit);
                }
                word = (long)WORDS.getVolatile(words, i);
            }
        }
        return -1;
    }

    /** The least number in the set that is at least {@code from}, or -1. */
    int next(final int from)
    {
        int i = from >>> WORD_BITS;
        if (i >= words.length)
        {
            return -1;
        }
        long word = (long)WORDS.getVolatile(words, i) & (-1L << from);
        while (word == 0)
        {
            if (++i == words.length)
            {
                return -1;
            }
            word = (long)WORDS.getVolatile(words, i);
        }
        return (i << WORD_BITS) + Long.numberOfTrailingZeros(word);
    }
}
