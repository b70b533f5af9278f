package io.sluice.journal;

import io.sluice.archive.ArchiveContext;
import io.sluice.archive.ArchiveCoverage;
import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.ArchiveWriter;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the records of the sound blocks of a damaged archive file to a new file that takes its place. */
final class ArchiveRebuild
{
    private ArchiveRebuild()
    {
    }

    /**
     * Replace a file. The original must have been kept elsewhere.
     *
     * @param directory of the journal.
     * @param file      of the archive.
     * @param keys      of encrypted files.
     * @param force     to the device.
     * @return records of the new file; 0 if there was none to save, then the file is gone.
     */
    static long replace(
        final DataDirectory directory, final JournalFile file, final KeyProvider keys, final DeviceForce force)
        throws IOException
    {
        final Path temporary =
            file.path().resolveSibling(file.path().getFileName() + ArchiveMove.TEMPORARY_SUFFIX);
        Files.deleteIfExists(temporary);
        final Copy copy = new Copy();
        final ArchiveContext context = new ArchiveContext().keys(keys).forceListener(force::onForced);
        try (ArchiveWriter writer = ArchiveWriter.create(temporary, context))
        {
            copy.writer = writer;
            final JournalFiles files = new JournalFiles(directory, keys);
            final CycleScan scan = new CycleScan(copy, false);
            try (ArchiveScan archiveScan = new ArchiveScan(files, scan, (path, isPruned, first, last) ->
            {
            }))
            {
                archiveScan.scan(file);
            }
            if (writer.records() == 0)
            {
                noteExpired(directory, files, file, force);
                Files.delete(file.path());
                force.directory(directory.archive());
                return 0;
            }
            writer.finish(coverage(files, file));
        }
        ArchiveMove.place(temporary, file.path());
        force.directory(directory.archive());
        return copy.records;
    }

    /** What had expired in a file was noted in it; that must not become a gap now that the file goes. */
    private static void noteExpired(
        final DataDirectory directory, final JournalFiles files, final JournalFile file, final DeviceForce force)
        throws IOException
    {
        try
        {
            final ArchiveCoverage coverage = coverage(files, file);
            if (coverage.pruned())
            {
                new ExpiredRanges(directory).add(coverage.first(), coverage.last(), force);
            }
        }
        catch (final ArchiveDamagedException ex)
        {
            // Then all of it was written off.
            return;
        }
    }

    private static ArchiveCoverage coverage(final JournalFiles files, final JournalFile file)
        throws IOException
    {
        try (ArchiveReader reader = files.openArchive(file))
        {
            return reader.summary().coverage();
        }
    }

    private static final class Copy implements CycleScan.Listener
    {
        private ArchiveWriter writer;
        private long records;

        @Override
        public void onRecord(final EventFlyweight event, final long block)
        {
            writer.append(event.buffer(), event.offset(), event.recordLength());
            records++;
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            // That is why we are here.
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
            // Written off before.
        }
    }
}
