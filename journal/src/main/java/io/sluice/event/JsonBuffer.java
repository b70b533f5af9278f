package io.sluice.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Growing bytes of compact JSON. No white space is written between tokens, hence the last byte tells whether a comma is
 * due.
 *
 * <p>Not thread-safe; reused, and free of allocation once it has grown.
 */
final class JsonBuffer
{
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] BASE64 =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 20;
    private static final int LONGEST_ESCAPE = 6;

    private final UnsafeBuffer buffer;
    private byte[] bytes;
    private int length;

    JsonBuffer(final int initialCapacity)
    {
        bytes = new byte[initialCapacity];
        buffer = new UnsafeBuffer(bytes);
    }

    void clear()
    {
        length = 0;
    }

    int length()
    {
        return length;
    }

    void truncate(final int newLength)
    {
        length = newLength;
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    byte[] bytes()
    {
        return bytes;
    }

    byte byteAt(final int index)
    {
        return bytes[index];
    }

    /** Take bytes out, the rest closes up. */
    void remove(final int from, final int to)
    {
        System.arraycopy(bytes, to, bytes, from, length - to);
        length -= to - from;
    }

    JsonBuffer raw(final char ascii)
    {
        ensureRoom(1);
        bytes[length++] = (byte)ascii;
        return this;
    }

    JsonBuffer raw(final String ascii)
    {
        final int count = ascii.length();
        ensureRoom(count);
        for (int i = 0; i < count; i++)
        {
            bytes[length + i] = (byte)ascii.charAt(i);
        }
        length += count;
        return this;
    }

    JsonBuffer raw(final DirectBuffer source, final int index, final int count)
    {
        ensureRoom(count);
        source.getBytes(index, bytes, length, count);
        length += count;
        return this;
    }

    /** A comma, unless this is the first element of its object or array, or the value of a member. */
    JsonBuffer separator()
    {
        if (length > 0)
        {
            final byte last = bytes[length - 1];
            if (last != '{' && last != '[' && last != ':')
            {
                raw(',');
            }
        }
        return this;
    }

    /** A member's name that needs no escape, with the comma before it and the colon after it. */
    JsonBuffer name(final String ascii)
    {
        return separator().raw('"').raw(ascii).raw('"').raw(':');
    }

    JsonBuffer number(final long value)
    {
        ensureRoom(LONGEST_NUMBER);
        length += buffer.putLongAscii(length, value);
        return this;
    }

    /** A number with leading zeros. */
    JsonBuffer digits(final int value, final int count)
    {
        ensureRoom(count);
        buffer.putNaturalPaddedIntAscii(length, count, value);
        length += count;
        return this;
    }

    /**
     * A string.
     *
     * @param text  of it.
     * @param label name of the field, for the message.
     * @throws EventValidationException if the text has half a surrogate pair.
     */
    JsonBuffer string(final CharSequence text, final String label)
    {
        final int needed = Utf8.length(text, label);
        ensureRoom(needed + 2);
        final int start = length + 1;
        bytes[length] = '"';
        length = Utf8.put(text, bytes, start);
        if (mustEscape(buffer, start, needed))
        {
            final byte[] plain = Arrays.copyOfRange(bytes, start, length);
            length = start;
            escape(new UnsafeBuffer(plain), 0, needed);
        }
        return raw('"');
    }

    /** A string of UTF-8 bytes; bytes that are no UTF-8 become U+FFFD. */
    JsonBuffer string(final DirectBuffer source, final int index, final int count)
    {
        if (Utf8.findInvalid(source, index, count) >= 0)
        {
            final byte[] copy = new byte[count];
            source.getBytes(index, copy);
            return string(new String(copy, StandardCharsets.UTF_8), "text");
        }
        raw('"');
        if (mustEscape(source, index, count))
        {
            escape(source, index, count);
        }
        else
        {
            raw(source, index, count);
        }
        return raw('"');
    }

    /** A string of the base64 form (RFC 4648 section 4, padded) of bytes. */
    JsonBuffer base64(final DirectBuffer source, final int index, final int count)
    {
        final long needed = 2 + 4L * ((count + 2L) / 3);
        ensureRoom(needed);
        bytes[length++] = '"';
        int at = index;
        final int end = index + count;
        for (; at + 2 < end; at += 3)
        {
            final int bits = (source.getByte(at) & 0xFF) << 16 | (source.getByte(at + 1) & 0xFF) << 8 |
                source.getByte(at + 2) & 0xFF;
            bytes[length++] = BASE64[bits >>> 18];
            bytes[length++] = BASE64[bits >>> 12 & 63];
            bytes[length++] = BASE64[bits >>> 6 & 63];
            bytes[length++] = BASE64[bits & 63];
        }
        if (at < end)
        {
            final boolean two = at + 1 < end;
            final int bits = (source.getByte(at) & 0xFF) << 16 | (two ? (source.getByte(at + 1) & 0xFF) << 8 : 0);
            bytes[length++] = BASE64[bits >>> 18];
            bytes[length++] = BASE64[bits >>> 12 & 63];
            bytes[length++] = two ? BASE64[bits >>> 6 & 63] : (byte)'=';
            bytes[length++] = '=';
        }
        bytes[length++] = '"';
        return this;
    }

    /** A string of a UUID. */
    JsonBuffer uuid(final long high, final long low)
    {
        ensureRoom(UuidText.LENGTH + 2);
        bytes[length++] = '"';
        UuidText.put(high, low, bytes, length);
        length += UuidText.LENGTH;
        bytes[length++] = '"';
        return this;
    }

    @Override
    public String toString()
    {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean mustEscape(final DirectBuffer source, final int index, final int count)
    {
        for (int i = index, end = index + count; i < end; i++)
        {
            final byte b = source.getByte(i);
            if ((b >= 0 && b < 0x20) || b == '"' || b == '\\')
            {
                return true;
            }
        }
        return false;
    }

    private void escape(final DirectBuffer source, final int index, final int count)
    {
        for (int i = index, end = index + count; i < end; i++)
        {
            final byte b = source.getByte(i);
            ensureRoom(LONGEST_ESCAPE);
            if (b == '"' || b == '\\')
            {
                bytes[length++] = '\\';
                bytes[length++] = b;
            }
            else if (b < 0 || b >= 0x20)
            {
                bytes[length++] = b;
            }
            else
            {
                escapeControl(b);
            }
        }
    }

    private void escapeControl(final byte b)
    {
        bytes[length++] = '\\';
        switch (b)
        {
            case '\n':
                bytes[length++] = 'n';
                break;
            case '\r':
                bytes[length++] = 'r';
                break;
            case '\t':
                bytes[length++] = 't';
                break;
            case '\b':
                bytes[length++] = 'b';
                break;
            case '\f':
                bytes[length++] = 'f';
                break;
            default:
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 15];
                break;
        }
    }

    private void ensureRoom(final long count)
    {
        final long needed = length + count;
        if (needed > bytes.length)
        {
            if (needed > Integer.MAX_VALUE - 8)
            {
                throw new EventException(
                    "JSON of " + needed + " bytes is larger than an array can be; read the payload directly");
            }
            bytes = Arrays.copyOf(bytes, (int)Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
            buffer.wrap(bytes);
        }
    }
}
