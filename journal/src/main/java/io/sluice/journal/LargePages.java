package io.sluice.journal;

import net.openhft.posix.PosixAPI;
import net.openhft.posix.PosixRuntimeException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has memory that is looked up at random kept in large pages. With small ones a table of 32 MiB has 8,192 of them, more
 * than a processor remembers the places of, and each look-up waits for that, in a virtual machine twice.
 */
public final class LargePages
{
    private static final int LENGTH = 1 << 21;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private LargePages()
    {
    }

    /**
     * Clear memory, in large pages from now on as far as it fills such (2 MiB, aligned), the system has them ready and
     * allows it ({@code /sys/kernel/mm/transparent_hugepage/enabled} is {@code madvise}, the usual setting, or {@code
     * always}). Where it does not, nothing is lost but time. Takes about a millisecond for 4 MiB. Any thread.
     *
     * @param memory direct; what it holds is lost.
     */
    public static void clear(final UnsafeBuffer memory)
    {
        final long address = memory.addressOffset();
        final long first = address + LENGTH - 1 & -LENGTH;
        final long length = (address + memory.capacity() & -LENGTH) - first;
        if (length > 0)
        {
            try
            {
                final PosixAPI posix = PosixAPI.posix();
                if (posix.madvise(first, length, MADV_HUGEPAGE) == 0)
                {
                    // The small pages that allocating it has brought in go, and the next store brings in large ones.
                    posix.madvise(first, length, MADV_DONTNEED);
                }
            }
            catch (final PosixRuntimeException ex)
            {
                // No such call on this system: small pages stay.
            }
        }
        memory.setMemory(0, memory.capacity(), (byte)0);
    }
}
