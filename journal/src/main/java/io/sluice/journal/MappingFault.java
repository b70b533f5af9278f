package io.sluice.journal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Detects faults in mappings: the file was cut under the reader, or the device failed. In compiled code such a load
 * does not fail. It leaves any value, even the outcome of a comparison is any, and the thread goes on with that. The
 * JVM throws an {@link InternalError} later: up to JDK 17 much later, anywhere, and if that is while a mapping is
 * released, it ends the process. So pages are tried before they are read, by a copy of which one can tell that it was
 * not made.
 *
 * <p>Not thread-safe. A try takes some nanoseconds and allocates nothing. What is cut between a try and the read after
 * it is still found by the checksums, and the error that waits is fetched before a mapping is released.
 */
public final class MappingFault
{
    private static final int PAGE = 4096;
    private static final long CANARY = 0x5A17_C3E9_90B4_6D2FL;

    private int triedFrom;
    private int triedTo;
    private final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));

    /** Nothing is tried yet. */
    public MappingFault()
    {
    }

    /**
     * @param buffer mapped.
     * @param from   first byte that is to be read.
     * @param to     behind the last one, in the buffer.
     * @return false if one of the pages can't be read; what the JVM would have thrown for that is gone.
     */
    public boolean isReadable(final DirectBuffer buffer, final int from, final int to)
    {
        int at = from;
        while (at < to)
        {
            if (!isReadable(buffer, at))
            {
                discard();
                forget();
                return false;
            }
            at = (at & -PAGE) + PAGE;
        }
        triedFrom = from & -PAGE;
        triedTo = at;
        return true;
    }

    /**
     * @param from first byte.
     * @param to   behind the last one.
     * @return true if the last try was of the pages of this range, and succeeded.
     */
    public boolean isTried(final int from, final int to)
    {
        return from >= triedFrom && to <= triedTo;
    }

    /** Time has passed, or the buffer is another one: pages that were tried are to be tried again. */
    public void forget()
    {
        triedFrom = 0;
        triedTo = 0;
    }

    /**
     * Have the JVM throw now what it has in store for this thread. Takes microseconds and allocates.
     *
     * @throws InternalError if there was a fault.
     */
    static void surface()
    {
        // Of all calls only those of native code that asks for exceptions are sure to be told. This one closes nothing.
        try (FileInputStream none = new FileInputStream(new FileDescriptor()))
        {
            none.getFD();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Release a mapping in which there may have been a fault.
     *
     * @param mapped not to be used any more.
     */
    public static void unmap(final MappedByteBuffer mapped)
    {
        discard();
        IoUtil.unmap(mapped);
    }

    private boolean isReadable(final DirectBuffer buffer, final int index)
    {
        final int start = Math.min(index, buffer.capacity() - Long.BYTES);
        if (start < 0)
        {
            return true;
        }
        try
        {
            return isCopied(buffer, start, CANARY) || isCopied(buffer, start, ~CANARY);
        }
        catch (final InternalError ex)
        {
            return false;
        }
    }

    private boolean isCopied(final DirectBuffer buffer, final int index, final long canary)
    {
        copy.putLong(0, canary);
        buffer.getBytes(index, copy, 0, Long.BYTES);
        return copy.getLong(0) != canary;
    }

    private static void discard()
    {
        try
        {
            surface();
        }
        catch (final InternalError ex)
        {
            // Whoever is asked to read says so.
            return;
        }
    }
}
