package io.sluice.engine.ring;

import io.sluice.journal.LargePages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Direct memory that starts at a cache line, so that what is laid out in lines lies in lines. */
public final class AlignedMemory
{
    private static final int CACHE_LINE = 64;

    private AlignedMemory()
    {
    }

    /**
     * Allocate zeroed direct memory.
     *
     * @param length in bytes.
     * @return buffer of that length, its first byte at a multiple of 64.
     */
    public static UnsafeBuffer allocate(final int length)
    {
        final ByteBuffer memory = ByteBuffer.allocateDirect(Math.addExact(length, CACHE_LINE));
        final int offset = memory.alignmentOffset(0, CACHE_LINE);
        return new UnsafeBuffer(
            memory.slice(offset == 0 ? 0 : CACHE_LINE - offset, length).order(ByteOrder.nativeOrder()));
    }

    /**
     * Allocate zeroed direct memory that is looked up at random: in large pages, as far as it fills such and the
     * system has them.
     *
     * @param length in bytes.
     * @return buffer of that length, its first byte at a multiple of 64.
     */
    public static UnsafeBuffer allocateTable(final int length)
    {
        final UnsafeBuffer table = allocate(length);
        LargePages.clear(table);
        return table;
    }
}
