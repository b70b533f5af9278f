package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.PosixRuntimeException;
import org.agrona.BufferUtil;

/**
 * Reserves real blocks of one file system, but never so many that less than {@code minFreeSpace} is left to all. Where
 * the file system can't reserve, it only looks at the free space. Thread-safe; each call is a system call or two.
 *
 * <p>What is in the way of a reservation for now comes back as text; what can't get better by itself is thrown: a file
 * that is not there, a file system that can only be read.
 */
final class BlockReserve
{
    static final long PAGE_SIZE = 4096;
    /** Most zeros that one call writes. */
    static final int ZEROS_LENGTH = 1 << 16;
    /** In place of a descriptor where nothing can be reserved. */
    static final int NO_DESCRIPTOR = -1;

    private static final int SEEK_SET = 0;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_CLOEXEC = 0x80000;
    private static final int MODE = 0666;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int ENOTDIR = 20;
    private static final int EINVAL = 22;
    private static final int EROFS = 30;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int MAX_TRIES = 10;

    private final PosixAPI posix;
    private final LongSupplier freeSpace;
    private final long minFreeSpace;
    private final Path place;
    private final AtomicLong reservedBytes = new AtomicLong();
    private final ByteBuffer zeros = BufferUtil.allocateDirectAligned(ZEROS_LENGTH, (int)PAGE_SIZE);
    private volatile boolean canReserve = true;
    private volatile String lastError = "";

    /**
     * @param posix        system calls.
     * @param place        directory of the files.
     * @param freeSpace    bytes that are free there.
     * @param minFreeSpace bytes that must stay free.
     */
    BlockReserve(final PosixAPI posix, final Path place, final LongSupplier freeSpace, final long minFreeSpace)
    {
        this.posix = posix;
        this.place = place;
        this.freeSpace = freeSpace;
        this.minFreeSpace = minFreeSpace;
    }

    /** @return false once the file system has said that it can't reserve. */
    boolean canReserve()
    {
        return canReserve;
    }

    /** @return bytes reserved so far. */
    long reservedBytes()
    {
        return reservedBytes.get();
    }

    /** @return the last system call that failed, in words; empty if none did. */
    String lastError()
    {
        return lastError;
    }

    /** @return bytes that may be reserved now; not more than 0 if none. */
    long room()
    {
        return freeSpace.getAsLong() - minFreeSpace;
    }

    /** @return why nothing is reserved when there is no room. */
    String noRoom()
    {
        // The same words each time, so that an error log counts them as one.
        return "less than minFreeSpace=" + minFreeSpace + " bytes would be left on the file system of " + place +
            ": delete something or move it away, appending goes on by itself";
    }

    /**
     * @param file  to reserve blocks of.
     * @param isNew true to make it.
     * @return a descriptor, or {@link #NO_DESCRIPTOR} if nothing can be reserved here; then a new file is not made.
     * @throws NoRoomException       if it can't be opened for now.
     * @throws EventStorageException if it can never be.
     */
    int open(final Path file, final boolean isNew) throws NoRoomException
    {
        if (!canReserve)
        {
            return NO_DESCRIPTOR;
        }
        try
        {
            final int flags = O_RDWR | O_CLOEXEC | (isNew ? O_CREAT | O_EXCL : 0);
            final int descriptor = posix.open(file.toString(), flags, MODE);
            if (descriptor >= 0)
            {
                return descriptor;
            }
        }
        catch (final PosixRuntimeException ex)
        {
            canReserve = false;
            lastError = ex.toString();
            return NO_DESCRIPTOR;
        }
        throw new NoRoomException(describe("open", file, posix.lastError()));
    }

    /**
     * Reserve blocks; bytes and length of the file stay as they are.
     *
     * @throws NoRoomException       if it can't be done for now.
     * @throws EventStorageException if it can never be.
     */
    void reserve(final Path file, final int descriptor, final long from, final long length) throws NoRoomException
    {
        if (!canReserve)
        {
            return;
        }
        final int error = allocate(descriptor, FALLOC_FL_KEEP_SIZE, from, length);
        if (error == EOPNOTSUPP || error == ENOSYS || error == EINVAL)
        {
            lastError = "fallocate: " + posix.strerror(error) + " (errno " + error + ")";
            canReserve = false;
        }
        else if (error != 0)
        {
            throw new NoRoomException(describe("fallocate", file, error));
        }
    }

    void onReserved(final long length)
    {
        if (canReserve)
        {
            reservedBytes.addAndGet(length);
        }
    }

    /** Give blocks back; what lay in them reads as zero from then on. Not every file system can: then they stay. */
    void release(final int descriptor, final long from, final long length)
    {
        final int error = allocate(descriptor, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, from, length);
        if (error != 0)
        {
            lastError = "fallocate(PUNCH_HOLE): " + posix.strerror(error) + " (errno " + error + ")";
        }
    }

    /**
     * Write zeros. One thread at a time for each descriptor, which is left there.
     *
     * @param length at most {@link #ZEROS_LENGTH}.
     * @return false if that can't be done; some of them may have been written.
     */
    boolean clear(final int descriptor, final long from, final int length)
    {
        if (posix.lseek(descriptor, from, SEEK_SET) != from)
        {
            lastError = "lseek: " + posix.strerror(posix.lastError());
            return false;
        }
        int written = 0;
        for (int i = 0; i < MAX_TRIES && written < length; i++)
        {
            final long count = posix.write(descriptor, BufferUtil.address(zeros), length - written);
            if (count < 0 && posix.lastError() != EINTR)
            {
                lastError = "write: " + posix.strerror(posix.lastError());
                return false;
            }
            written += (int)Math.max(0L, count);
        }
        return written == length;
    }

    void close(final int descriptor)
    {
        posix.close(descriptor);
    }

    private int allocate(final int descriptor, final int mode, final long from, final long length)
    {
        int error = EINTR;
        for (int i = 0; i < MAX_TRIES && error == EINTR; i++)
        {
            error = posix.fallocate(descriptor, mode, from, length) == 0 ? 0 : posix.lastError();
        }
        return error;
    }

    private String describe(final String call, final Path file, final int error)
    {
        final String text = call + ": " + posix.strerror(error) + " (errno " + error + ")";
        lastError = text;
        if (error == EROFS || error == ENOENT || error == ENOTDIR)
        {
            throw new EventStorageException(
                file + " can't be written any more: " + text + "; see that the file system is whole and can be " +
                "written, and open the directory again");
        }
        return "no blocks can be reserved for " + place + ", " + text +
            ": free space or raise the limit, appending goes on by itself";
    }
}
