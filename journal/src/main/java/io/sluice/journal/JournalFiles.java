package io.sluice.journal;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All files of a journal as one sequence, wherever they lie. A closed file moves from {@code journal/} to {@code
 * archive/} while others read; it is in both for a moment and never in none, and where it is in both, the one in {@code
 * journal/} counts. Any thread.
 */
final class JournalFiles
{
    private static final int MAX_ATTEMPTS = 100;

    /** Work on files that may vanish meanwhile. */
    @FunctionalInterface
    interface FileWork<T>
    {
        /**
         * Do it from the start.
         *
         * @return the result.
         * @throws NoSuchFileException if a file is not where the list said: it is done again with a new list.
         */
        T run() throws IOException;
    }

    private final DataDirectory directory;
    private final KeyProvider keys;
    private volatile boolean isEachExcerptChecked;

    JournalFiles(final DataDirectory directory, final KeyProvider keys)
    {
        this.directory = directory;
        this.keys = keys;
    }

    /** Let those who read a live file check all of an excerpt before they hand out its first record. */
    void checkExcerpts(final boolean isEach)
    {
        isEachExcerptChecked = isEach;
    }

    /** @return the directory of the files that the writer works on. */
    Path journal()
    {
        return directory.journal();
    }

    /** @return what is known of the files beside themselves. */
    RunLog runLog()
    {
        return new RunLog(directory);
    }

    /** @return the files in the order of their cycles. */
    List<JournalFile> list() throws IOException
    {
        // In this order: a file that leaves the first directory before we look is in the second one by then.
        final List<Path> live = CycleFiles.list(directory.journal());
        final List<Path> archived = CycleFiles.listArchived(directory.archive());
        final List<JournalFile> files = new ArrayList<>(live.size() + archived.size());
        int next = 0;
        for (final Path path : archived)
        {
            final int cycle = CycleFiles.cycleOf(path);
            while (next < live.size() && CycleFiles.cycleOf(live.get(next)) < cycle)
            {
                files.add(live(live.get(next++)));
            }
            if (next == live.size() || CycleFiles.cycleOf(live.get(next)) > cycle)
            {
                files.add(new JournalFile(cycle, path, true));
            }
        }
        while (next < live.size())
        {
            files.add(live(live.get(next++)));
        }
        return files;
    }

    /**
     * @param file of a list.
     * @return the file, open for reading.
     * @throws NoSuchFileException if it moved since it was listed: list again.
     */
    CycleReader open(final JournalFile file) throws IOException
    {
        if (!file.isArchived())
        {
            return MappedCycle.open(file, isEachExcerptChecked);
        }
        try
        {
            return new ArchivedCycle(file, openArchive(file));
        }
        catch (final ArchiveDamagedException ex)
        {
            throw new JournalDamagedException(ex.getMessage(), ex);
        }
    }

    /**
     * @param file of a list, archived.
     * @return its reader.
     * @throws NoSuchFileException     if it left since it was listed.
     * @throws ArchiveDamagedException also if another file is in its place: what it says has expired would be believed.
     */
    ArchiveReader openArchive(final JournalFile file) throws NoSuchFileException
    {
        return openArchive(file, keys);
    }

    static ArchiveReader openArchive(final JournalFile file, final KeyProvider keys) throws NoSuchFileException
    {
        try
        {
            final ArchiveReader reader = ArchiveReader.open(file.path(), keys);
            final String cycle = reader.summary().coverage().cycle();
            if (!cycle.equals(CycleFiles.nameOf(file.cycle())))
            {
                reader.close();
                throw new ArchiveDamagedException(
                    file.path() + " is damaged: it holds what belongs into " + cycle + CycleFiles.ARCHIVE_SUFFIX +
                    "; put each file back in its place");
            }
            return reader;
        }
        catch (final EventStorageException ex)
        {
            if (Files.notExists(file.path()))
            {
                throw new NoSuchFileException(file.path().toString());
            }
            throw ex;
        }
    }

    /** Do work, again and again if files move meanwhile. */
    static <T> T whileFilesMove(final FileWork<T> work) throws IOException
    {
        int attempt = 0;
        while (true)
        {
            try
            {
                return work.run();
            }
            catch (final NoSuchFileException ex)
            {
                // A file moves once and leaves once; whatever vanishes more often than that is no move.
                if (++attempt == MAX_ATTEMPTS)
                {
                    throw ex;
                }
            }
        }
    }

    private static JournalFile live(final Path path)
    {
        return new JournalFile(CycleFiles.cycleOf(path), path, false);
    }
}
