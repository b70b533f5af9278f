package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Forces a journal to the device, one round after the other, and says how far it got. In a round, and in this order:
 *
 * <ol>
 *   <li>each file that the journal rolled away from, as a whole; then the present one: as a whole if it is new, else
 *       its data;</li>
 *   <li>the directory, if a file was new: a name is worth nothing before what it names, so it comes after;</li>
 *   <li>the watermark, which is then behind the device and never ahead of it, and the listener;</li>
 *   <li>the lines of the run log that name new files: what the log knows of must be there.</li>
 * </ol>
 *
 * A round that fails is repeated. If the force of a file failed, the appender is asked to leave that file, and when the
 * device works again, the file is written anew; see {@link UnforcedFile}. Only then the round counts.
 *
 * <p>Rounds run on one thread at a time; {@link #announce} is the appender's.
 */
final class JournalForcer implements AutoCloseable
{
    private static final int NO_CYCLE = -1;

    private final Path journal;
    private final Path temporary;
    private final DeviceForce force;
    private final RunLog runLog;
    private final StorageHealth health;
    private final SyncedFile mark;
    private final SyncListener syncListener;
    private final JournalPhaseListener phaseListener;
    private final long runId;
    private final Queue<UnforcedFile> announced = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<UnforcedFile> files = new ArrayDeque<>();
    private final ArrayDeque<UnforcedFile> unnoted = new ArrayDeque<>();
    private final CommitPoint point = new CommitPoint();
    private boolean isDirectoryDue;
    private boolean isTroubled;
    private int step;
    private String task = "";
    private volatile int suspectCycle = NO_CYCLE;
    private volatile int leftCycle = NO_CYCLE;
    private volatile long synced;
    private volatile long rounds;
    private volatile long failures;
    private volatile long lastRoundNs;
    private volatile long maxRoundNs;

    JournalForcer(
        final JournalContext context,
        final DataDirectory directory,
        final DeviceForce force,
        final StorageHealth health) throws IOException
    {
        journal = directory.journal();
        temporary = directory.control().resolve("rewrite.tmp");
        this.force = force;
        runLog = new RunLog(directory, force);
        this.health = health;
        syncListener = context.syncListener();
        phaseListener = context.phaseListener();
        runId = context.runId();
        mark = SyncedFile.open(directory, force);
    }

    /**
     * Force what recovery left, and let the watermark say so: the file with that mark and those after it, since older
     * ones were forced as a whole before the mark was made; and the directory, where recovery may have removed files.
     *
     * @param before the watermark that the last run left.
     * @param end    of the journal as recovered.
     * @param isOpen true if the last file will be appended to.
     */
    void forceRecovered(final SyncedMark before, final CommitPoint end, final boolean isOpen) throws IOException
    {
        begin();
        Files.deleteIfExists(temporary);
        for (final Path file : CycleFiles.list(journal))
        {
            if (CycleFiles.cycleOf(file) >= before.cycle())
            {
                force.file(file);
                done();
            }
        }
        force.directory(journal);
        done();
        point.copy(end);
        save();
        if (isOpen)
        {
            files.add(UnforcedFile.reopened(
                CycleFiles.fileOf(journal, point.cycle()), point.cycle(), point.position()));
        }
        phaseListener.onStep(JournalPhase.SYNC, JournalPhaseListener.END);
    }

    /** The appender went on in a new file. To be called before the end of the journal is published that lies in it. */
    void announce(final UnforcedFile file)
    {
        announced.add(file);
    }

    /** @return cycle of the file that the appender is to leave, -1 if it may stay; any thread. */
    int suspectCycle()
    {
        return suspectCycle;
    }

    /** The appender will not write to the file of a cycle any more. */
    void leave(final int cycle)
    {
        leftCycle = cycle;
    }

    /** @return true if a new file was announced since the last round. */
    boolean hasAnnounced()
    {
        return !announced.isEmpty();
    }

    /** @return true if there is a new file that no round has dealt with, because the journal had not reached it yet. */
    boolean hasUnnoted()
    {
        return !unnoted.isEmpty();
    }

    /** @return true if the last round failed. */
    boolean isTroubled()
    {
        return isTroubled;
    }

    /** @return sequence up to which every record is on the device; any thread. */
    long synced()
    {
        return synced;
    }

    SyncerStatus status()
    {
        return new SyncerStatus(synced, rounds, failures, lastRoundNs, maxRoundNs);
    }

    /**
     * One round.
     *
     * @param committed where the journal ends; it may go on meanwhile.
     * @return false if the device did not confirm; it is to be tried again after a while.
     * @throws EventStorageException if trying again is of no use.
     */
    boolean force(final CommitPoint committed)
    {
        try
        {
            roundWithoutInterrupt(committed, false);
            return true;
        }
        catch (final IOException ex)
        {
            fail(ex);
            return false;
        }
    }

    /** A last round: everything there is, as a whole. */
    void forceAll(final CommitPoint committed) throws IOException
    {
        roundWithoutInterrupt(committed, true);
    }

    /** Release files and mapping; forces nothing. */
    @Override
    public void close()
    {
        drain();
        files.forEach(UnforcedFile::close);
        files.clear();
        mark.close();
    }

    // An interrupt closes the channel in use and says nothing about the device.
    private void roundWithoutInterrupt(final CommitPoint committed, final boolean isWhole) throws IOException
    {
        boolean isInterrupted = Thread.interrupted();
        boolean isDone = false;
        try
        {
            while (!isDone)
            {
                try
                {
                    round(committed, isWhole);
                    isDone = true;
                }
                catch (final ClosedByInterruptException ex)
                {
                    isInterrupted |= Thread.interrupted();
                }
            }
        }
        finally
        {
            if (isInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void round(final CommitPoint committed, final boolean isWhole) throws IOException
    {
        final long startNs = System.nanoTime();
        task = "forcing " + journal + " to the device";
        // In this order: a file is announced before the journal is said to reach into it.
        point.copy(committed);
        drain();
        begin();
        forceFiles(isWhole);
        if (isDirectoryDue)
        {
            force.directory(journal);
            isDirectoryDue = false;
            done();
        }
        final boolean isFurther = point.sequence() > synced;
        save();
        final long elapsedNs = System.nanoTime() - startNs;
        lastRoundNs = elapsedNs;
        maxRoundNs = Math.max(maxRoundNs, elapsedNs);
        rounds++;
        if (isFurther)
        {
            syncListener.onSynced(synced);
        }
        noteNewFiles();
        isTroubled = false;
        health.clear(StorageHealth.Trouble.FORCE);
        phaseListener.onStep(JournalPhase.SYNC, JournalPhaseListener.END);
    }

    private void drain()
    {
        UnforcedFile file = announced.poll();
        while (file != null)
        {
            if (!files.isEmpty())
            {
                files.getLast().reaches(file.previousEnd());
            }
            files.addLast(file);
            unnoted.addLast(file);
            file = announced.poll();
        }
    }

    private void forceFiles(final boolean isWhole) throws IOException
    {
        final Iterator<UnforcedFile> iterator = files.iterator();
        while (iterator.hasNext())
        {
            final UnforcedFile file = iterator.next();
            file.open();
            if (file.cycle() > point.cycle())
            {
                return;
            }
            final boolean isNew = file.isNew();
            final boolean isPresent = file.cycle() == point.cycle();
            if (isPresent)
            {
                file.reaches(point.position());
            }
            if (isWhole || !isPresent || file.cycle() <= leftCycle)
            {
                forceWhole(file);
                iterator.remove();
            }
            else if (file.force(force, point.position()))
            {
                done();
            }
            isDirectoryDue |= isNew;
            if (file.isSuspect())
            {
                throw new IOException(file.path() + " is to be written anew, and the appender has not left it yet");
            }
        }
    }

    private void forceWhole(final UnforcedFile file) throws IOException
    {
        file.forceWhole(force);
        done();
        if (file.isSuspect())
        {
            file.rewrite(force, temporary);
            isDirectoryDue = true;
            done();
        }
        file.close();
    }

    private void save()
    {
        mark.save(runId, point.sequence(), point.cycle(), point.position(), point.journalTime());
        synced = point.sequence();
    }

    private void noteNewFiles() throws IOException
    {
        while (!unnoted.isEmpty() && unnoted.getFirst().cycle() <= point.cycle())
        {
            final UnforcedFile file = unnoted.getFirst();
            task = "noting " + file.path().getFileName() + " in the run log";
            runLog.roll(runId, file.path(), file.firstSequence(), file.startTimeNs());
            unnoted.removeFirst();
            done();
        }
    }

    private void begin()
    {
        step = 0;
        phaseListener.onStep(JournalPhase.SYNC, 0);
    }

    private void done()
    {
        phaseListener.onStep(JournalPhase.SYNC, ++step);
    }

    private void fail(final IOException cause)
    {
        failures++;
        isTroubled = true;
        for (final UnforcedFile file : files)
        {
            if (file.isSuspect() && file.cycle() == point.cycle())
            {
                suspectCycle = file.cycle();
            }
        }
        if (cause instanceof NoSuchFileException || isReadOnly())
        {
            throw new EventStorageException(
                task + " failed for good (" + cause +
                "): a file vanished, or the file system became read-only; see the kernel's log", cause);
        }
        health.raise(
            StorageHealth.Trouble.FORCE,
            task + " failed (" + cause +
            "); records are kept in memory and it is tried again ten times a second; see the kernel's log");
    }

    private boolean isReadOnly()
    {
        try
        {
            return Files.getFileStore(journal).isReadOnly();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
