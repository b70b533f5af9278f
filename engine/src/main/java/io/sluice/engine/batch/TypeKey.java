package io.sluice.engine.batch;

import io.sluice.event.EventField;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The bytes of an event type, to compare others with. Allocates nothing after construction. Not thread-safe. */
final class TypeKey
{
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[EventField.TYPE.maxLength()]);
    private int length;

    void set(final DirectBuffer buffer, final int offset, final int typeLength)
    {
        bytes.putBytes(0, buffer, offset, typeLength);
        length = typeLength;
    }

    boolean matches(final DirectBuffer buffer, final int offset, final int typeLength)
    {
        if (typeLength != length)
        {
            return false;
        }
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES)
        {
            if (buffer.getLong(offset + i) != bytes.getLong(i))
            {
                return false;
            }
        }
        for (; i < length; i++)
        {
            if (buffer.getByte(offset + i) != bytes.getByte(i))
            {
                return false;
            }
        }
        return true;
    }
}
