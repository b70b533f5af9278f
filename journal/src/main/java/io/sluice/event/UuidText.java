package io.sluice.event;

import org.agrona.DirectBuffer;

/**
 * The text of a UUID: 36 bytes in lower case with four dashes. Only this form is stored as 128 bits, because only this
 * form reads back as the same text. Allocates nothing.
 */
final class UuidText
{
    static final int LENGTH = 36;

    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private UuidText()
    {
    }

    static boolean isCanonical(final DirectBuffer buffer, final int index, final int length)
    {
        if (length != LENGTH)
        {
            return false;
        }
        for (int i = 0; i < LENGTH; i++)
        {
            final byte b = buffer.getByte(index + i);
            if (isDash(i) ? b != '-' : digit(b) < 0)
            {
                return false;
            }
        }
        return true;
    }

    /** @return most significant bits of a text that {@link #isCanonical}. */
    static long high(final DirectBuffer buffer, final int index)
    {
        return bits(buffer, index, 0, 18);
    }

    /** @return least significant bits of a text that {@link #isCanonical}. */
    static long low(final DirectBuffer buffer, final int index)
    {
        return bits(buffer, index, 19, LENGTH);
    }

    /** Write the 36 bytes of a UUID. */
    static void put(final long high, final long low, final byte[] target, final int index)
    {
        int nibble = 0;
        for (int i = 0; i < LENGTH; i++)
        {
            if (isDash(i))
            {
                target[index + i] = '-';
            }
            else
            {
                final long half = nibble < 16 ? high : low;
                target[index + i] = DIGITS[(int)(half >>> (60 - ((nibble & 15) << 2))) & 15];
                nibble++;
            }
        }
    }

    private static long bits(final DirectBuffer buffer, final int index, final int from, final int to)
    {
        long bits = 0;
        for (int i = from; i < to; i++)
        {
            if (!isDash(i))
            {
                bits = (bits << 4) | digit(buffer.getByte(index + i));
            }
        }
        return bits;
    }

    private static boolean isDash(final int i)
    {
        return i == 8 || i == 13 || i == 18 || i == 23;
    }

    private static int digit(final byte b)
    {
        if (b >= '0' && b <= '9')
        {
            return b - '0';
        }
        return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
    }
}
