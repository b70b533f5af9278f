package io.sluice.journal;

import io.sluice.archive.ArchiveReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the closed files during one look at all of them: mostly from {@code control/files}, else found out
 * by reading, and noted. Not thread-safe.
 */
final class ClosedFileTable
{
    private final ClosedFiles closedFiles;
    private final JournalFiles files;
    private final JournalContext context;
    private final DeviceForce force;
    private final ArchivePace pace;
    private final List<LostRanges.Range> lost;
    private final Map<String, ClosedFile> known;

    ClosedFileTable(
        final JournalContext context,
        final DataDirectory directory,
        final DeviceForce force,
        final ArchivePace pace,
        final List<LostRanges.Range> lost) throws IOException
    {
        this.context = context;
        this.force = force;
        this.pace = pace;
        this.lost = lost;
        closedFiles = new ClosedFiles(directory);
        files = new JournalFiles(directory, context.archive().keys());
        known = closedFiles.read();
    }

    /**
     * @param file closed, of a list.
     * @return what it holds, as far as is known: a crash may have kept a file that was written anew from being noted.
     * @throws io.sluice.event.EventException if it must be read for that and is damaged.
     */
    ClosedFile of(final JournalFile file) throws IOException
    {
        final ClosedFile noted = known.get(nameOf(file));
        return noted != null && noted.policy().equals(context.archive().retention().id()) ? noted : read(file, noted);
    }

    /**
     * @param file closed, of a list.
     * @return what it holds, for sure.
     * @throws io.sluice.event.EventException if it must be read for that and is damaged.
     */
    ClosedFile checked(final JournalFile file) throws IOException
    {
        final ClosedFile found = of(file);
        return isSame(file, found) ? found : read(file, found);
    }

    private ClosedFile read(final JournalFile file, final ClosedFile noted) throws IOException
    {
        final ClosedFile read = new ClosedFileReader(files, lost, pace).read(
            file, context.archive().retention(), (event) ->
            {
            });
        final ClosedFile found = file.isArchived() ? read : withDigest(file, read, noted);
        note(found);
        return found;
    }

    /**
     * @param file of a list.
     * @return what was noted of it before, or null.
     */
    ClosedFile noted(final JournalFile file)
    {
        return known.get(nameOf(file));
    }

    void note(final ClosedFile file) throws IOException
    {
        closedFiles.note(file, force);
        known.put(file.name(), file);
    }

    void compact(final Set<String> present) throws IOException
    {
        closedFiles.compact(present, force);
    }

    /**
     * The digest says what the file was when it was closed. It is kept where there is one: a file that has changed
     * since must not become its own witness.
     */
    private ClosedFile withDigest(final JournalFile file, final ClosedFile read, final ClosedFile noted)
        throws IOException
    {
        if (noted != null && !noted.digest().isEmpty())
        {
            return read.withDigest(noted.length(), noted.digest());
        }
        if (!read.isSealed())
        {
            return read;
        }
        // Or a power loss could take from the file what its digest then says was there.
        force.file(file.path());
        return read.withDigest(read.length(), FileDigest.of(file.path(), read.length(), pace));
    }

    private boolean isSame(final JournalFile file, final ClosedFile noted) throws IOException
    {
        if (!file.isArchived())
        {
            return true;
        }
        try (ArchiveReader reader = files.openArchive(file))
        {
            return reader.summary().records() == noted.records() &&
                reader.summary().storedBytes() == noted.length();
        }
    }

    private static String nameOf(final JournalFile file)
    {
        return file.path().getFileName().toString();
    }
}
