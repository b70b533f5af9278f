package io.sluice.archive;

/** UUIDs between their 128 bits and their text of 36 bytes. */
final class UuidForm
{
    private UuidForm()
    {
    }

    static void put(final long high, final long low, final byte[] target, final int offset)
    {
        int shift = 60;
        long half = high;
        for (int i = 0; i < Pattern.UUID_LENGTH; i++)
        {
            if (Pattern.isDash(i))
            {
                target[offset + i] = '-';
                continue;
            }
            target[offset + i] = Pattern.hexDigit((int)(half >>> shift));
            shift -= 4;
            if (shift < 0)
            {
                shift = 60;
                half = low;
            }
        }
    }

    static long high(final byte[] text, final int offset)
    {
        return bits(text, offset, 0, 18);
    }

    static long low(final byte[] text, final int offset)
    {
        return bits(text, offset, 18, Pattern.UUID_LENGTH);
    }

    private static long bits(final byte[] text, final int offset, final int from, final int to)
    {
        long bits = 0;
        for (int i = from; i < to; i++)
        {
            if (!Pattern.isDash(i))
            {
                final int value = Pattern.hexValue(text[offset + i]);
                if (value < 0)
                {
                    throw new MalformedException("an id is no UUID");
                }
                bits = bits << 4 | value;
            }
        }
        return bits;
    }
}
