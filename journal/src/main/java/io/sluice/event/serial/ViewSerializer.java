package io.sluice.event.serial;

import io.sluice.event.ContentType;
import io.sluice.event.PayloadSerializer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes as a view of the event itself, valid as long as the event is. Allocates the view and copies nothing. */
final class ViewSerializer implements PayloadSerializer<DirectBuffer>
{
    @Override
    public Class<DirectBuffer> type()
    {
        return DirectBuffer.class;
    }

    @Override
    public String mediaType()
    {
        return ContentType.BINARY.mediaType();
    }

    @Override
    public boolean reads(final String mediaType)
    {
        return true;
    }

    @Override
    public int encode(final DirectBuffer value, final MutableDirectBuffer target)
    {
        target.putBytes(0, value, 0, value.capacity());
        return value.capacity();
    }

    @Override
    public DirectBuffer decode(
        final DirectBuffer source, final int offset, final int length, final Class<? extends DirectBuffer> wanted)
    {
        return new UnsafeBuffer(source, offset, length);
    }
}
