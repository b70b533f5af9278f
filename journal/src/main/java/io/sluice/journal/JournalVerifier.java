package io.sluice.journal;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks a whole journal, archived files included: every checksum, every hash, the framing, the digests of closed
 * files, that sequences are dense but for what has expired, that what the run log knows of is there. Reads with plain
 * reads, keeps nobody out and changes nothing; a journal may be verified while it is appended to, archived and expires.
 */
public final class JournalVerifier
{
    private final DataDirectory directory;
    private final JournalFiles files;
    private final RunLog.Summary runs;
    private final Map<String, ClosedFile> closed;
    private final Collector collector;
    private final CycleScan scan;
    private long bytes;
    private int torn;
    private int filesRead;

    private JournalVerifier(final DataDirectory directory, final KeyProvider keys) throws IOException
    {
        this.directory = directory;
        files = new JournalFiles(directory, keys);
        // Read before the files: what they know of by now must be in those.
        runs = new RunLog(directory).read();
        closed = new ClosedFiles(directory).read();
        collector = new Collector();
        scan = new CycleScan(collector, true);
    }

    /**
     * Verify a journal whose archive is not encrypted.
     *
     * @param dataDirectory to read.
     * @return what was found.
     * @throws DataDirectoryException                if there is no journal in it, or it can't be read.
     * @throws io.sluice.archive.ArchiveKeyException if a file of the archive is encrypted.
     */
    public static VerifyReport verify(final Path dataDirectory)
    {
        return verify(dataDirectory, KeyProvider.NONE);
    }

