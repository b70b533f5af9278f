package io.sluice.index;

import org.agrona.concurrent.UnsafeBuffer;

/** Puts columns into buffers. */
final class ColumnWriter
{
    private ColumnWriter()
    {
    }

    static void putCodes(final UnsafeBuffer target, final int at, final char[] codes, final int from, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            target.putChar(at + i * Short.BYTES, codes[from + i]);
        }
    }

    static void putInts(final UnsafeBuffer target, final int at, final int[] values, final int from, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            target.putInt(at + i * Integer.BYTES, values[from + i]);
        }
    }

    static void putLongs(final UnsafeBuffer target, final int at, final long[] values)
    {
        for (int i = 0; i < values.length; i++)
        {
            target.putLong(at + i * Long.BYTES, values[i]);
        }
    }
}
