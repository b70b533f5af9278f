package io.sluice.engine.rule;

import java.nio.charset.StandardCharsets;

/** One step of a {@link RulePath}: a member of an object, or an element of an array. Immutable. */
final class PathStep
{

    private final String name;
    private final int index;
    private final byte[] utf8;
    private final byte[] quoted;

    private PathStep(final String name, final int index)
    {
        this.name = name;
        this.index = index;
        utf8 = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
        quoted = name == null ? null : JsonQuote.of(name).getBytes(StandardCharsets.UTF_8);
    }

    static PathStep member(final String name)
    {
        return new PathStep(name, -1);
    }

    static PathStep element(final int index)
    {
        return new PathStep(null, index);
    }

    boolean isMember()
    {
        return name != null;
    }

    /** @return name of the member. */
    String name()
    {
        return name;
    }

    /** @return index of the element. */
    int index()
    {
        return index;
    }

    /** @return the name as it stands in JSON. */
    byte[] quoted()
    {
        return quoted;
    }

    /**
     * @param bytes of JSON, well-formed.
     * @param quote index of the quote before a name.
     * @param end   index behind the quote after it.
     * @return true if it is this one, however it is written.
     */
    boolean isName(final byte[] bytes, final int quote, final int end)
    {
        int at = quote + 1;
        int matched = 0;
        while (at < end - 1)
        {
            if (bytes[at] != '\\')
            {
                if (matched == utf8.length || utf8[matched] != bytes[at])
                {
                    return false;
                }
                matched++;
                at++;
                continue;
            }
            final boolean isCoded = bytes[at + 1] == 'u';
            int codePoint = isCoded ? JsonScan.hex(bytes, at + 2) : plain(bytes[at + 1]);
            at += isCoded ? 6 : 2;
            if (isCoded && Character.isHighSurrogate((char)codePoint) && isLowSurrogate(bytes, at, end))
            {
                codePoint = Character.toCodePoint((char)codePoint, (char)JsonScan.hex(bytes, at + 2));
                at += 6;
            }
            matched = matchCodePoint(codePoint, matched);
            if (matched < 0)
            {
                return false;
            }
        }
        return matched == utf8.length;
    }

    private static boolean isLowSurrogate(final byte[] bytes, final int at, final int end)
    {
        return at + 6 < end && bytes[at] == '\\' && bytes[at + 1] == 'u' &&
            Character.isLowSurrogate((char)JsonScan.hex(bytes, at + 2));
    }

    private static int plain(final byte escaped)
    {
        switch (escaped)
        {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            default:
                return escaped;
        }
    }

    private int matchCodePoint(final int codePoint, final int from)
    {
        if (codePoint < 0x80)
        {
            return matchByte(codePoint, from);
        }
        if (codePoint < 0x800)
        {
            return matchByte(0x80 | codePoint & 0x3F, matchByte(0xC0 | codePoint >> 6, from));
        }
        if (codePoint <= Character.MAX_VALUE)
        {
            final int first = matchByte(0xE0 | codePoint >> 12, from);
            return matchByte(0x80 | codePoint & 0x3F, matchByte(0x80 | codePoint >> 6 & 0x3F, first));
        }
        final int first = matchByte(0xF0 | codePoint >> 18, from);
        final int second = matchByte(0x80 | codePoint >> 12 & 0x3F, first);
        return matchByte(0x80 | codePoint & 0x3F, matchByte(0x80 | codePoint >> 6 & 0x3F, second));
    }

    private int matchByte(final int value, final int at)
    {
        return at >= 0 && at < utf8.length && utf8[at] == (byte)value ? at + 1 : -1;
    }
}
