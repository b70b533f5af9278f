package io.sluice.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works ahead of the append position, so that appends find blocks allocated and pages in memory, writable, instead of
 * faulting. A fault into a hole of the file costs the appender up to tens of milliseconds, because the device's
 * read-ahead comes with it.
 *
 * <pre>
 *            position          populated                    allocated             roll size
 *   ───written──┼────pages present────┼────blocks reserved──────┼────────hole─────────┼
 * </pre>
 *
 * It changes no byte: {@code fallocate} reserves blocks within the length of the file, {@code MADV_POPULATE_WRITE}
 * faults pages in as a write would, without writing. So it can't race with the appender.
 *
 * <p>The pages are those of the appender's own mapping; another mapping would leave it a smaller fault per page.
 * Chronicle may unmap that at a roll while a step is under way here. Then the kernel refuses the call, or, where the
 * addresses were given to another mapping in the same instant, brings in pages of that: no byte changes and nothing is
 * read, and it is one step of 64 KB at most, for the next step looks at the target again. Closing stops this thread
 * before the mapping goes.
 */
final class Preparer implements Runnable, AutoCloseable
{
    static final String THREAD_NAME = "sluice-prep";

    private static final Logger LOGGER = LoggerFactory.getLogger(Preparer.class);
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int MADV_RANDOM = 1;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int EFAULT = 14;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final long PAGE_SIZE = 4096;
    private static final long STEP_LENGTH = 1L << 16;
    private static final long PIECE_LENGTH = 1L << 23;
    private static final long STEP_PARK_NS = 20_000;
    private static final long IDLE_PARK_NS = 500_000;
    private static final long ERROR_PARK_NS = 100_000_000;
    private static final VarHandle POSITION;

