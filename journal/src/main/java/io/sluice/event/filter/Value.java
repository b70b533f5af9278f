package io.sluice.event.filter;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A place for one value, used again for each event. With an error, the value is what CloudEvents SQL says it is then,
 * mostly the zero of its kind. Texts are views of bytes that somebody else keeps, in UTF-8. Not thread-safe.
 */
final class Value
{
    private static final MutableDirectBuffer NOTHING = new ExpandableArrayBuffer(0);

    ValueKind kind = ValueKind.BOOLEAN;
    FilterError error;
    /** Of BOOLEAN 0 or 1, of INTEGER the number, of TIME nanoseconds. */
    long number;
    double decimal;
    DirectBuffer buffer = NOTHING;
    int offset;
    int length;

    void setBoolean(final boolean value)
    {
        kind = ValueKind.BOOLEAN;
        error = null;
        number = value ? 1 : 0;
    }

    void setInteger(final long value)
    {
        kind = ValueKind.INTEGER;
        error = null;
        number = value;
    }

    void setDecimal(final double value)
    {
        kind = ValueKind.DECIMAL;
        error = null;
        decimal = value;
    }

    void setTime(final long epochNs)
    {
        kind = ValueKind.TIME;
        error = null;
        number = epochNs;
    }

    void setText(final DirectBuffer newBuffer, final int newOffset, final int newLength)
    {
        setBytes(ValueKind.TEXT, newBuffer, newOffset, newLength);
    }

    void setJson(final DirectBuffer newBuffer, final int newOffset, final int newLength)
    {
        setBytes(ValueKind.JSON, newBuffer, newOffset, newLength);
    }

    /** Take a text that was made for the purpose. */
    void setText(final String text, final MutableDirectBuffer scratch)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scratch.putBytes(0, bytes);
        setText(scratch, 0, bytes.length);
    }

    void set(final Value other)
    {
        kind = other.kind;
        error = other.error;
        number = other.number;
        decimal = other.decimal;
        buffer = other.buffer;
        offset = other.offset;
        length = other.length;
    }

    /** An error, with the zero of a kind. */
    void fail(final FilterError newError, final ValueKind newKind)
    {
        kind = newKind;
        error = newError;
        number = 0;
        decimal = 0;
        length = 0;
    }

    boolean isTrue()
    {
        return number != 0;
    }

    boolean isNumber()
    {
        return kind == ValueKind.INTEGER || kind == ValueKind.DECIMAL;
    }

    boolean hasBytes()
    {
        return kind == ValueKind.TEXT || kind == ValueKind.JSON;
    }

    /** @return the bytes as a string. Allocates. */
    String string()
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    boolean hasSameBytes(final Value other)
    {
        if (length != other.length)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(offset + i) != other.buffer.getByte(other.offset + i))
            {
                return false;
            }
        }
        return true;
    }

    private void setBytes(
        final ValueKind newKind, final DirectBuffer newBuffer, final int newOffset, final int newLength)
    {
        kind = newKind;
        error = null;
        buffer = newBuffer;
        offset = newOffset;
        length = newLength;
    }
}
