package io.sluice.journal;

import io.sluice.event.EventException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One look at all files of a journal: notes what closed ones hold, moves those that are due into the archive, removes
 * what has expired. Leaves the last two files with records alone: one is appended to, and both are read at the next
 * start; and whatever is not forced to the device as a whole. A file with which something is wrong is reported and
 * left; the others go on. Where the pace has pauses, one file is moved at most.
 *
 * <p>Needs the lock of the archive. Whatever a crash left half done, the next pass does again.
 */
final class ArchivePass
{
    /** Moves every closed file. */
    static final long ANY_AGE = Long.MIN_VALUE;
    /** Moves none. */
    static final long NO_AGE = Long.MAX_VALUE;

    private final JournalContext context;
    private final DataDirectory directory;
    private final ArchivePace pace;
    private final ArchiveMemory memory;
    private final ArchiveListener listener;
    private final DeviceForce force;
    private final ArchiveMove move;
    private final ClosedFileTable table;
    private final List<LostRanges.Range> lost;
    private final List<ArchiveAction> actions = new ArrayList<>();

    private ArchivePass(
        final JournalContext context,
        final DataDirectory directory,
        final DeviceForce force,
        final ArchivePace pace,
        final ArchiveMemory memory,
        final ArchiveListener listener) throws IOException
    {
        this.force = force;
        this.listener = listener;
        this.memory = memory;
        this.context = context;
        this.directory = directory;
        this.pace = pace;
        lost = new LostRanges(directory).read();
        move = new ArchiveMove(context, directory, force, pace);
        table = new ClosedFileTable(context, directory, force, pace, lost);
    }

    /**
     * Do it.
     *
     * @param context         of the journal.
     * @param directory       of it.
     * @param pace            of the work.
     * @param memory          of earlier looks.
     * @param listener        told of each action.
     * @param minAgeNs        of the last event of a file that is moved: {@link #ANY_AGE}, {@link #NO_AGE}.
     * @param isWithRetention true to remove what has expired.
     * @return what was done.
     * @throws DataDirectoryException if another process is at it.
     */
    static ArchiveReport run(
        final JournalContext context,
        final DataDirectory directory,
        final ArchivePace pace,
        final ArchiveMemory memory,
        final ArchiveListener listener,
        final long minAgeNs,
        final boolean isWithRetention) throws IOException
    {
        final DeviceForce force = new DeviceForce(
            context.forceListener(), context.syncSupport(directory.root()).canForceNames());
        force.createDirectories(directory.archive());
        final WriterLock lock = WriterLock.acquireArchive(directory);
        try
        {
            final ArchivePass pass = new ArchivePass(context, directory, force, pace, memory, listener);
            pass.run(minAgeNs, isWithRetention);
            return new ArchiveReport(List.copyOf(pass.actions));
        }
        finally
        {
            lock.close();
        }
    }

    private void run(final long minAgeNs, final boolean isWithRetention) throws IOException
    {
        deleteHalfMade();
        final JournalFiles files = new JournalFiles(directory, context.archive().keys());
        if (isWithRetention)
        {
            // First: what goes need not be compressed before.
            final Retention retention = new Retention(context, directory, force, move, table, lost);
            for (final JournalFile file : closedFiles(files.list()))
            {
                attempt(file, () -> report(retention.apply(file)));
            }
        }
        for (final JournalFile file : closedFiles(files.list()))
        {
            attempt(file, () -> moveIfDue(file, minAgeNs));
            if (pace.isPausing() && !actions.isEmpty() && last().kind() == ArchiveAction.Kind.ARCHIVED)
            {
                // A file takes its time, and meanwhile others expire: they come first in the next pass.
                break;
            }
        }
        final Set<String> present = new HashSet<>();
        files.list().forEach((file) -> present.add(file.path().getFileName().toString()));
        table.compact(present);
    }

    private ArchiveAction last()
    {
        return actions.get(actions.size() - 1);
    }

    private void attempt(final JournalFile file, final JournalFiles.FileWork<Void> work)
    {
        final String name = file.path().getFileName().toString();
        if (memory.isResting(name))
        {
            return;
        }
        try
        {
            pace.onPiece();
            work.run();
        }
        catch (final EventException | IOException ex)
        {
            report(new ArchiveAction(
                ArchiveAction.Kind.FAILED,
                name,
                0,
                0,
                0,
                0,
                0,
                List.of(),
                ex instanceof EventException ? ex.getMessage() : ex.toString()));
        }
    }

    private Void moveIfDue(final JournalFile file, final long minAgeNs) throws IOException
    {
        if (file.isArchived())
        {
            return null;
        }
        final ClosedFile known = table.of(file);
        if (context.clock().nanoTime() - known.lastTimeNs() >= minAgeNs)
        {
            checkDigest(file, known);
            final ArchiveMove.Result result = move.run(file, lost, (event) -> true, null);
            table.note(result.written());
            report(new ArchiveAction(
                ArchiveAction.Kind.ARCHIVED,
                result.written().name(),
                result.read().first(),
                result.read().last(),
                result.read().records(),
                result.read().length(),
                result.written().length(),
                List.of(),
                ""));
        }
        return null;
    }

    private void checkDigest(final JournalFile file, final ClosedFile known) throws IOException
    {
        if (!known.digest().isEmpty() && !known.digest().equals(FileDigest.of(file.path(), known.length(), pace)))
        {
            throw JournalDamagedException.at(
                file.path(), "a place outside its records", "its digest is not what it was when the file was closed");
        }
    }

    private Void report(final ArchiveAction action)
    {
        if (action != null)
        {
            actions.add(action);
            memory.note(action);
            listener.onAction(action);
        }
        return null;
    }

    /** What the syncer has not forced as a whole, it may still look for. */
    private List<JournalFile> closedFiles(final List<JournalFile> files) throws IOException
    {
        final int syncedCycle = SyncedMark.read(directory).cycle();
        final List<JournalFile> closed = new ArrayList<>();
        int withRecords = 0;
        for (int i = files.size() - 1; i >= 0; i--)
        {
            final JournalFile file = files.get(i);
            if (file.isArchived())
            {
                closed.add(0, file);
            }
            else if (hasRecords(file))
            {
                withRecords++;
                if (withRecords > 1 && file.cycle() < syncedCycle)
                {
                    noteDigest(file);
                    if (withRecords > 2)
                    {
                        closed.add(0, file);
                    }
                }
            }
        }
        return closed;
    }

    /** Also for the last but one file: it is closed, although it is not moved yet. */
    private void noteDigest(final JournalFile file)
    {
        if (table.noted(file) == null)
        {
            attempt(file, () ->
            {
                table.of(file);
                return null;
            });
        }
    }

    private static boolean hasRecords(final JournalFile file) throws IOException
    {
        try (ExcerptScanner scanner = ExcerptScanner.open(file.path()))
        {
            ExcerptScanner.Step step = scanner.next();
            while (step == ExcerptScanner.Step.META_DATA)
            {
                step = scanner.next();
            }
            // What can't be read is no empty file.
            return step == ExcerptScanner.Step.EXCERPT || step == ExcerptScanner.Step.DAMAGED;
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
    }

    private void deleteHalfMade() throws IOException
    {
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(directory.archive(), "*" + ArchiveMove.TEMPORARY_SUFFIX))
        {
            for (final Path file : files)
            {
                Files.delete(file);
            }
        }
    }
}
