package io.sluice.engine.failure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Threads that stop between two instructions of an append, and bits that flip. */
public final class Holes
{
    private static final VarHandle ACTIVE;

    static
    {
        try
        {
            ACTIVE = MethodHandles.privateLookupIn(RetryLog.class, MethodHandles.lookup())
                .findVarHandle(RetryLog.class, "active", RetrySegment.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** An append of which only the end is missing. */
    public record Begun(RetrySegment segment, int at, int length, RetryEntry entry, byte[] text)
    {
        public boolean end()
        {
            return segment.commit(at, length, entry, text, false, 0);
        }
    }

    private Holes()
    {
    }

    public static Begun begin(final RetryLog log, final RetryEntry entry)
    {
        final byte[] text = RetryEntryCodec.textOf(entry);
        final int length = RetryEntryCodec.length(entry.kind(), text.length);
        final RetrySegment segment = active(log);
        return new Begun(segment, segment.claim(length), length, entry, text);
    }

    /**
     * Leave a hole.
     *
     * @param isMarked false for a thread that died right behind the addition, with nothing written.
     */
    static void leave(final RetryLog log, final int units, final boolean isMarked)
    {
        final RetrySegment segment = active(log);
        final int at = segment.claim(units * RetryEntryCodec.UNIT);
        if (at < 0)
        {
            return;
        }
        if (isMarked)
        {
            for (int unit = 1; unit < units; unit++)
            {
                segment.buffer().putLong(at + unit * RetryEntryCodec.UNIT, 0x1234_5678_9ABC_DEF0L);
            }
        }
        else
        {
            segment.buffer().putLongVolatile(at, 0);
        }
    }

    /** Flip a bit in the segment that is appended to. */
    static void flip(final RetryLog log, final int at)
    {
        final RetrySegment segment = active(log);
        segment.buffer().putByte(at, (byte)(segment.buffer().getByte(at) ^ 1));
    }

    private static RetrySegment active(final RetryLog log)
    {
        return (RetrySegment)ACTIVE.getVolatile(log);
    }
}
