package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventStamp;
import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import java.io.IOException;
import org.agrona.CloseHelper;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Appends records to the journal of a data directory.
 *
 * <p>Confined to one thread at a time; another thread may go on if it is started, or signalled, by the one before.
 * {@code stage}, {@code commit} and {@code isReady} allocate nothing and don't wait for a device, except where a commit
 * rolls to a new file, or blocks have to be reserved because the preparer is behind or off. A record is readable by
 * other processes, and survives the death of this one, when {@code commit} has returned; a power loss, when
 * {@link #syncedSequence()} has come to it.
 *
 * <p>Whatever fails inside an append leaves the appender unusable: it throws the same exception from then on, and what
 * was staged may or may not be in the journal. Open the directory again; recovery finds out.
 */
public final class JournalAppender implements EventAppender
{
    private static final int CREATION_BEFORE_QUEUE = 4;
    private static final int CREATION_BEFORE_FIRST_FILE = 5;
    private static final int CREATION_AFTER_FIRST_FILE = 6;

    private final JournalContext context;
    private final DataDirectory directory;
    private final RunLog runLog;
    private final StorageHealth health;
    private final SyncSupport syncSupport;
    private final Syncer syncer;
    private final WriterLock lock;
    private final ExcerptWriter writer;
    private final UnsafeBuffer staging;
    private final RecoveryReport recovery;
    private final JournalSpace space;
    private final Archiver archiver;
    private final long runId;
    private final long rollSize;
    private final long rollAgeNs;
    private final int maxEventLength;
    private final int batchCount;
    private final int batchLength;
    private long lastCommitted;
    private long lastStaged;
    private long lastJournalTime;
    private int stagedCount;
    private int stagedLength;
    private long stagedTime;
    private long fileStartTime;
    private boolean isFileEmpty;
    private boolean isRollPending;
    private boolean isFirstFile;
    private long previousEnd;
    private int leftCycle = -1;
    private long bytesAppended;
    private int rolls;
    private EventStorageException failure;
    private boolean isClosed;

    private JournalAppender(final JournalOpening opening) throws IOException
    {
        context = opening.context();
        directory = opening.directory();
        lock = opening.lock();
        syncSupport = opening.syncSupport();
        final DeviceForce force = opening.force();
        final JournalRecovery recovered = opening.recovered();
        runId = context.runId();
        rollSize = context.rollSize();
        rollAgeNs = context.rollAge().toNanos();
        maxEventLength = context.maxEventLength();
        batchCount = context.batchCount();
        batchLength = context.batchLength();
        lastCommitted = recovered.lastSequence();
        lastStaged = lastCommitted;
        lastJournalTime = recovered.lastJournalTime();
        fileStartTime = recovered.fileStartTime();
        isFirstFile = recovered.lastCycle() < 0;
        isFileEmpty = isFirstFile || recovered.isSealed();
        health = new StorageHealth(context.clock());
        space = new JournalSpace(context, directory.journal(), health);
        runLog = new RunLog(directory, force);
        syncer = Syncer.open(context, directory, force, recovered, health);
        boolean isOpened = false;
        try
        {
            runLog.start(
                runId,
                lastCommitted + 1,
                isFileEmpty ? null : CycleFiles.fileOf(directory.journal(), recovered.lastCycle()),
                context.bootId(),
                context.clock().nanoTime());
            onCreation(CREATION_BEFORE_QUEUE);
            writer = openWriter(recovered);
            isOpened = true;
        }
        finally
        {
            if (!isOpened)
            {
                syncer.close();
            }
        }
        staging = writer.buffer();
        space.start();
        syncer.start();
        recovery = recovered.report(opening.elapsedNs());
        archiver = Archiver.start(context, directory);
    }

    /**
     * Open a journal for appending: take the lock, make the directory if there is none, recover what the last run left.
     *
     * @param context of it; is concluded if it was not.
     * @return the appender.
     * @throws DataDirectoryException   if the directory can't be used; nothing in it was changed. With {@code
     *                                  syncAlways}, also where {@code SYNCED} can't be honoured.
     * @throws IllegalArgumentException if a value of the context is out of range.
     */
    public static JournalAppender open(final JournalContext context)
    {
        return JournalOpening.open(context, JournalAppender::new);
    }

    @Override
    public long runId()
    {
        return runId;
    }

    @Override
    public long lastSequence()
    {
        return lastCommitted;
    }

    @Override
    public long nextSequence()
    {
        return lastStaged + 1;
    }

    @Override
    public long lastJournalTime()
    {
        return lastJournalTime;
    }

    @Override
    public long stage(
        final MutableDirectBuffer record,
        final int offset,
        final int length,
        final Verdict verdict,
        final long originalSequence,
        final long nowNs)
    {
        ensureUsable();
        if (length > maxEventLength || length < EventDescriptor.MIN_RECORD_LENGTH)
        {
            throw new EventStorageException(
                "record of " + length + " bytes: a record has " +
                EventDescriptor.MIN_RECORD_LENGTH + " to " + maxEventLength +
                " bytes here; raise maxEventLength");
        }
        final int alignedLength = EventDescriptor.alignedLength(length);
        if (stagedCount > 0 && (stagedCount == batchCount || stagedLength + alignedLength > batchLength))
        {
            commit();
        }
        final long journalTime = Math.max(lastJournalTime, nowNs);
        EventStamp.stamp(record, offset, runId, lastStaged + 1, journalTime, verdict, originalSequence);
        staging.putBytes(stagedLength, record, offset, length);
        if (alignedLength > length)
        {
            staging.setMemory(stagedLength + length, alignedLength - length, (byte)0);
        }
        if (stagedCount == 0)
        {
            stagedTime = journalTime;
        }
        lastJournalTime = journalTime;
        stagedLength += alignedLength;
        stagedCount++;
        return ++lastStaged;
    }

    @Override
    public int stagedCount()
    {
        return stagedCount;
    }

    @Override
    public int stagedLength()
    {
        return stagedLength;
    }

    @Override
    public long commit()
    {
        ensureUsable();
        if (stagedCount == 0)
        {
            return lastCommitted;
        }
        final String refusal;
        try
        {
            if (syncer.failure() != null)
            {
                throw syncer.failure();
            }
            leaveSuspectFile();
            final boolean isRolling = isRollDue() && rollIfThereIsRoom();
            onCreation(CREATION_BEFORE_FIRST_FILE);
            refusal = findRefusal();
            if (refusal == null)
            {
                write(isRolling);
                return lastCommitted;
            }
        }
        catch (final Throwable ex)
        {
            throw poison(ex);
        }
        throw new EventStorageException(
            "nothing was appended after sequence " + lastCommitted + ", what is staged stays and can be committed " +
            "later; ask isReady() first: " + refusal);
    }

    @Override
    public boolean isReady()
    {
        ensureUsable();
        leaveSuspectFile();
        return health.isHealthy() && !isLeft() && space.isReady(writer.position(), stagedLength) || makeReady();
    }

    @Override
    public StorageStatus storage()
    {
        return health.status();
    }

    /**
     * Go on in a new file with the next commit, whatever the size of the present one; nothing happens if that is empty.
     */
    public void roll()
    {
        ensureUsable();
        isRollPending = true;
    }

    @Override
    public long syncedSequence()
    {
        return syncer.synced();
    }

    /**
     * {@inheritDoc}
     *
     * @throws DataDirectoryException where {@code SYNCED} can't be honoured; see {@link #syncSupport()}.
     * @throws EventStorageException  if nothing is forced any more; the next commit fails too then.
     */
    @Override
    public void requestSync(final long sequence)
    {
        syncSupport.require();
        syncer.request(sequence);
    }

    @Override
    public int sync()
    {
        ensureUsable();
        try
        {
            leaveSuspectFile();
            return syncer.sync();
        }
        catch (final Throwable ex)
        {
            throw poison(ex);
        }
    }

    /** @return whether {@code SYNCED} can be honoured where the directory lies; any thread. */
    public SyncSupport syncSupport()
    {
        return syncSupport;
    }

    /** @return how the journal is forced to the device; any thread. */
    public SyncerStatus syncer()
    {
        return syncer.status();
    }

    /** @return what opening found. */
    public RecoveryReport recovery()
    {
        return recovery;
    }

    /** @return what the preparer does; any thread may ask. */
    public PreparerStatus preparer()
    {
        return space.status();
    }

    /** @return what was done to closed files; any thread may ask. */
    public ArchiveStatus archive()
    {
        return archiver == null ? ArchiveStatus.NONE : archiver.status();
    }

    /** @return bytes appended by this run, headers of excerpts included. */
    public long bytesAppended()
    {
        return bytesAppended;
    }

    /** @return rolls to a new file in this run. */
    public int rolls()
    {
        return rolls;
    }

    /**
     * Commit what is staged, force everything to the device, then note the end of the run, and release everything.
     * Idempotent.
     *
     * @throws EventStorageException if that failed. Everything is released all the same, but the end of the run is not
     *                               noted, and what was not forced before does not survive a power loss for sure.
     */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }
        try
        {
            if (failure == null)
            {
                commit();
            }
        }
        finally
        {
            isClosed = true;
            // In this order: the preparer uses the appender's mapping, the last force covers what the queue writes when
            // it is closed, and the lock covers all of it.
            CloseHelper.closeAll(
                archiver,
                space::stop,
                syncer::stop,
                writer,
                () -> space.close(writer.position(), failure == null),
                this::finish,
                syncer,
                lock);
        }
    }

    private ExcerptWriter openWriter(final JournalRecovery recovered) throws IOException
    {
        try
        {
            if (!isFileEmpty)
            {
                space.resume(CycleFiles.fileOf(directory.journal(), recovered.lastCycle()), recovered.endPosition());
            }
            return new ExcerptWriter(context, directory.journal(), recovered, space);
        }
        catch (final Throwable ex)
        {
            space.close(0, false);
            throw ex;
        }
    }

    /** A file of which a force failed is written anew by the syncer; that can be done only if nobody writes to it. */
    private void leaveSuspectFile()
    {
        final int suspect = syncer.suspectCycle();
        if (suspect != leftCycle && suspect == writer.cycle())
        {
            leftCycle = suspect;
            isRollPending = true;
            space.leave();
            syncer.onLeft(suspect);
        }
    }

    private boolean isRollDue()
    {
        return !isFileEmpty &&
            (isRollPending ||
                writer.position() + ExcerptScanner.HEADER_LENGTH + stagedLength > rollSize ||
                stagedTime - fileStartTime >= rollAgeNs);
    }

    private boolean rollIfThereIsRoom()
    {
        context.phaseListener().onStep(JournalPhase.ROLL, 0);
        final int cycle = writer.nextCycle();
        final long end = writer.position();
        if (!space.roll(CycleFiles.fileOf(directory.journal(), cycle), end))
        {
            return false;
        }
        previousEnd = end;
        writer.roll(cycle);
        isFileEmpty = true;
        return true;
    }

    private String findRefusal()
    {
        if (isLeft())
        {
            return "a force of " + writer.file() + " failed, and there is no room for another file";
        }
        return space.hasRoom(writer.position(), stagedLength) ?
            null : space.reserve(writer.file(), writer.position(), stagedLength);
    }

    private boolean isLeft()
    {
        return leftCycle == writer.cycle();
    }

    private void write(final boolean isRolling)
    {
        writer.write(stagedLength);
        bytesAppended += ExcerptScanner.HEADER_LENGTH + stagedLength;
        final long first = lastCommitted + 1;
        lastCommitted = lastStaged;
        stagedCount = 0;
        stagedLength = 0;
        space.onAppended(writer);
        if (isFileEmpty)
        {
            // Once noted in the run log, a file that vanishes or is cut to nothing is noticed at the next open.
            syncer.onNewFile(writer.file(), writer.cycle(), first, previousEnd);
        }
        syncer.onCommit(lastCommitted, writer.cycle(), writer.position(), lastJournalTime);
        if (isFileEmpty)
        {
            onNewFile(isRolling);
        }
    }

    private boolean makeReady()
    {
        try
        {
            if (syncer.failure() != null)
            {
                throw syncer.failure();
            }
            return space.makeReady(writer.file(), writer.position(), stagedLength, isLeft()) && health.isHealthy();
        }
        catch (final Throwable ex)
        {
            throw poison(ex);
        }
    }

    private void onNewFile(final boolean isRolling)
    {
        onCreation(CREATION_AFTER_FIRST_FILE);
        if (isRolling)
        {
            context.phaseListener().onStep(JournalPhase.ROLL, 1);
        }
        isFileEmpty = false;
        isRollPending = false;
        fileStartTime = stagedTime;
        if (isRolling)
        {
            rolls++;
            context.phaseListener().onStep(JournalPhase.ROLL, JournalPhaseListener.END);
        }
        onCreation(JournalPhaseListener.END);
        isFirstFile = false;
    }

    private void finish()
    {
        if (failure == null)
        {
            // An interrupt would close the channels that this works with.
            final boolean isInterrupted = Thread.interrupted();
            try
            {
                syncer.finish();
                runLog.stop(runId, lastCommitted, lastJournalTime, context.clock().nanoTime());
            }
            catch (final IOException ex)
            {
                throw new EventStorageException(
                    "the end of run " + runId + " could not be forced to the device or noted in " +
                    directory.control() + ": " + ex, ex);
            }
            finally
            {
                if (isInterrupted)
                {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void onCreation(final int step)
    {
        if (isFirstFile)
        {
            context.phaseListener().onStep(JournalPhase.FIRST_CREATION, step);
        }
    }

    private EventStorageException poison(final Throwable cause)
    {
        failure = new EventStorageException(
            "appending to " + directory.journal() + " failed after sequence " + lastCommitted +
            " and the appender can't go on; close it and open the directory again", cause);
        return failure;
    }

    private void ensureUsable()
    {
        if (failure != null)
        {
            throw failure;
        }
        if (isClosed)
        {
            throw new EventStorageException("the journal appender of " + directory.root() + " is closed");
        }
    }
}
