package io.sluice.handlers.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Lines of a byte stream. They end with LF or CR LF; the last needs no end. A byte order mark at the start is passed
 * over. Of a line that is longer than the limit nothing is kept.
 *
 * <p>Not thread-safe. Its memory stays below twice the limit.
 */
public final class LineReader
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int FIRST_LINE_LENGTH = 4096;
    private static final byte[] BYTE_ORDER_MARK = {(byte)0xEF, (byte)0xBB, (byte)0xBF};

    private final ReadableByteChannel channel;
    private final int maxLength;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH).flip();
    private byte[] line = new byte[FIRST_LINE_LENGTH];
    private int length;
    private long number;
    private long dropped;
    private boolean hasReturn;
    private boolean hasFeed;

    /**
     * @param channel   to read from; not closed.
     * @param maxLength bytes of the longest line.
     */
    public LineReader(final ReadableByteChannel channel, final int maxLength)
    {
        this.channel = channel;
        this.maxLength = maxLength;
    }

    /**
     * Go to the next line.
     *
     * @return false at the end.
     * @throws IOException from the channel.
     */
    public boolean next() throws IOException
    {
        length = 0;
        dropped = 0;
        hasReturn = false;
        hasFeed = false;
        boolean isStarted = false;
        while (true)
        {
            if (!buffer.hasRemaining() && !fill())
            {
                if (isStarted)
                {
                    finish();
                }
                return isStarted;
            }
            isStarted = true;
            final byte[] bytes = buffer.array();
            final int from = buffer.position();
            int to = from;
            while (to < buffer.limit() && bytes[to] != '\n')
            {
                to++;
            }
            append(bytes, from, to);
            if (to < buffer.limit())
            {
                buffer.position(to + 1);
                hasFeed = true;
                finish();
                return true;
            }
            buffer.position(to);
        }
    }

    /** @return holds the line from index 0; valid until the next one. */
    public byte[] bytes()
    {
        return line;
    }

    /** @return bytes of the line, without its end. */
    public int length()
    {
        return length;
    }

    /** @return number of the line, from 1. */
    public long number()
    {
        return number;
    }

    /** @return true if the line was longer than the limit: nothing of it is here. */
    public boolean isTooLong()
    {
        return dropped > 0;
    }

    /** @return bytes of the line in the stream. */
    public long fullLength()
    {
        return length + dropped;
    }

    /** @return what ends the line: LF, CR LF, CR at the end of the stream, or nothing there. */
    public String end()
    {
        return (hasReturn ? "\r" : "") + (hasFeed ? "\n" : "");
    }

    /** @return true if there is nothing but white space in it. */
    public boolean isBlank()
    {
        for (int i = 0; i < length; i++)
        {
            final byte b = line[i];
            if (b != ' ' && b != '\t' && b != '\r')
            {
                return false;
            }
        }
        return !isTooLong();
    }

    private boolean fill() throws IOException
    {
        buffer.clear();
        int read = 0;
        while (read == 0)
        {
            read = channel.read(buffer);
        }
        buffer.flip();
        return read > 0;
    }

    private void append(final byte[] bytes, final int from, final int to)
    {
        final int added = to - from;
        // One more than the limit, as the last byte may be the CR of the line's end.
        if (dropped > 0 || length + added > maxLength + 1)
        {
            dropped += length + added;
            length = 0;
            return;
        }
        if (length + added > line.length)
        {
            line = Arrays.copyOf(line, Math.max(length + added, line.length * 2));
        }
        System.arraycopy(bytes, from, line, length, added);
        length += added;
    }

    private void finish()
    {
        number++;
        if (length > 0 && line[length - 1] == '\r')
        {
            length--;
            hasReturn = true;
        }
        if (length > maxLength)
        {
            dropped = length;
            length = 0;
        }
        if (number == 1 && length >= BYTE_ORDER_MARK.length &&
            Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length))
        {
            length -= BYTE_ORDER_MARK.length;
            System.arraycopy(line, BYTE_ORDER_MARK.length, line, 0, length);
        }
    }
}
