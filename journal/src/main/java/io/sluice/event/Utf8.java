package io.sluice.event;

import org.agrona.DirectBuffer;

/** UTF-8 without allocation, and without the silent question marks of {@link String#getBytes()}. */
final class Utf8
{
    private static final int MIN_TWO_BYTES = 0x80;
    private static final int MIN_THREE_BYTES = 0x800;
    private static final int MIN_SUPPLEMENTARY = 0x10000;

    private Utf8()
    {
    }

    /**
     * Bytes that a text takes.
     *
     * @param text  to measure.
     * @param label name of the field, for the message.
     * @return number of bytes.
     * @throws EventValidationException if the text has half a surrogate pair, which UTF-8 can't hold.
     */
    static int length(final CharSequence text, final String label)
    {
        final int characters = text.length();
        int bytes = 0;
        for (int i = 0; i < characters; i++)
        {
            final char c = text.charAt(i);
            if (c < MIN_TWO_BYTES)
            {
                bytes++;
            }
            else if (c < MIN_THREE_BYTES)
            {
                bytes += 2;
            }
            else if (!Character.isSurrogate(c))
            {
                bytes += 3;
            }
            else if (Character.isHighSurrogate(c) && i + 1 < characters && Character.isLowSurrogate(text.charAt(i + 1)))
            {
                bytes += 4;
                i++;
            }
            else
            {
                throw new EventValidationException(
                    label, text.toString(), "character " + (i + 1) + " is half of a surrogate pair, remove it");
            }
        }
        return bytes;
    }

    /**
     * Encode a text that {@link #length} has measured.
     *
     * @param text   to encode.
     * @param target with room for it.
     * @param index  of the first byte.
     * @return index after the last byte.
     */
    static int put(final CharSequence text, final byte[] target, final int index)
    {
        final int characters = text.length();
        int at = index;
        for (int i = 0; i < characters; i++)
        {
            final char c = text.charAt(i);
            if (c < MIN_TWO_BYTES)
            {
                target[at++] = (byte)c;
            }
            else if (c < MIN_THREE_BYTES)
            {
                target[at++] = (byte)(0xC0 | (c >> 6));
                target[at++] = (byte)(0x80 | (c & 0x3F));
            }
            else if (!Character.isSurrogate(c))
            {
                target[at++] = (byte)(0xE0 | (c >> 12));
                target[at++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                target[at++] = (byte)(0x80 | (c & 0x3F));
            }
            else
            {
                final int codePoint = Character.toCodePoint(c, text.charAt(++i));
                target[at++] = (byte)(0xF0 | (codePoint >> 18));
                target[at++] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
                target[at++] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
                target[at++] = (byte)(0x80 | (codePoint & 0x3F));
            }
        }
        return at;
    }

    /**
     * Find bytes that are no UTF-8: overlong forms, surrogates and code points beyond U+10FFFF included.
     *
     * @param buffer holds the bytes.
     * @param index  of the first.
     * @param length in bytes.
     * @return index of the first bad sequence, or -1 if there is none.
     */
    static int findInvalid(final DirectBuffer buffer, final int index, final int length)
    {
        final int end = index + length;
        int at = index;
        while (at < end)
        {
            final int lead = buffer.getByte(at);
            if (lead >= 0)
            {
                at++;
                continue;
            }
            final int following = followingBytes(lead & 0xFF);
            if (following == 0 || at + following >= end)
            {
                return at;
            }
            int codePoint = lead & (0x3F >> following);
            for (int i = 1; i <= following; i++)
            {
                final int next = buffer.getByte(at + i);
                if ((next & 0xC0) != 0x80)
                {
                    return at;
                }
                codePoint = (codePoint << 6) | (next & 0x3F);
            }
            if (codePoint < minimum(following) || codePoint > Character.MAX_CODE_POINT ||
                (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE))
            {
                return at;
            }
            at += 1 + following;
        }
        return -1;
    }

    private static int followingBytes(final int lead)
    {
        if (lead >= 0xC0 && lead < 0xE0)
        {
            return 1;
        }
        if (lead >= 0xE0 && lead < 0xF0)
        {
            return 2;
        }
        return lead >= 0xF0 && lead < 0xF8 ? 3 : 0;
    }

    private static int minimum(final int following)
    {
        return following == 1 ? MIN_TWO_BYTES : following == 2 ? MIN_THREE_BYTES : MIN_SUPPLEMENTARY;
    }
}
