package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a whole journal: every checksum, every hash, the framing, that sequences are dense, that what the run log
 * knows of is there. Reads with plain reads, takes no lock and changes nothing; a journal may be verified while it is
 * appended to.
 */
public final class JournalVerifier
{
    private static final int MAX_FINDINGS = 1000;

    private JournalVerifier()
    {
    }

    /**
     * Verify.
     *
     * @param dataDirectory to read.
     * @return what was found.
     * @throws DataDirectoryException if there is no journal in it, or it can't be read.
     */
    public static VerifyReport verify(final Path dataDirectory)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        DirectoryFormat.checkReadable(directory);
        try
        {
            return verify(directory);
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.root(), ex);
        }
    }

    private static VerifyReport verify(final DataDirectory directory) throws IOException
    {
        // Read before the files: what it knows of by now must be in them.
        final RunLog.Summary runs = new RunLog(directory).read();
        final List<LostRanges.Range> lost = new LostRanges(directory).read();
        final List<Path> files = CycleFiles.list(directory.journal());
        final Collector collector = new Collector(lost);
        final CycleScan scan = new CycleScan(collector, true);
        long bytes = 0;
        int torn = 0;
        for (final Path file : files)
        {
            final CycleScan.End end = scan.scan(file);
            bytes += scan.fileBytes();
            if (end == CycleScan.End.TORN)
            {
                torn++;
                collector.find(
                    file + " offset " + scan.endPosition() + ": " + scan.tornLength() +
                    " bytes of a write that a crash cut short after sequence " + scan.lastSequence() +
                    "; it was never acknowledged");
            }
            else if (end == CycleScan.End.HALF_CREATED && !file.equals(files.get(files.size() - 1)))
            {
                collector.find(file + " holds no record; opening the journal for appending removes such files");
            }
        }
        final long last = Math.max(scan.lastSequence(), LostRanges.highest(lost));
        if (runs.leastSequence() > last)
        {
            collector.onDamage(
                files.isEmpty() ? directory.journal() : files.get(files.size() - 1),
                scan.endPosition(),
                scan.lastSequence(),
                "the journal ends here, but the run log knows of sequence " + runs.leastSequence());
        }
        if (runs.damaged() > 0)
        {
            collector.corrupt++;
            collector.find(directory.control() + ": " + runs.damaged() + " lines of the run log fail their checksum");
        }
        for (final LostRanges.Range range : lost)
        {
            collector.find(
                "sequences " + range.first() + " to " + range.last() + " were written off when " + range.file() +
                " was repaired");
        }
        return new VerifyReport(
            collector.events,
            collector.firstSequence,
            scan.lastSequence(),
            collector.gaps,
            0,
            collector.corrupt,
            torn,
            files.size(),
            bytes,
            List.copyOf(collector.findings));
    }

    private static final class Collector implements CycleScan.Listener
    {
        private final List<LostRanges.Range> lost;
        private final List<String> findings = new ArrayList<>();
        private long events;
        private long firstSequence;
        private long gaps;
        private long corrupt;

        Collector(final List<LostRanges.Range> lost)
        {
            this.lost = lost;
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
            find(file + " offset " + offset + ", after sequence " + sequence + ": " + text);
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
            long missing = 0;
            long at = LostRanges.firstNotLost(lost, first, last);
            while (at <= last)
            {
                final long end = LostRanges.firstLostAfter(lost, at, last) - 1;
                missing += end - at + 1;
                find(file + " offset " + offset + ": sequences " + at + " to " + end + " are missing before it");
                at = LostRanges.firstNotLost(lost, end + 1, last);
            }
            gaps += missing;
        }

        void find(final String text)
        {
            if (findings.size() < MAX_FINDINGS)
            {
                findings.add(text);
            }
        }
    }
}
