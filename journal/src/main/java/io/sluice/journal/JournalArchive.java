package io.sluice.journal;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveFile;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.ArchiveSummary;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What can be done to the archive of a data directory from outside, whether or not an engine uses the directory. Any
 * thread; one process at a time changes the archive, others are told that it is busy.
 */
public final class JournalArchive
{
    private JournalArchive()
    {
    }

    /**
     * Compress all closed files but the last two with events, whatever their age, on the calling thread and without
     * pauses. Takes about as long as the files are large: some ten MB a second.
     *
     * @param context         of the journal, with its directory, clock and {@link JournalContext#archive()}; is
     *                        concluded if it was not.
     * @param isWithRetention true to remove what has expired, too.
     * @return what was done; files with which something is wrong are reported and left.
     * @throws io.sluice.archive.ArchiveKeyException if the process that appends encrypts the archive, and there is no
     *                                               key.
     * @throws DataDirectoryException                if there is no journal, another process changes the archive, or the
     *                                               directory can't be written.
     */
    public static ArchiveReport archiveNow(final JournalContext context, final boolean isWithRetention)
    {
        if (!context.isConcluded())
        {
            context.conclude();
        }
        final DataDirectory directory = readable(context.directory());
        try
        {
            StoredPolicy.read(directory).check(context.archive().keys());
            return ArchivePass.run(
                context,
                directory,
                new ArchivePace(false),
                new ArchiveMemory(),
                context.archive().listener(),
                ArchivePass.ANY_AGE,
                isWithRetention);
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.archive(), ex);
        }
    }

    /**
     * @param dataDirectory of a journal.
     * @return how long the process that appended last keeps events; {@link RetentionPolicy#standard()} if it never
     *         said.
     * @throws DataDirectoryException if there is no journal, or it can't be read.
     */
    public static RetentionPolicy retention(final Path dataDirectory)
    {
        final DataDirectory directory = readable(dataDirectory);
        try
        {
            return StoredPolicy.read(directory).retention();
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.control(), ex);
        }
    }

    /**
     * The policy of the process that appended last, for one that appends in between and leaves closed files alone: it
     * has no thread, and opening an appender with it changes nothing about how long events are kept.
     *
     * @param dataDirectory of a journal, or where one is to be made.
     * @param keys          of encrypted archive files, or {@link KeyProvider#NONE}.
     * @return the policy.
     * @throws io.sluice.archive.ArchiveKeyException if that process encrypts the archive, and there is no key.
     * @throws DataDirectoryException                if the directory can't be read.
     */
    public static ArchivePolicy idlePolicy(final Path dataDirectory, final KeyProvider keys)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        final ArchivePolicy policy = new ArchivePolicy().thread(false);
        try
        {
            if (DirectoryFormat.check(directory))
            {
                final StoredPolicy stored = StoredPolicy.read(directory);
                stored.check(keys);
                policy.retention(stored.retention()).keys(stored.isEncrypted() ? keys : KeyProvider.NONE);
            }
            return policy;
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.control(), ex);
        }
    }

    /**
     * @param file of keys.
     * @return its keys; the file is read again whenever a key is needed, so that a rotation is seen.
     */
    public static KeyProvider keyFile(final Path file)
    {
        return new KeyFileKeys(file);
    }

    /**
     * List the archive. Needs no key and takes no lock.
     *
     * @param dataDirectory of the journal.
     * @return its files in order.
     * @throws DataDirectoryException if there is no journal, or it can't be read.
     */
    public static List<ArchivedFile> list(final Path dataDirectory)
    {
        final DataDirectory directory = readable(dataDirectory);
        try
        {
            return JournalFiles.whileFilesMove(() ->
            {
                final List<ArchivedFile> list = new ArrayList<>();
                for (final Path path : CycleFiles.listArchived(directory.archive()))
                {
                    list.add(describe(new JournalFile(CycleFiles.cycleOf(path), path, true)));
                }
                return list;
            });
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.archive(), ex);
        }
    }

    /**
     * Wrap the keys of all encrypted files with the current key. Events are not written again.
     *
     * @param dataDirectory of the journal.
     * @param keys          with all keys that are in use, and a current one.
     * @param listener      told of every file that was changed.
     * @param forceListener told of every force.
     * @return number of files that were changed.
     * @throws io.sluice.archive.ArchiveKeyException if a key is missing or wrong; what was done before stays done.
     * @throws DataDirectoryException                if there is no journal, or another process changes the archive.
     * @throws EventException                        if a file is damaged or can't be written.
     */
    public static int rewrapKeys(
        final Path dataDirectory,
        final KeyProvider keys,
        final Consumer<Path> listener,
        final ForceListener forceListener)
    {
        final DataDirectory directory = readable(dataDirectory);
        if (!Files.isDirectory(directory.archive()))
        {
            return 0;
        }
        try
        {
            final WriterLock lock = WriterLock.acquireArchive(directory);
            try
            {
                int changed = 0;
                for (final Path file : CycleFiles.listArchived(directory.archive()))
                {
                    if (ArchiveFile.rewrap(file, keys, (path) -> forceListener.onForced(path, false)))
                    {
                        changed++;
                        listener.accept(file);
                    }
                }
                return changed;
            }
            finally
            {
                lock.close();
            }
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.archive(), ex);
        }
    }

    private static ArchivedFile describe(final JournalFile file) throws NoSuchFileException
    {
        final String name = file.path().getFileName().toString();
        try (ArchiveReader reader = JournalFiles.openArchive(file, KeyProvider.NONE))
        {
            final ArchiveSummary summary = reader.summary();
            return new ArchivedFile(
                name,
                summary.coverage().first(),
                summary.coverage().last(),
                summary.firstTimeNs(),
                summary.lastTimeNs(),
                summary.records(),
                summary.coverage().expired(),
                summary.storedBytes(),
                summary.jsonBytes(),
                summary.keyId(),
                "");
        }
        catch (final ArchiveDamagedException ex)
        {
            return new ArchivedFile(name, 0, 0, 0, 0, 0, 0, file.path().toFile().length(), 0, "", ex.getMessage());
        }
    }

    private static DataDirectory readable(final Path dataDirectory)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        DirectoryFormat.checkReadable(directory);
        return directory;
    }
}