    static
    {
        try
        {
            POSITION = MethodHandles.lookup().findVarHandle(Preparer.class, "position", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private record Target(Path file, long address, long length)
    {
    }

    private final PosixAPI posix;
    private final long ahead;
    private final Thread thread;
    private volatile Target target;
    @SuppressWarnings("unused")
    private long position;
    private volatile boolean isStopped;
    private volatile boolean canAllocate = true;
    private volatile boolean canPopulate = true;
    private volatile boolean isBroken;
    private volatile String lastError = "";
    private volatile long preparedBytes;
    private volatile long allocatedBytes;
    private volatile long overtaken;

    private Target present;
    private int descriptor = -1;
    private long allocatedEnd;
    private long preparedEnd;

    Preparer(final PosixAPI posix, final long ahead)
    {
        this.posix = posix;
        this.ahead = ahead;
        thread = new Thread(this, THREAD_NAME);
        thread.setDaemon(true);
    }

    /** @return a running preparer on the system calls of this machine. */
    static Preparer start(final long ahead)
    {
        final Preparer preparer = new Preparer(PosixAPI.posix(), ahead);
        preparer.thread.start();
        return preparer;
    }

    /**
     * The appender goes on in another file.
     *
     * @param file    that it appends to.
     * @param address of byte 0 of the file in its mapping.
     * @param length  of the mapping from there, or of the file that will be used.
     */
    void target(final Path file, final long address, final long length)
    {
        target = new Target(file, address, length);
    }

    /** The appender has come to this position. Allocates nothing. */
    void position(final long newPosition)
    {
        POSITION.setRelease(this, newPosition);
    }

    PreparerStatus status()
    {
        final PreparerStatus.Mode mode =
            isBroken || !canAllocate && !canPopulate ? PreparerStatus.Mode.UNAVAILABLE :
            !canAllocate ? PreparerStatus.Mode.PAGES_ONLY :
            !canPopulate ? PreparerStatus.Mode.BLOCKS_ONLY : PreparerStatus.Mode.FULL;
        return new PreparerStatus(mode, preparedBytes, allocatedBytes, overtaken, lastError);
    }

    @Override
    public void run()
    {
        try
        {
            while (!isStopped)
            {
                final long parkNs = step();
                if (!isStopped)
                {
                    LockSupport.parkNanos(parkNs);
                }
            }
        }
        catch (final Throwable ex)
        {
            isBroken = true;
            lastError = ex.toString();
            LOGGER.warn("the preparer stopped, appends go on without it", ex);
        }
        finally
        {
            closeFile();
        }
    }

    /** Stop the thread and wait for it: one step at most. */
    @Override
    public void close()
    {
        isStopped = true;
        boolean isInterrupted = false;
        while (thread.isAlive())
        {
            LockSupport.unpark(thread);
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Do one piece of work.
     *
     * @return nanoseconds to rest before the next one.
     */
    long step()
    {
        if (hasNewTarget())
        {
            openFile();
        }
        if (present == null || !canAllocate && !canPopulate)
        {
            return IDLE_PARK_NS;
        }
        final long from = (long)POSITION.getAcquire(this);
        final long goal = Math.min(from + ahead, present.length());
        if (canAllocate && allocatedEnd < goal)
        {
            return allocate();
        }
        final long firstPage = from & -PAGE_SIZE;
        if (preparedEnd < firstPage)
        {
            if (preparedEnd > 0)
            {
                overtaken++;
            }
            preparedEnd = firstPage;
        }
        return canPopulate && preparedEnd < goal ? populate(goal) : IDLE_PARK_NS;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean hasNewTarget()
    {
        // Each roll makes a new one, even where file and address were the same.
        return target != present;
    }

    private void openFile()
    {
        closeFile();
        present = target;
        allocatedEnd = (long)POSITION.getAcquire(this) & -PAGE_SIZE;
        preparedEnd = 0;
        if (canAllocate)
        {
            descriptor = posix.open(present.file().toString(), O_RDWR | O_CLOEXEC, 0);
            if (descriptor < 0)
            {
                fail("open", posix.lastError());
                allocatedEnd = Long.MAX_VALUE;
            }
        }
        // Faults that the appender still takes must not drag the read-ahead in.
        if (canPopulate && posix.madvise(present.address(), present.length() & -PAGE_SIZE, MADV_RANDOM) != 0)
        {
            fail("madvise(MADV_RANDOM)", posix.lastError());
        }
    }

    private long allocate()
    {
        final long length = Math.min(PIECE_LENGTH, present.length() - allocatedEnd);
        if (posix.fallocate(descriptor, FALLOC_FL_KEEP_SIZE, allocatedEnd, length) == 0)
        {
            allocatedEnd += length;
            allocatedBytes += length;
            return STEP_PARK_NS;
        }
        final int error = posix.lastError();
        fail("fallocate", error);
        if (error == EOPNOTSUPP || error == ENOSYS || error == EINVAL)
        {
            canAllocate = false;
            closeFile();
            return STEP_PARK_NS;
        }
        return ERROR_PARK_NS;
    }

    private long populate(final long goal)
    {
        final long length = Math.min(STEP_LENGTH, ((goal - preparedEnd) + PAGE_SIZE - 1) & -PAGE_SIZE);
        if (posix.madvise(present.address() + preparedEnd, length, MADV_POPULATE_WRITE) == 0)
        {
            preparedEnd += length;
            preparedBytes += length;
            return STEP_PARK_NS;
        }
        final int error = posix.lastError();
        if (error == EAGAIN)
        {
            return STEP_PARK_NS;
        }
        fail("madvise(MADV_POPULATE_WRITE)", error);
        if (error == EINVAL || error == ENOSYS)
        {
            canPopulate = false;
            return STEP_PARK_NS;
        }
        if (error == ENOMEM || error == EFAULT)
        {
            // The mapping or the file ends here: nothing to do until the appender names another one.
            preparedEnd = Long.MAX_VALUE & -PAGE_SIZE;
            return IDLE_PARK_NS;
        }
        return ERROR_PARK_NS;
    }

    private void closeFile()
    {
        if (descriptor >= 0)
        {
            posix.close(descriptor);
            descriptor = -1;
        }
    }

    private void fail(final String call, final int error)
    {
        lastError = call + ": " + posix.strerror(error) + " (errno " + error + ")";
    }
}
