package io.sluice.event.serial;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/** As the generator of SBE would make it: message 2 of schema 9, one field of 64 bits. */
public final class CounterDecoder implements MessageDecoderFlyweight
{
    private DirectBuffer buffer;
    private int offset;
    private int limit;

    @Override
    public CounterDecoder wrap(
        final DirectBuffer newBuffer, final int newOffset, final int blockLength, final int version)
    {
        buffer = newBuffer;
        offset = newOffset;
        limit = newOffset + blockLength;
        return this;
    }

    long value()
    {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int sbeDecodedLength()
    {
        return sbeBlockLength();
    }

    @Override
    public StringBuilder appendTo(final StringBuilder builder)
    {
        return builder.append(value());
    }

    @Override
    public int sbeBlockLength()
    {
        return Long.BYTES;
    }

    @Override
    public int sbeTemplateId()
    {
        return 2;
    }

    @Override
    public String sbeSemanticType()
    {
        return "";
    }

    @Override
    public int limit()
    {
        return limit;
    }

    @Override
    public void limit(final int newLimit)
    {
        limit = newLimit;
    }

    @Override
    public DirectBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int offset()
    {
        return offset;
    }

    @Override
    public int encodedLength()
    {
        return limit - offset;
    }

    @Override
    public int sbeSchemaId()
    {
        return 9;
    }

    @Override
    public int sbeSchemaVersion()
    {
        return 1;
    }
}
