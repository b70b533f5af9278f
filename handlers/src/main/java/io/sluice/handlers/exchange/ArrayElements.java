package io.sluice.handlers.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The elements of a JSON array, one after another, without an idea of what is in them: they end where their brackets
 * are closed. So what is wrong within one does not harm the next one, as long as its brackets and quotes are in order.
 * A single value that is no array counts as its only element.
 *
 * <p>Not thread-safe. Memory stays below twice the limit.
 */
final class ArrayElements
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int END_OF_STREAM = -1;

    private final ReadableByteChannel channel;
    private final int maxLength;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH).flip();
    private byte[] element = new byte[4096];
    private int length;
    private long fullLength;
    private long number;
    private String error = "";
    private boolean isArray;
    private boolean isStarted;
    private boolean isEnded;

    ArrayElements(final ReadableByteChannel channel, final int maxLength)
    {
        this.channel = channel;
        this.maxLength = maxLength;
    }

    /** Go to the next element; false behind the last one. */
    boolean next() throws IOException
    {
        error = "";
        length = 0;
        fullLength = 0;
        if (isEnded)
        {
            return false;
        }
        int first = skipWhiteSpace();
        if (!isStarted)
        {
            isStarted = true;
            if (first == 0xEF)
            {
                first = skipByteOrderMark();
            }
            isArray = first == '[';
            if (isArray)
            {
                first = skipWhiteSpace();
            }
        }
        if (first == END_OF_STREAM)
        {
            return endOfStream();
        }
        if (first == ']' && isArray)
        {
            return endOfArray();
        }
        return readElement(first);
    }

    byte[] bytes()
    {
        return element;
    }

    int length()
    {
        return length;
    }

    /** @return number of the element, from 1. */
    long number()
    {
        return number;
    }

    /** @return what is wrong with the array here; empty if nothing. */
    String error()
    {
        return error;
    }

    private boolean endOfStream()
    {
        isEnded = true;
        if (!isArray)
        {
            return false;
        }
        number++;
        error = "the array is not closed: the file was cut, get the rest of it";
        return true;
    }

    private boolean endOfArray() throws IOException
    {
        isEnded = true;
        final int after = skipWhiteSpace();
        if (after == END_OF_STREAM)
        {
            return false;
        }
        number++;
        append((byte)after);
        for (int b = read(); b != END_OF_STREAM && length < maxLength; b = read())
        {
            append((byte)b);
        }
        error = "there is more behind the end of the array: write one array";
        return true;
    }

    private boolean readElement(final int first) throws IOException
    {
        number++;
        int depth = 0;
        boolean isInString = false;
        for (int b = first; ; b = read())
        {
            if (b == END_OF_STREAM)
            {
                isEnded = true;
                if (isArray)
                {
                    error = "the file ends within this element: it was cut, get the rest of it";
                }
                break;
            }
            if (isInString)
            {
                if (b == '\\')
                {
                    append((byte)b);
                    b = read();
                    if (b == END_OF_STREAM)
                    {
                        continue;
                    }
                }
                else
                {
                    isInString = b != '"';
                }
            }
            else if (depth == 0 && isArray && (b == ',' || b == ']'))
            {
                // A bracket is left for the next call, which looks at what stands behind it.
                buffer.position(b == ']' ? buffer.position() - 1 : buffer.position());
                break;
            }
            else
            {
                isInString = b == '"';
                depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
                depth = Math.max(depth, 0);
            }
            append((byte)b);
        }
        finish();
        return true;
    }

    private void finish()
    {
        if (fullLength > maxLength)
        {
            error = "the element has " + fullLength + " bytes, too many for an event";
            length = 0;
        }
        else if (length == 0 && error.isEmpty())
        {
            error = "there is nothing between two commas: write an event, or one comma";
        }
    }

    private void append(final byte b)
    {
        fullLength++;
        if (fullLength > maxLength)
        {
            return;
        }
        if (length == element.length)
        {
            element = Arrays.copyOf(element, element.length * 2);
        }
        element[length++] = b;
    }

    private int skipWhiteSpace() throws IOException
    {
        int b = read();
        while (b == ' ' || b == '\n' || b == '\r' || b == '\t')
        {
            b = read();
        }
        return b;
    }

    private int skipByteOrderMark() throws IOException
    {
        final int second = read();
        final int third = second == 0xBB ? read() : second;
        return third == 0xBF ? skipWhiteSpace() : third;
    }

    private int read() throws IOException
    {
        if (!buffer.hasRemaining())
        {
            buffer.clear();
            int count = 0;
            while (count == 0)
            {
                count = channel.read(buffer);
            }
            buffer.flip();
            if (count < 0)
            {
                buffer.limit(0);
                return END_OF_STREAM;
            }
        }
        return buffer.get() & 0xFF;
    }
}
