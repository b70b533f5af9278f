package io.sluice.handlers.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A buffer before a channel that knows how many bytes went through it; closing flushes. Not thread-safe. */
final class ChannelOutput extends OutputStream
{
    private static final int BUFFER_LENGTH = 256 * 1024;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private long position;

    ChannelOutput(final WritableByteChannel channel, final long position)
    {
        this.channel = channel;
        this.position = position;
    }

    /** @return bytes before the next one. */
    long position()
    {
        return position;
    }

    @Override
    public void write(final int b) throws IOException
    {
        if (!buffer.hasRemaining())
        {
            flush();
        }
        buffer.put((byte)b);
        position++;
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        int from = offset;
        int rest = length;
        while (rest > 0)
        {
            if (!buffer.hasRemaining())
            {
                flush();
            }
            final int count = Math.min(rest, buffer.remaining());
            buffer.put(bytes, from, count);
            from += count;
            rest -= count;
        }
        position += length;
    }

    @Override
    public void flush() throws IOException
    {
        buffer.flip();
        try
        {
            while (buffer.hasRemaining())
            {
                channel.write(buffer);
            }
        }
        finally
        {
            buffer.compact();
        }
    }

    @Override
    public void close() throws IOException
    {
        flush();
    }
}
