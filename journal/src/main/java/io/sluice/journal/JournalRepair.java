package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a damaged journal usable again and invents nothing.
 *
 * <ul>
 * <li>The damaged originals go to {@code DIR/quarantine/TIME/}, unchanged. Nothing is deleted.</li>
 * <li>Records of damaged files that are sound, hash by hash, are written to a new file of the same name, byte for byte:
 * they keep sequence, run id and journal time. Nothing is renumbered.</li>
 * <li>Sequences that are gone are <i>written off</i> in {@code control/lost}: they are never given again, appends
 * continue above them, tailers pass them with a notice, and verification names them without counting them as
 * damage.</li>
 * <li>Where the damage reaches the end of the journal, nobody can say how many records were there. Then more is written
 * off than can have been lost, so that no sequence is ever given twice.</li>
 * </ul>
 *
 * Needs the writer lock. A repair that dies half way can be run again.
 */
public final class JournalRepair
{
    /** More records than any excerpt holds: the length of the last one may be unknown. */
    private static final long MAX_EXCERPT_RECORDS = 1L << 16;
    private static final long MAX_FILE_RECORDS = JournalContext.MAX_ROLL_SIZE / EventDescriptor.MIN_RECORD_LENGTH;

    private final DataDirectory directory;
    private final DeviceForce force = new DeviceForce(ForceListener.NONE);
    private final List<LostRanges.Range> lost;
    private final LostRanges lostRanges;
    private final List<Path> damaged = new ArrayList<>();
    private final List<Path> withoutRecord = new ArrayList<>();
    private final List<LostRanges.Range> gaps = new ArrayList<>();
    private final List<String> actions = new ArrayList<>();
    private final long nowNs;
    private long lastDamageSequence = -1;
    private final Quarantine quarantine;
    private long recordsSaved;

    private JournalRepair(final DataDirectory directory, final long nowNs) throws IOException
    {
        this.directory = directory;
        this.nowNs = nowNs;
        quarantine = new Quarantine(directory, force, nowNs);
        lostRanges = new LostRanges(directory);
        lost = lostRanges.read();
    }

    /**
     * Repair a journal.
     *
     * @param dataDirectory of it.
     * @return what was done; {@link RepairReport#quarantine()} is null if there was nothing to do.
     * @throws DataDirectoryException if there is no journal, another process appends to it, or it can't be written.
     */
    public static RepairReport quarantine(final Path dataDirectory)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        DirectoryFormat.checkReadable(directory);
        try
        {
            final WriterLock lock = WriterLock.acquire(directory);
            try
            {
                final Instant now = Instant.now();
                return new JournalRepair(directory, now.getEpochSecond() * 1_000_000_000L + now.getNano()).run();
            }
            finally
            {
                lock.close();
            }
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.root(), ex);
        }
    }

    private RepairReport run() throws IOException
    {
        final List<Path> files = CycleFiles.list(directory.journal());
        final CycleScan scan = new CycleScan(new Finder(), true);
        for (final Path file : files)
        {
            final CycleScan.End end = scan.scan(file);
            if (end == CycleScan.End.DAMAGED)
            {
                damaged.add(file);
            }
            else if (end == CycleScan.End.HALF_CREATED)
            {
                withoutRecord.add(file);
            }
        }
        writeOffEnd(scan);
        if (damaged.isEmpty() && gaps.isEmpty())
        {
            return new RepairReport(null, List.of(), 0, 0, List.of());
        }
        // Where sequences are missing, a file without a record may be what is left of one that had them.
        damaged.addAll(withoutRecord);
        quarantine.make();
        forgetSynced();
        long sequencesLost = 0;
        for (final LostRanges.Range gap : gaps)
        {
            lostRanges.add(gap, force);
            sequencesLost += gap.last() - gap.first() + 1;
            actions.add("wrote off sequences " + gap.first() + " to " + gap.last());
        }
        for (final Path file : damaged)
        {
            replace(file, file.equals(files.get(files.size() - 1)));
        }
        force.directory(directory.journal());
        return new RepairReport(
            quarantine.path(), List.copyOf(damaged), recordsSaved, sequencesLost, List.copyOf(actions));
    }

    /** Files are about to change, so the watermark says nothing about them any more; the next open forces them all. */
    private void forgetSynced() throws IOException
    {
        try (SyncedFile synced = SyncedFile.open(directory, force))
        {
            synced.save(SyncedMark.NONE);
        }
    }

    /** Damage behind the last sound record may have taken records that nothing else tells of. */
    private void writeOffEnd(final CycleScan scan) throws IOException
    {
        final RunLog.Summary runs = new RunLog(directory).read();
        final long last = scan.lastSequence();
        long end = runs.leastSequence();
        if (!runs.cleanStop() && (runs.leastSequence() > last || scan.isEndLost() || lastDamageSequence == last))
        {
            final long claimed = scan.claimedPosition();
            final long records = claimed == 0 || runs.leastSequence() > last ?
                MAX_FILE_RECORDS :
                (claimed - Math.min(claimed, scan.lastSoundPosition())) / EventDescriptor.MIN_RECORD_LENGTH;
            end = Math.max(end, last) + records + MAX_EXCERPT_RECORDS;
        }
        final String file = damaged.isEmpty() ? "journal" : damaged.get(damaged.size() - 1).getFileName().toString();
        addGap(file, last + 1, end);
    }

    private void addGap(final String file, final long first, final long last)
    {
        long at = LostRanges.firstNotLost(lost, first, last);
        while (at <= last)
        {
            final long end = LostRanges.firstLostAfter(lost, at, last) - 1;
            gaps.add(new LostRanges.Range(at, end, nowNs, file));
            at = LostRanges.firstNotLost(lost, end + 1, last);
        }
    }

    /**
     * The original gets a second name first, then the new file takes its place at once: at no time is there no file.
     */
    private void replace(final Path file, final boolean isLast) throws IOException
    {
        final Path working = quarantine.path().resolve("rebuild");
        final Path rebuilt = CycleRebuild.rebuild(file, working, !isLast);
        quarantine.keep(file);
        if (rebuilt == null)
        {
            Files.delete(file);
            force.directory(directory.journal());
            actions.add("moved " + file + " to " + quarantine.path() + "; it holds no sound record");
            return;
        }
        recordsSaved += CycleRebuild.read(rebuilt).records();
        force.file(rebuilt);
        CycleRebuild.place(rebuilt, file, force);
        CycleRebuild.deleteDirectory(working);
        actions.add("moved " + file + " to " + quarantine.path() + " and wrote its sound records anew");
    }

    private final class Finder implements CycleScan.Listener
    {
        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            lastDamageSequence = sequence;
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
            addGap(file.getFileName().toString(), first, last);
        }
    }
}