    /**
     * Verify.
     *
     * @param dataDirectory to read.
     * @param keys          of encrypted files.
     * @return what was found.
     * @throws DataDirectoryException                if there is no journal in it, or it can't be read.
     * @throws io.sluice.archive.ArchiveKeyException if a key is missing or wrong.
     */
    public static VerifyReport verify(final Path dataDirectory, final KeyProvider keys)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        DirectoryFormat.checkReadable(directory);
        try
        {
            return new JournalVerifier(directory, keys).run();
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.root(), ex);
        }
    }

    private VerifyReport run() throws IOException
    {
        Path lastFile = directory.journal();
        try (ArchiveScan archiveScan = new ArchiveScan(files, scan, (file, isPruned, first, last) ->
        {
        }))
        {
            List<JournalFile> list = files.list();
            int next = 0;
            while (next < list.size())
            {
                final JournalFile file = list.get(next);
                try
                {
                    read(file, archiveScan, next == list.size() - 1);
                    lastFile = file.path();
                    next++;
                }
                catch (final NoSuchFileException ex)
                {
                    // It moved, or expired: go on with a new list behind what is read.
                    list = files.list().stream().filter((other) -> other.cycle() >= file.cycle()).toList();
                    next = 0;
                }
            }
        }
        checkRuns(lastFile);
        checkControl();
        return report();
    }

    private void read(final JournalFile file, final ArchiveScan archiveScan, final boolean isLast) throws IOException
    {
        scan.bounds(runs.firstOf(file.cycle()), runs.lastOf(file.cycle()));
        if (file.isArchived())
        {
            bytes += archiveScan.scan(file);
        }
        else
        {
            scan.appending(isLast ? () -> WriterLock.isAppending(directory) : CycleScan.Appending.NOBODY);
            final CycleScan.End end = scan.scan(file.path());
            bytes += scan.fileBytes();
            onEnd(file.path(), end, isLast);
            checkDigest(file.path());
        }
        filesRead++;
    }

    private void onEnd(final Path file, final CycleScan.End end, final boolean isLast)
    {
        if (end == CycleScan.End.TORN)
        {
            torn++;
            collector.find(
                file + " offset " + scan.endPosition() + ": " + scan.tornLength() +
                " bytes of a write that a crash cut short after sequence " + scan.lastSequence() +
                "; it was never acknowledged");
        }
        else if (end == CycleScan.End.HALF_CREATED && !isLast)
        {
            collector.find(file + " holds no record; opening the journal for appending removes such files");
        }
    }

    /** What the scan does not look at, the digest covers. */
    private void checkDigest(final Path file) throws IOException
    {
        final ClosedFile known = closed.get(file.getFileName().toString());
        try
        {
            if (known != null && !scan.isFileDamaged() && !known.isUnchanged(file))
            {
                scan.damage(file, 0, "the first " + known.length() +
                    " bytes are not what they were when the file was closed, although every record in it is sound");
            }
        }
        catch (final NoSuchFileException ex)
        {
            // It was read whole, then it moved.
            return;
        }
    }

    private void checkRuns(final Path lastFile)
    {
        final long last = Math.max(scan.lastSequence(), collector.missing.highestLost());
        if (runs.leastSequence() > last)
        {
            collector.onDamage(
                lastFile,
                scan.endPosition(),
                scan.lastSequence(),
                "the journal ends here, but the run log knows of sequence " + runs.leastSequence());
        }
        for (final LostRanges.Range range : collector.missing.lost())
        {
            collector.find(
                "sequences " + range.first() + " to " + range.last() + " were written off when " + range.file() +
                " was repaired");
        }
    }

    private void checkControl() throws IOException
    {
        for (final ControlFileKind kind : ControlFileKind.values())
        {
            final ControlFile.Content content = kind.read(directory);
            if (content.damaged() > 0)
            {
                collector.corrupt++;
                collector.find(kind.describe(directory, content));
            }
        }
        if (SyncedMark.isDamaged(directory))
        {
            collector.corrupt++;
            collector.find(
                directory.synced() + " is damaged; opening the journal for appending makes it anew, no event is lost");
        }
    }

    private VerifyReport report()
    {
        if (collector.corrupt + collector.gaps > 0 && runs.mayHaveLostPower(BootId.read()))
        {
            collector.find(
                "the last run did not end in order, and the machine was started again since: behind what was forced " +
                "to the device, a power loss may have left all this; opening for appending recovers the journal");
        }
        return new VerifyReport(
            collector.events,
            collector.firstSequence,
            scan.lastSequence(),
            collector.gaps,
            collector.expired,
            collector.corrupt,
            torn,
            filesRead,
            bytes,
            List.copyOf(collector.findings));
    }

    private final class Collector implements CycleScan.Listener
    {
        private static final int MAX_FINDINGS = 1000;

        private final List<String> findings = new ArrayList<>();
        private MissingRanges missing;
        private long events;
        private long firstSequence;
        private long gaps;
        private long expired;
        private long corrupt;

        Collector() throws IOException
        {
            missing = MissingRanges.read(directory, files);
        }

        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
            events++;
            if (firstSequence == 0)
            {
                firstSequence = event.sequence();
            }
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            corrupt++;
            find(file + (isArchived(file) ? "" : " offset " + offset) + ", after sequence " + sequence + ": " + text);
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
            if (missing.firstUnknown(first, last) <= last)
            {
                // It may have expired since.
                refresh();
            }
            missing.explain(first, last, (reason, from, to) ->
            {
                if (reason == MissingRanges.Reason.EXPIRED)
                {
                    expired += to - from + 1;
                }
                else if (reason == MissingRanges.Reason.UNKNOWN)
                {
                    gaps += to - from + 1;
                    find(file + (isArchived(file) ? " block " : " offset ") + offset + ": sequences " + from + " to " +
                        to + " are missing before it");
                }
            });
        }

        void find(final String text)
        {
            if (findings.size() < MAX_FINDINGS)
            {
                findings.add(text);
            }
        }

        private void refresh()
        {
            try
            {
                missing = MissingRanges.read(directory, files);
            }
            catch (final IOException ex)
            {
                throw DirectoryFormat.notAccessible(directory.control(), ex);
            }
        }

        private boolean isArchived(final Path file)
        {
            return file.startsWith(directory.archive());
        }
    }
}
