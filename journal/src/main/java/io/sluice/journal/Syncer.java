package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces the journal behind the appender, which never waits for it: whatever is committed while a round of forces runs
 * is covered by the next one. Works on a thread of its own, or on the caller's of {@link #sync()}.
 *
 * <pre>
 *   appender ── announce file ──► CommitPoint ──► syncer: round of {@link JournalForcer}, again while there is work
 *   any thread ── request ─────────────────────►          parked otherwise; only then is it worth a wake-up
 * </pre>
 *
 * There is work when something that was asked for is committed and not forced, or, with {@code syncAlways}, when
 * anything is: then a round begins at once. And when the journal went on in a new file: then, if nobody waits, within a
 * second, or at the next {@link #sync()}. Between rounds that nobody waits for is a millisecond. A round that failed is
 * repeated after a while, whatever was asked for.
 */
final class Syncer implements Runnable, AutoCloseable
{
    static final String THREAD_NAME = "sluice-sync";

    private static final Logger LOGGER = LoggerFactory.getLogger(Syncer.class);
    private static final long RETRY_NS = 100_000_000L;
    // A commit without a fence may overlook that its record was asked for in the same instant: then this is the delay.
    private static final long REQUESTED_PARK_NS = 1_000_000L;
    private static final long PACE_NS = 1_000_000L;
    // A force takes processor time as well. A burst of events of which nobody waits is to be over before.
    private static final long FILE_DELAY_NS = 1_000_000_000L;
    private static final VarHandle REQUESTED;

    static
    {
        try
        {
            REQUESTED = MethodHandles.lookup().findVarHandle(Syncer.class, "requested", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final JournalForcer forcer;
    private final EpochNanoClock clock;
    private final boolean isAlways;
    private final Thread thread;
    private final CommitPoint committed;
    private long lastCommitted;
    private boolean isFileNew;
    private long failedNs;
    private boolean isFileWaiting;
    private long fileWaitingNs;
    private volatile long requested;
    private volatile boolean isParked;
    private volatile boolean isPacing;
    private volatile boolean isStopped;
    private volatile Throwable failure;

    private Syncer(final JournalContext context, final JournalForcer forcer, final CommitPoint recovered)
    {
        this.forcer = forcer;
        clock = context.clock();
        isAlways = context.syncAlways();
        committed = recovered;
        lastCommitted = recovered.sequence();
        requested = lastCommitted;
        thread = context.syncThread() ? new Thread(this, THREAD_NAME) : null;
    }

    /**
     * Force what recovery left and be ready for more.
     *
     * @return the syncer; its thread is not started yet.
     */
    static Syncer open(
        final JournalContext context,
        final DataDirectory directory,
        final DeviceForce force,
        final JournalRecovery recovered,
        final StorageHealth health) throws IOException
    {
        final SyncedMark before = SyncedMark.read(directory);
        final CommitPoint end = new CommitPoint();
        end.publish(
            recovered.lastSequence(), recovered.lastCycle(), recovered.endPosition(), recovered.lastJournalTime());
        final JournalForcer forcer = new JournalForcer(context, directory, force, health);
        try
        {
            forcer.forceRecovered(before, end, recovered.lastCycle() >= 0 && !recovered.isSealed());
        }
        catch (final Throwable ex)
        {
            forcer.close();
            throw ex;
        }
        return new Syncer(context, forcer, end);
    }

    void start()
    {
        if (thread != null)
        {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The appender went on in a new file. Before {@link #onCommit} of what lies in it. */
    void onNewFile(final Path file, final int cycle, final long firstSequence, final long previousEnd)
    {
        forcer.announce(UnforcedFile.made(file, cycle, firstSequence, clock.nanoTime(), previousEnd));
        isFileNew = true;
    }

    /** The appender has committed. Allocates nothing; makes a system call only if the syncer sleeps and is wanted. */
    void onCommit(final long sequence, final int cycle, final long position, final long journalTime)
    {
        committed.publish(sequence, cycle, position, journalTime);
        final boolean isWanted = isAlways || isFileNew;
        if (isWanted)
        {
            // What was published must be seen by a syncer that goes to sleep, or its sleep must be seen here.
            VarHandle.fullFence();
        }
        if (isWanted || (long)REQUESTED.getOpaque(this) > lastCommitted)
        {
            wake();
        }
        isFileNew = false;
        lastCommitted = sequence;
    }

    /** @return cycle of a file that the appender is to leave, -1 if it may stay where it is; any thread. */
    int suspectCycle()
    {
        return forcer.suspectCycle();
    }

    /** The appender will not write to the file of a cycle any more: the next commit goes to a new one. */
    void onLeft(final int cycle)
    {
        forcer.leave(cycle);
    }

    /** Ask for a force that covers a record; any thread. */
    void request(final long sequence)
    {
        ensureAlive();
        long before = requested;
        while (before < sequence && !REQUESTED.compareAndSet(this, before, sequence))
        {
            before = requested;
        }
        if (sequence > forcer.synced())
        {
            if (isPacing)
            {
                isPacing = false;
                LockSupport.unpark(thread);
            }
            wake();
        }
    }

    /** @return sequence up to which every record is on the device; any thread. */
    long synced()
    {
        return forcer.synced();
    }

    /** @return what ended the work of the syncer for good, or null; any thread. */
    Throwable failure()
    {
        return failure;
    }

    SyncerStatus status()
    {
        return forcer.status();
    }

    /**
     * Do what is due, on this thread, if there is no other one for it.
     *
     * @return 1 if something was forced, otherwise 0.
     */
    int sync()
    {
        if (thread != null || !hasWork() || forcer.isTroubled() && System.nanoTime() - failedNs < RETRY_NS)
        {
            return 0;
        }
        final boolean isForced = forcer.force(committed);
        failedNs = System.nanoTime();
        return isForced ? 1 : 0;
    }

    @Override
    public void run()
    {
        try
        {
            while (!isStopped)
            {
                if (leftNs() > 0)
                {
                    rest();
                }
                else if (forcer.force(committed))
                {
                    isFileWaiting = false;
                    restBetweenRounds();
                }
                else
                {
                    restBeforeRetry();
                }
            }
        }
        catch (final Throwable ex)
        {
            failure = ex;
            LOGGER.error("the syncer stopped, appends end with it", ex);
        }
    }

    /** Stop the thread and wait for it: one round at most. */
    void stop()
    {
        isStopped = true;
        boolean isInterrupted = false;
        while (thread != null && thread.isAlive())
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

    /** Force everything, on this thread; after {@link #stop()}, and when nothing is written any more. */
    void finish() throws IOException
    {
        ensureAlive();
        forcer.forceAll(committed);
    }

    @Override
    public void close()
    {
        stop();
        forcer.close();
    }

    private boolean hasWork()
    {
        return isAwaited() || hasNewFile();
    }

    private boolean isAwaited()
    {
        final long sequence = committed.sequence();
        final long synced = forcer.synced();
        return forcer.isTroubled() || sequence > synced && (isAlways || requested > synced);
    }

    private boolean hasNewFile()
    {
        return forcer.hasAnnounced() || forcer.hasUnnoted() && committed.sequence() > forcer.synced();
    }

    // Until the next round is due, as far as can be seen now.
    private long leftNs()
    {
        if (isAwaited())
        {
            return 0;
        }
        if (!hasNewFile())
        {
            isFileWaiting = false;
            return Long.MAX_VALUE;
        }
        final long nowNs = System.nanoTime();
        if (!isFileWaiting)
        {
            isFileWaiting = true;
            fileWaitingNs = nowNs;
        }
        return Math.max(0, FILE_DELAY_NS - (nowNs - fileWaitingNs));
    }

    private void rest()
    {
        isParked = true;
        final long leftNs = leftNs();
        if (leftNs > 0 && !isStopped)
        {
            final boolean isWanted = requested > forcer.synced();
            LockSupport.parkNanos(this, isWanted ? Math.min(leftNs, REQUESTED_PARK_NS) : leftNs);
            // With its mark set, the next rest would be none.
            Thread.interrupted();
        }
        isParked = false;
    }

    // Round upon round for a stream of events of which nobody waits would take the processor from those who publish.
    private void restBetweenRounds()
    {
        isPacing = true;
        if (requested <= forcer.synced() && !isStopped)
        {
            LockSupport.parkNanos(this, PACE_NS);
            Thread.interrupted();
        }
        isPacing = false;
    }

    private void restBeforeRetry()
    {
        final long startNs = System.nanoTime();
        long leftNs = RETRY_NS;
        while (leftNs > 0 && !isStopped)
        {
            LockSupport.parkNanos(this, leftNs);
            Thread.interrupted();
            leftNs = RETRY_NS - (System.nanoTime() - startNs);
        }
    }

    private void wake()
    {
        if (isParked)
        {
            // Whoever clears it does the waking; those who come meanwhile need not.
            isParked = false;
            LockSupport.unpark(thread);
        }
    }

    private void ensureAlive()
    {
        final Throwable cause = failure;
        if (cause != null)
        {
            throw new EventStorageException("the journal is not forced to the device any more: " + cause.getMessage() +
                "; close it and open the directory again", cause);
        }
    }
}
