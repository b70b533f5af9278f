package io.sluice.engine.rule;

import java.nio.charset.StandardCharsets;

/**
 * Finds where values end in the bytes of JSON (RFC 8259), and whether they are well-formed; bytes above 127 in a string
 * are not looked at. Stateless; allocates nothing.
 */
final class JsonScan
{
    /** What is not well-formed. */
    static final int MALFORMED = -1;
    /** Shallower than a stack overflows. */
    static final int MAX_DEPTH = 500;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final int HEX_DIGITS = 4;

    private JsonScan()
    {
    }

    /** @return true if the bytes are one value. */
    static boolean isValue(final byte[] bytes, final int end)
    {
        final int after = endOfValue(bytes, skipBlanks(bytes, 0, end), end, 0);
        return after != MALFORMED && skipBlanks(bytes, after, end) == end;
    }

    static boolean isNull(final byte[] bytes, final int at)
    {
        return bytes[at] == 'n';
    }

    /** @return index of the next byte that is no white space, or the end. */
    static int skipBlanks(final byte[] bytes, final int from, final int end)
    {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t'))
        {
            at++;
        }
        return at;
    }

    /**
     * @param at first byte of the value.
     * @return index behind it, or {@link #MALFORMED}.
     */
    static int endOfValue(final byte[] bytes, final int at, final int end, final int depth)
    {
        if (at >= end || depth > MAX_DEPTH)
        {
            return MALFORMED;
        }
        switch (bytes[at])
        {
            case '{':
                return endOfObject(bytes, at, end, depth);
            case '[':
                return endOfArray(bytes, at, end, depth);
            case '"':
                return endOfString(bytes, at, end);
            case 't':
                return endOfWord(TRUE, bytes, at, end);
            case 'f':
                return endOfWord(FALSE, bytes, at, end);
            case 'n':
                return endOfWord(NULL, bytes, at, end);
            default:
                return endOfNumber(bytes, at, end);
        }
    }

    /** @return index behind the closing quote, or {@link #MALFORMED}. */
    static int endOfString(final byte[] bytes, final int start, final int end)
    {
        int at = start + 1;
        while (at < end)
        {
            final byte b = bytes[at];
            if (b == '"')
            {
                return at + 1;
            }
            if (b >= 0 && b < ' ')
            {
                return MALFORMED;
            }
            at = b == '\\' ? endOfEscape(bytes, at, end) : at + 1;
            if (at == MALFORMED)
            {
                return MALFORMED;
            }
        }
        return MALFORMED;
    }

    /** @return index of the value of the member whose name ends there, or {@link #MALFORMED}. */
    static int valueOfMember(final byte[] bytes, final int endOfName, final int end)
    {
        final int colon = skipBlanks(bytes, endOfName, end);
        return colon < end && bytes[colon] == ':' ? skipBlanks(bytes, colon + 1, end) : MALFORMED;
    }

    private static int endOfObject(final byte[] bytes, final int start, final int end, final int depth)
    {
        int at = skipBlanks(bytes, start + 1, end);
        if (at < end && bytes[at] == '}')
        {
            return at + 1;
        }
        while (at < end && bytes[at] == '"')
        {
            at = endOfString(bytes, at, end);
            at = at == MALFORMED ? MALFORMED : valueOfMember(bytes, at, end);
            at = at == MALFORMED ? MALFORMED : endOfValue(bytes, at, end, depth + 1);
            at = at == MALFORMED ? end : skipBlanks(bytes, at, end);
            if (at < end && bytes[at] == '}')
            {
                return at + 1;
            }
            if (at >= end || bytes[at] != ',')
            {
                return MALFORMED;
            }
            at = skipBlanks(bytes, at + 1, end);
        }
        return MALFORMED;
    }

    private static int endOfArray(final byte[] bytes, final int start, final int end, final int depth)
    {
        int at = skipBlanks(bytes, start + 1, end);
        if (at < end && bytes[at] == ']')
        {
            return at + 1;
        }
        while (at < end)
        {
            at = endOfValue(bytes, at, end, depth + 1);
            at = at == MALFORMED ? end : skipBlanks(bytes, at, end);
            if (at < end && bytes[at] == ']')
            {
                return at + 1;
            }
            if (at >= end || bytes[at] != ',')
            {
                return MALFORMED;
            }
            at = skipBlanks(bytes, at + 1, end);
        }
        return MALFORMED;
    }

    private static int endOfEscape(final byte[] bytes, final int backslash, final int end)
    {
        if (backslash + 1 >= end)
        {
            return MALFORMED;
        }
        switch (bytes[backslash + 1])
        {
            case '"':
            case '\\':
            case '/':
            case 'b':
            case 'f':
            case 'n':
            case 'r':
            case 't':
                return backslash + 2;
            case 'u':
                final int after = backslash + 2 + HEX_DIGITS;
                return after <= end && hex(bytes, backslash + 2) >= 0 ? after : MALFORMED;
            default:
                return MALFORMED;
        }
    }

    /** @return the number of four hexadecimal digits, negative if they are none. */
    static int hex(final byte[] bytes, final int index)
    {
        int number = 0;
        for (int i = 0; i < HEX_DIGITS; i++)
        {
            final int digit = Character.digit(bytes[index + i], 16);
            if (digit < 0)
            {
                return MALFORMED;
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static int endOfWord(final byte[] word, final byte[] bytes, final int start, final int end)
    {
        if (word.length > end - start)
        {
            return MALFORMED;
        }
        for (int i = 0; i < word.length; i++)
        {
            if (bytes[start + i] != word[i])
            {
                return MALFORMED;
            }
        }
        return start + word.length;
    }

    private static int endOfNumber(final byte[] bytes, final int start, final int end)
    {
        int at = bytes[start] == '-' ? start + 1 : start;
        final int digits = at;
        at = skipDigits(bytes, at, end);
        if (at == digits || at > digits + 1 && bytes[digits] == '0')
        {
            return MALFORMED;
        }
        if (at < end && bytes[at] == '.')
        {
            final int fraction = at + 1;
            at = skipDigits(bytes, fraction, end);
            if (at == fraction)
            {
                return MALFORMED;
            }
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E'))
        {
            final boolean isSigned = at + 1 < end && (bytes[at + 1] == '+' || bytes[at + 1] == '-');
            final int exponent = at + (isSigned ? 2 : 1);
            at = skipDigits(bytes, exponent, end);
            if (at == exponent)
            {
                return MALFORMED;
            }
        }
        return at;
    }

    private static int skipDigits(final byte[] bytes, final int from, final int end)
    {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9')
        {
            at++;
        }
        return at;
    }
}
