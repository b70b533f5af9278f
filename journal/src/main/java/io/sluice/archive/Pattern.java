package io.sluice.archive;

/**
 * A pattern is a text with marks in the place of what varies. Its first byte says whether it has marks at all: a text
 * that holds a byte that could be a mark is left whole.
 *
 * <pre>
 *   00 text                                    whole
 *   01 text with   01            a whole number without leading zeros
 *                  02 digits     a number with this many digits, leading zeros among them
 *                  03 bytes      two lower case hexadecimal digits a byte
 *                  04            UUID of version 7 in lower case
 *                  05            any other UUID in lower case
 *                  06 decimals   time in UTC: 2024-01-20T10:30:00Z with 0, 3, 6 or 9 decimals
 * </pre>
 */
final class Pattern
{
    static final int WHOLE = 0;
    static final int SPLIT = 1;

    static final int NUMBER = 1;
    static final int DIGITS = 2;
    static final int HEX = 3;
    static final int TIMED_UUID = 4;
    static final int UUID = 5;
    static final int TIME = 6;
    /** Bytes up to this one are marks. */
    static final int LAST_MARK = 6;

    static final int UUID_LENGTH = 36;
    static final int MAX_NUMBER_DIGITS = 18;
    /** Longer texts are left whole. */
    static final int MAX_LENGTH = 256;

    private static final byte[] HEX_DIGITS = ArchiveFormat.utf8("0123456789abcdef");

    private Pattern()
    {
    }

    /** @return bytes that a mark, or a byte of text, takes in a pattern. */
    static int length(final byte mark)
    {
        return mark == DIGITS || mark == HEX || mark == TIME ? 2 : 1;
    }

    /** @return true before the byte of a UUID's text that is a dash. */
    static boolean isDash(final int index)
    {
        return index == 8 || index == 13 || index == 18 || index == 23;
    }

    /** @return value of a lower case hexadecimal digit, or -1. */
    static int hexValue(final byte digit)
    {
        if (digit >= '0' && digit <= '9')
        {
            return digit - '0';
        }
        return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
    }

    static byte hexDigit(final int value)
    {
        return HEX_DIGITS[value & 15];
    }
}
