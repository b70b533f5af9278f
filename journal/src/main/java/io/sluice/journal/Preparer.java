package io.sluice.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.PosixRuntimeException;
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
 * It changes no byte that anybody may have written: {@code fallocate} reserves blocks within the length of the file;
 * zeros are written only where nobody may append before it says so ({@link ReservedFile#clear}); {@code
 * MADV_POPULATE_WRITE} faults pages in as a write would, without writing. So it can't race with the appender.
 *
 * <p>The pages are those of the appender's own mapping; another mapping would leave it a smaller fault per page.
 * Chronicle may unmap that at a roll while a step is under way here. Then the kernel refuses the call, or, where the
 * addresses were given to another mapping in the same instant, brings in pages of that: no byte changes and nothing is
 * read, and it is one step at most, for the next step looks at the target again. Closing stops this thread
 * before the mapping goes.
 */
final class Preparer implements Runnable, AutoCloseable
{
    static final String THREAD_NAME = "sluice-prep";
    static final int MADV_RANDOM = 1;
    static final int MADV_POPULATE_WRITE = 23;
    /** Brought in by one system call, at most. */
    static final long STEP_LENGTH = ReservedFile.PIECE_LENGTH;

    private static final Logger LOGGER = LoggerFactory.getLogger(Preparer.class);
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int EFAULT = 14;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    // The appender brings that much in itself when it goes on in a file, to have a start.
    private static final long START_LENGTH = 1L << 20;
    // Pages that were prepared long ago may be clean again, because they were written back meanwhile or forced. The
    // first store into one costs another fault, so the next ones are looked at once more.
    private static final long NEAR_LENGTH = 1L << 18;
    private static final long NEAR_IDLE_LENGTH = 1L << 14;
    private static final long NEAR_STEP = 1L << 17;
    private static final long NEAR_IDLE_NS = 1_000_000_000L;
    private static final long PIECE_LENGTH = 1L << 23;
    // Blocks cost no memory, but a call that reserves some may wait for the device, sometimes for 0.1 s and more.
    private static final int BLOCKS_FURTHER = 4;
    // Steps without a rest between: each wake-up costs as much as a step.
    private static final int STEPS_AT_ONCE = 16;
    private static final long STEP_PARK_NS = 20_000;
    private static final long IDLE_PARK_NS = 500_000;
    private static final long RETRY_NS = 100_000_000;
    private static final long LOOK_NS = 100_000_000;
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

    private record Target(ReservedFile file, long address, long length)
    {
    }

    private final PosixAPI posix;
    private final BlockReserve blocks;
    private final SpareFile spare;
    private final long ahead;
    private final long blocksAhead;
    private final Thread thread;
    private final Queue<Runnable> retired = new ConcurrentLinkedQueue<>();
    private volatile Target target;
    @SuppressWarnings("unused")
    private long position;
    private volatile boolean isStopped;
    private volatile boolean canPopulate = true;
    private boolean canClear = true;
    private volatile boolean isBroken;
    private volatile String lastError = "";
    private volatile long preparedBytes;
    private volatile long overtaken;

    private Target present;
    private long preparedEnd;
    private boolean isSpareMade;
    private long nearPosition;
    private long nextNearNs;
    private long nextLookNs;
    private long nextReserveNs;

    Preparer(final PosixAPI posix, final BlockReserve blocks, final SpareFile spare, final long ahead)
    {
        this.posix = posix;
        this.blocks = blocks;
        this.spare = spare;
        this.ahead = ahead;
        blocksAhead = blocksAhead(ahead);
        thread = new Thread(this, THREAD_NAME);
        thread.setDaemon(true);
    }

    /** @return a running preparer. */
    static Preparer start(
        final PosixAPI posix, final BlockReserve blocks, final SpareFile spare, final long ahead)
    {
        final Preparer preparer = new Preparer(posix, blocks, spare, ahead);
        preparer.thread.start();
        return preparer;
    }

    /** @return how far blocks are reserved where pages are prepared that far. */
    static long blocksAhead(final long ahead)
    {
        return BLOCKS_FURTHER * ahead;
    }

    /**
     * The appender goes on in another file. Brings the first pages in on its thread.
     *
     * @param file    that it appends to.
     * @param address of byte 0 of the file in its mapping.
     * @param length  of the part of the mapping that will be used.
     */
    void target(final ReservedFile file, final long address, final long length)
    {
        target = new Target(file, address, length);
        final long from = (long)POSITION.getAcquire(this) & -BlockReserve.PAGE_SIZE;
        final long end = Math.min(Math.min(from + START_LENGTH, length), file.end());
        if (canPopulate && from < end)
        {
            try
            {
                // What comes of it shows when the preparer does the same.
                posix.madvise(address + from, end - from, MADV_POPULATE_WRITE);
            }
            catch (final PosixRuntimeException ex)
            {
                canPopulate = false;
                lastError = ex.toString();
            }
        }
    }

    /** Nothing is appended to a file any more: give back what it does not need, some time soon. */
    void retire(final ReservedFile file, final long used)
    {
        retired.add(() -> file.retire(used));
        if (isBroken)
        {
            retireAll();
        }
    }

    /** The appender has come to this position. Allocates nothing. */
    void position(final long newPosition)
    {
        POSITION.setRelease(this, newPosition);
    }

    PreparerStatus status()
    {
        final boolean canReserve = blocks.canReserve();
        final PreparerStatus.Mode mode =
            isBroken || !canReserve && !canPopulate ? PreparerStatus.Mode.UNAVAILABLE :
            !canReserve ? PreparerStatus.Mode.PAGES_ONLY :
            !canPopulate ? PreparerStatus.Mode.BLOCKS_ONLY : PreparerStatus.Mode.FULL;
        return new PreparerStatus(
            mode, ahead, blocks.reservedBytes(), preparedBytes, overtaken,
            lastError.isEmpty() ? blocks.lastError() : lastError);
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
            retireAll();
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
        retireAll();
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
            openTarget();
        }
        final long restNs = present == null ? IDLE_PARK_NS : prepare();
        // Giving back takes milliseconds.
        return restNs > STEP_PARK_NS && retireNext() ? STEP_PARK_NS : restNs;
    }

    private long prepare()
    {
        final long from = (long)POSITION.getAcquire(this);
        final ReservedFile file = present.file();
        final long nowNs = System.nanoTime();
        if (nowNs - nextLookNs >= 0)
        {
            nextLookNs = nowNs + LOOK_NS;
            file.checkThere();
        }
        if (isReserveDue(file, from + ahead, nowNs))
        {
            return reserve(file, nowNs);
        }
        final long firstPage = from & -BlockReserve.PAGE_SIZE;
        if (preparedEnd < firstPage)
        {
            if (preparedEnd > 0)
            {
                overtaken++;
            }
            preparedEnd = firstPage;
        }
        final long goal = Math.min(Math.min(from + ahead, present.length()), file.reservedEnd());
        if (canPopulate && preparedEnd < goal)
        {
            return populateSome(goal);
        }
        if (canPopulate)
        {
            populateNear(from, goal, nowNs);
        }
        // A reservation may wait for the device, so pages go first.
        if (isReserveDue(file, from + blocksAhead, nowNs))
        {
            return reserve(file, nowNs);
        }
        return from + ahead >= present.length() && prepareSpare(nowNs) ? STEP_PARK_NS : IDLE_PARK_NS;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean hasNewTarget()
    {
        // Each roll makes a new one, even where file and address were the same.
        return target != present;
    }

    private void openTarget()
    {
        present = target;
        preparedEnd = 0;
        nearPosition = 0;
        isSpareMade = false;
        nextReserveNs = System.nanoTime();
        nextLookNs = nextReserveNs;
        nextNearNs = nextReserveNs + NEAR_IDLE_NS;
        // Faults that the appender still takes must not drag the read-ahead in.
        if (canPopulate && posix.madvise(present.address(), present.length(), MADV_RANDOM) != 0)
        {
            fail("madvise(MADV_RANDOM)", posix.lastError());
        }
    }

    private boolean isReserveDue(final ReservedFile file, final long goal, final long nowNs)
    {
        return file.reservedEnd() < goal && file.reservedEnd() < file.limit() && nowNs - nextReserveNs >= 0;
    }

    private long reserve(final ReservedFile file, final long nowNs)
    {
        try
        {
            final long end = file.reservedEnd();
            file.reserveBlocks(end + ReservedFile.FOLIO_LENGTH, Math.min(end + PIECE_LENGTH, file.limit()));
        }
        catch (final NoRoomException ex)
        {
            // The appender says so where it matters, which is when it comes to the end of what is reserved.
            nextReserveNs = nowNs + RETRY_NS;
        }
        return STEP_PARK_NS;
    }

    private long populateSome(final long goal)
    {
        long restNs = populate(goal);
        int steps = 1;
        while (restNs == STEP_PARK_NS && canPopulate && preparedEnd < goal && steps < STEPS_AT_ONCE && !hasNewTarget())
        {
            restNs = populate(goal);
            steps++;
        }
        return restNs;
    }

    private long populate(final long goal)
    {
        final long lastPageEnd = goal + BlockReserve.PAGE_SIZE - 1 & -BlockReserve.PAGE_SIZE;
        final long end = Math.min((preparedEnd & -STEP_LENGTH) + STEP_LENGTH, lastPageEnd);
        final long length = end - preparedEnd;
        if (!isOpenTo(end))
        {
            return IDLE_PARK_NS;
        }
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
            preparedEnd = Long.MAX_VALUE & -BlockReserve.PAGE_SIZE;
            return IDLE_PARK_NS;
        }
        return RETRY_NS;
    }

    // What the appender may not touch yet is cleared first. Where that can't be done it is opened as it is.
    private boolean isOpenTo(final long end)
    {
        final ReservedFile file = present.file();
        if (file.end() < end && canClear)
        {
            canClear = file.clear(present.length() & -BlockReserve.PAGE_SIZE);
        }
        if (file.end() < end && !canClear)
        {
            try
            {
                file.reserve(end, end);
            }
            catch (final NoRoomException ex)
            {
                // It has its blocks.
                throw new IllegalStateException(ex);
            }
        }
        return file.end() >= end;
    }

    // One for each file: when it is taken, the roll goes first.
    private boolean prepareSpare(final long nowNs)
    {
        final boolean isBusy = !isSpareMade && spare.prepare(canPopulate, nowNs);
        isSpareMade |= spare.isReady();
        return isBusy;
    }

    private void populateNear(final long from, final long goal, final long nowNs)
    {
        final boolean isMoving = from - nearPosition >= NEAR_STEP;
        if (isMoving || nowNs - nextNearNs >= 0)
        {
            nearPosition = from;
            nextNearNs = nowNs + NEAR_IDLE_NS;
            final long start = from & -BlockReserve.PAGE_SIZE;
            populateAgain(start, Math.min(start + (isMoving ? NEAR_LENGTH : NEAR_IDLE_LENGTH), goal));
            // Each append goes to the header of the file, too.
            populateAgain(0, Math.min(BlockReserve.PAGE_SIZE, goal));
        }
    }

    private void populateAgain(final long start, final long end)
    {
        if (start < end)
        {
            posix.madvise(present.address() + start, end - start, MADV_POPULATE_WRITE);
        }
    }

    private boolean retireNext()
    {
        final Runnable retirement = retired.poll();
        if (retirement != null)
        {
            retirement.run();
        }
        return retirement != null;
    }

    private void retireAll()
    {
        while (retireNext())
        {
            Thread.onSpinWait();
        }
    }

    private void fail(final String call, final int error)
    {
        lastError = call + ": " + posix.strerror(error) + " (errno " + error + ")";
    }
}
