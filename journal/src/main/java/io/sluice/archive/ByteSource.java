package io.sluice.archive;

/** Reads what a {@link ByteSink} took; never past its limit. Not thread-safe. */
final class ByteSource
{
    private byte[] array;
    private int position;
    private int limit;

    ByteSource wrap(final byte[] bytes, final int offset, final int length)
    {
        array = bytes;
        position = offset;
        limit = offset + length;
        return this;
    }

    byte[] array()
    {
        return array;
    }

    int position()
    {
        return position;
    }

    int remaining()
    {
        return limit - position;
    }

    int get()
    {
        if (position >= limit)
        {
            throw new MalformedException("it ends too early");
        }
        return array[position++] & 0xFF;
    }

    /** @return where the bytes that are passed over begin. */
    int skip(final int count)
    {
        if (count < 0 || count > limit - position)
        {
            throw new MalformedException(count + " bytes are due, " + (limit - position) + " are left");
        }
        position += count;
        return position - count;
    }

    long varint()
    {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            final int next = get();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new MalformedException("a number has more than 10 bytes");
    }

    long zigzag()
    {
        final long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** @return a number of 0 to a limit. */
    int count(final int most)
    {
        final long value = varint();
        if (value < 0 || value > most)
        {
            throw new MalformedException("a count of " + Long.toUnsignedString(value) + " is above " + most);
        }
        return (int)value;
    }

    long fixed64()
    {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 8)
        {
            value |= (long)get() << shift;
        }
        return value;
    }
}
