package io.sluice.journal;

import io.sluice.archive.ArchiveReader;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out where the journal ends, and clears what a crash left half done behind that. Only the last file with records
 * is read in full, so the time it takes does not grow with the journal. Needs the writer lock.
 *
 * <p>First it looks, then it changes: if there is damage, nothing is changed.
 */
final class JournalRecovery
{
    private static final int CLEAR_LENGTH = 1 << 16;

    private final DataDirectory directory;
    private final JournalPhaseListener phaseListener;
    private final List<Path> halfCreated = new ArrayList<>();
    private final List<LostRanges.Range> lost;
    private final CycleScan scan;
    private CycleScan.End end;
    private Path lastFile;
    private RunLog.Summary runs;
    private long lastSequence;
    private long recordsScanned;
    private long tornBytes;

    JournalRecovery(final DataDirectory directory, final JournalPhaseListener phaseListener) throws IOException
    {
        this.directory = directory;
        this.phaseListener = phaseListener;
        lost = new LostRanges(directory).read();
        scan = new CycleScan(new FailOnDamage(lost), false);
    }

    void run() throws IOException
    {
        phaseListener.onStep(JournalPhase.RECOVERY, 0);
        runs = new RunLog(directory).read();
        look();
        phaseListener.onStep(JournalPhase.RECOVERY, 1);
        for (final Path file : halfCreated)
        {
            Files.delete(file);
        }
        phaseListener.onStep(JournalPhase.RECOVERY, 2);
        if (end == CycleScan.End.TORN)
        {
            tornBytes = scan.tornLength();
            clear(lastFile, scan.endPosition(), scan.tornEnd());
        }
        phaseListener.onStep(JournalPhase.RECOVERY, 3);
        QueueMetadata.prepare(directory.journal());
        phaseListener.onStep(JournalPhase.RECOVERY, JournalPhaseListener.END);
    }

    /** @return the last sequence given: of the last record, or of a range that a repair wrote off. */
    long lastSequence()
    {
        return lastSequence;
    }

    long lastJournalTime()
    {
        return Math.max(scan.lastJournalTime(), runs.lastTimeNs());
    }

    /** @return cycle of the last file, or -1 if there is none. */
    int lastCycle()
    {
        return lastFile == null ? -1 : CycleFiles.cycleOf(lastFile);
    }

    /** @return true if the last file is closed, so that appends need a new one. */
    boolean isSealed()
    {
        return end == CycleScan.End.SEALED;
    }

    /** @return where the next excerpt goes in the last file. */
    long endPosition()
    {
        return lastFile == null ? 0 : scan.endPosition();
    }

    /** @return journal time of the first record of the last file. */
    long fileStartTime()
    {
        return scan.fileFirstTime();
    }

    RecoveryReport report(final long elapsedNs)
    {
        return new RecoveryReport(
            lastSequence, lastJournalTime(), recordsScanned, tornBytes, runs.cleanStop(), elapsedNs);
    }

    private void look() throws IOException
    {
        final List<Path> files = CycleFiles.list(directory.journal());
        int last = files.size() - 1;
        while (last >= 0)
        {
            end = scan.scan(files.get(last));
            recordsScanned += scan.fileRecords();
            if (end != CycleScan.End.HALF_CREATED)
            {
                lastFile = files.get(last);
                break;
            }
            halfCreated.add(files.get(last));
            last--;
        }
        lastSequence = Math.max(scan.lastSequence(), LostRanges.highest(lost));
        if (runs.leastSequence() > lastSequence)
        {
            throw damaged(
                lastFile == null ? directory.journal() : lastFile,
                lastFile == null ? 0 : scan.endPosition(),
                scan.lastSequence(),
                "the journal ends here, but the run log knows of sequence " + runs.leastSequence());
        }
        if (lastFile != null)
        {
            final long before = lastSequenceBefore(files, last);
            final long first = scan.fileFirstSequence();
            if (LostRanges.firstNotLost(lost, before + 1, first - 1) != first)
            {
                throw damaged(
                    lastFile, 0, before, "it starts with sequence " + first + ", sequences from " + (before + 1) +
                    " on are missing");
            }
        }
    }

    private long lastSequenceBefore(final List<Path> files, final int index) throws IOException
    {
        JournalFile before = null;
        for (final JournalFile file : new JournalFiles(directory, KeyProvider.NONE).list())
        {
            before = file.cycle() < CycleFiles.cycleOf(files.get(index)) ? file : before;
        }
        if (before == null)
        {
            return 0;
        }
        if (!before.isArchived())
        {
            return lastSequenceOf(before.path());
        }
        // What it stands for is in its header, which needs no key.
        try (ArchiveReader archive = JournalFiles.openArchive(before, KeyProvider.NONE))
        {
            return archive.summary().coverage().last();
        }
    }

    private long lastSequenceOf(final Path file) throws IOException
    {
        // A scan of its own: the sequence must not run on from the later file.
        final CycleScan previous = new CycleScan(new FailOnDamage(lost), false);
        previous.scan(file);
        return previous.lastSequence();
    }

    private static void clear(final Path file, final long from, final long to) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            final ByteBuffer zeros = ByteBuffer.allocateDirect(CLEAR_LENGTH);
            // From the back, so that a crash in between leaves what looks like a shorter cut write.
            long end = to;
            while (end > from)
            {
                final int length = (int)Math.min(CLEAR_LENGTH, end - from);
                zeros.clear().limit(length);
                while (zeros.hasRemaining())
                {
                    channel.write(zeros, end - length + zeros.position());
                }
                end -= length;
            }
        }
    }

    private static DataDirectoryException damaged(
        final Path file, final long offset, final long sequence, final String text)
    {
        return new DataDirectoryException(
            DirectoryState.DAMAGED,
            file + " is damaged at offset " + offset + ", after sequence " + sequence + ": " + text +
            ". Nothing was changed. Run `sluice verify` for the whole picture, then `sluice repair --quarantine`");
    }

    private static final class FailOnDamage implements CycleScan.Listener
    {
        private final List<LostRanges.Range> lost;

        FailOnDamage(final List<LostRanges.Range> lost)
        {
            this.lost = lost;
        }

        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            throw damaged(file, offset, sequence, text);
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
            if (LostRanges.firstNotLost(lost, first, last) <= last)
            {
                throw damaged(file, offset, first - 1, "sequences " + first + " to " + last + " are missing");
            }
        }
    }
}
