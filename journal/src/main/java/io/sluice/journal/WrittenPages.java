package io.sluice.journal;

import net.openhft.posix.PosixAPI;
import net.openhft.posix.PosixRuntimeException;

/**
 * Takes pages that are full out of the appender's page table. A force, or the kernel when it writes pages back, makes
 * each page read-only in every mapping before it writes it, one by one, and interrupts the other processors for each. A
 * page that is in no page table costs it nothing; it stays in memory, and dirty.
 *
 * <p>Confined to the appender's thread, whose mapping can't go away meanwhile: given to another use, these addresses
 * would lose what is there. Whatever is stored there later, to an index, brings its page back.
 */
final class WrittenPages
{
    private static final int MADV_DONTNEED = 4;
    private static final long STEP_LENGTH = 1L << 18;

    private final PosixAPI posix;
    private final long mappedLength;
    private long releasedEnd;
    private boolean isUsable = true;

    /**
     * @param posix        system calls.
     * @param mappedLength of a file: what lies beyond is left alone.
     */
    WrittenPages(final PosixAPI posix, final long mappedLength)
    {
        this.posix = posix;
        this.mappedLength = mappedLength;
    }

    /**
     * The appender has come to a position. Takes some microseconds once in 256 KiB.
     *
     * @param writer which knows it.
     * @param isNew  true if the present file is another one than the last time.
     */
    void onAppended(final ExcerptWriter writer, final boolean isNew)
    {
        final long position = writer.position();
        if (isNew)
        {
            releasedEnd = position & -BlockReserve.PAGE_SIZE;
        }
        if (position - releasedEnd >= STEP_LENGTH && position <= mappedLength)
        {
            final long end = position & -BlockReserve.PAGE_SIZE;
            release(writer.fileAddress(), end);
            releasedEnd = end;
        }
    }

    private void release(final long address, final long end)
    {
        try
        {
            if (isUsable)
            {
                posix.madvise(address + releasedEnd, end - releasedEnd, MADV_DONTNEED);
            }
        }
        catch (final PosixRuntimeException ex)
        {
            // No such call on this system: forces take what they take.
            isUsable = false;
        }
    }
}
