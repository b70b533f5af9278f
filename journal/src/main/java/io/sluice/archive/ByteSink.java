package io.sluice.archive;

import java.util.Arrays;

/** Bytes that grow; cleared and used again. Not thread-safe. */
final class ByteSink
{
    private byte[] array;
    private int length;

    ByteSink(final int initialCapacity)
    {
        array = new byte[initialCapacity];
    }

    /** @return the bytes; valid until the next one is added. */
    byte[] array()
    {
        return array;
    }

    int length()
    {
        return length;
    }

    void clear()
    {
        length = 0;
    }

    void length(final int value)
    {
        ensureRoom(value - length);
        length = value;
    }

    /** Make room for bytes that the caller will write behind the end. */
    void ensureRoom(final int more)
    {
        final int needed = Math.addExact(length, more);
        if (needed > array.length)
        {
            array = Arrays.copyOf(array, Math.max(needed, (int)Math.min(array.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }

    ByteSink put(final int value)
    {
        if (length == array.length)
        {
            ensureRoom(1);
        }
        array[length++] = (byte)value;
        return this;
    }

    ByteSink put(final byte[] source, final int offset, final int count)
    {
        ensureRoom(count);
        System.arraycopy(source, offset, array, length, count);
        length += count;
        return this;
    }

    /** Seven bits a byte, the lowest first; 1 to 10 bytes. */
    ByteSink varint(final long value)
    {
        long rest = value;
        while ((rest & ~0x7FL) != 0)
        {
            put((int)(rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return put((int)rest);
    }

    /** As {@link #varint}, with small negative values short too. */
    ByteSink zigzag(final long value)
    {
        return varint((value << 1) ^ (value >> 63));
    }

    ByteSink fixed64(final long value)
    {
        for (int shift = 0; shift < 64; shift += 8)
        {
            put((int)(value >>> shift));
        }
        return this;
    }
}
