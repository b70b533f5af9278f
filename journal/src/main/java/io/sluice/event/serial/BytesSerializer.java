package io.sluice.event.serial;

import io.sluice.event.ContentType;
import io.sluice.event.PayloadSerializer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Bytes as they are, whatever they mean. */
final class BytesSerializer implements PayloadSerializer<byte[]>
{
    @Override
    public Class<byte[]> type()
    {
        return byte[].class;
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
    public int encode(final byte[] value, final MutableDirectBuffer target)
    {
        target.putBytes(0, value);
        return value.length;
    }

    @Override
    public byte[] decode(
        final DirectBuffer source, final int offset, final int length, final Class<? extends byte[]> wanted)
    {
        final byte[] bytes = new byte[length];
        source.getBytes(offset, bytes);
        return bytes;
    }
}
