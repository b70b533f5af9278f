package io.sluice.archive;

import io.sluice.event.EventHash;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The different values of a block, numbered from 0 in the order of their coming. Not thread-safe; cleared and used
 * again.
 */
final class ValueTable
{
    private static final int INITIAL_VALUES = 1 << 10;

    private final ByteSink bytes = new ByteSink(1 << 16);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int[] ends = new int[INITIAL_VALUES];
    private int[] slots = new int[INITIAL_VALUES * 2];
    private long[] hashes = new long[INITIAL_VALUES];
    private int count;

    void clear()
    {
        bytes.clear();
        count = 0;
        Arrays.fill(slots, -1);
    }

    int count()
    {
        return count;
    }

    /** @return all values, back to back; valid until the next one is added. */
    byte[] bytes()
    {
        return bytes.array();
    }

    int totalLength()
    {
        return bytes.length();
    }

    int offset(final int value)
    {
        return value == 0 ? 0 : ends[value - 1];
    }

    int length(final int value)
    {
        return ends[value] - offset(value);
    }

    /** @return number of a value, which is added if it is new. */
    int intern(final byte[] source, final int offset, final int length)
    {
        buffer.wrap(source, offset, length);
        final long hash = EventHash.hash64(buffer, 0, length);
        int at = (int)hash & (slots.length - 1);
        while (slots[at] >= 0)
        {
            final int value = slots[at];
            if (hashes[value] == hash && isEqual(value, source, offset, length))
            {
                return value;
            }
            at = (at + 1) & (slots.length - 1);
        }
        if (count == hashes.length)
        {
            hashes = Arrays.copyOf(hashes, count * 2);
        }
        hashes[count] = hash;
        slots[at] = count;
        bytes.put(source, offset, length);
        close();
        if (count * 2 > slots.length)
        {
            rehash();
        }
        return count - 1;
    }

    /** Where to write the bytes of the next value, for one who knows that it is new; {@link #close} ends it. */
    ByteSink open()
    {
        return bytes;
    }

    /** End the value whose bytes were added; it can't be found by {@link #intern}. */
    void close()
    {
        if (count == ends.length)
        {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = bytes.length();
    }

    private boolean isEqual(final int value, final byte[] source, final int offset, final int length)
    {
        final int from = offset(value);
        return Arrays.equals(bytes.array(), from, from + length(value), source, offset, offset + length);
    }

    private void rehash()
    {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, -1);
        for (int value = 0; value < count; value++)
        {
            int at = (int)hashes[value] & (slots.length - 1);
            while (slots[at] >= 0)
            {
                at = (at + 1) & (slots.length - 1);
            }
            slots[at] = value;
        }
    }
}
