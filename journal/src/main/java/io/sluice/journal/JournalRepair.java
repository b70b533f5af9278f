package io.sluice.journal;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;

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
 * Lines of the files below {@code control/} that are damaged are taken out of them; those files go to quarantine, too.
 *
 * <p>Needs the writer lock. Where the last run met a power loss, that is recovered first, as opening for appending
 * does. A repair that dies half way can be run again.
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
    private final List<JournalFile> damaged = new ArrayList<>();
    private final List<JournalFile> withoutRecord = new ArrayList<>();
    private final List<LostRanges.Range> gaps = new ArrayList<>();
    private final List<ControlFileKind> damagedControl = new ArrayList<>();
    private final List<String> actions = new ArrayList<>();
    private final RunLog.Summary runs;
    private final long nowNs;
    private long lastDamageSequence = -1;
    private final Quarantine quarantine;
    private final KeyProvider keys;
    private final JournalFiles journalFiles;
    private final MissingRanges missing;
    private final ClosedFiles closedFiles;
    private final Map<String, ClosedFile> closed;
    private long recordsSaved;

    private JournalRepair(final DataDirectory directory, final KeyProvider keys, final long nowNs) throws IOException
    {
        this.directory = directory;
        this.keys = keys;
        this.nowNs = nowNs;
        journalFiles = new JournalFiles(directory, keys);
        runs = new RunLog(directory).read();
        missing = MissingRanges.read(directory, journalFiles);
        closedFiles = new ClosedFiles(directory);
        closed = closedFiles.read();
        quarantine = new Quarantine(directory, force, nowNs);
        lostRanges = new LostRanges(directory);
        lost = lostRanges.read();
    }

    /**
     * Repair a journal whose archive is not encrypted.
     *
     * @param dataDirectory of it.
     * @return what was done; {@link RepairReport#quarantine()} is null if there was nothing to do.
     * @throws DataDirectoryException                if there is no journal, another process appends to it, or it can't
     *                                               be written.
     * @throws io.sluice.archive.ArchiveKeyException if a file of the archive is encrypted; nothing was changed.
     */
    public static RepairReport quarantine(final Path dataDirectory)
    {
        return quarantine(dataDirectory, KeyProvider.NONE);
    }

    /**
     * Repair a journal.
     *
     * @param dataDirectory of it.
     * @param keys          of encrypted files.
     * @return what was done; {@link RepairReport#quarantine()} is null if there was nothing to do.
     * @throws DataDirectoryException                if there is no journal, another process appends to it or changes
     *                                               its archive, or it can't be written.
     * @throws io.sluice.archive.ArchiveKeyException if a key is missing or wrong; nothing was changed.
     */
    public static RepairReport quarantine(final Path dataDirectory, final KeyProvider keys)
    {
        final DataDirectory directory = new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        DirectoryFormat.checkReadable(directory);
        try
        {
            final WriterLock lock = WriterLock.acquire(directory);
            WriterLock archiveLock = null;
            try
            {
                archiveLock = Files.isDirectory(directory.archive()) ? WriterLock.acquireArchive(directory) : null;
                final Instant now = Instant.now();
                return new JournalRepair(
                    directory, keys, now.getEpochSecond() * 1_000_000_000L + now.getNano()).run();
            }
            finally
            {
                CloseHelper.closeAll(archiveLock, lock);
            }
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.root(), ex);
        }
    }

    private RepairReport run() throws IOException
    {
        final Path putAside = recoverFromPowerLoss();
        final List<JournalFile> files = journalFiles.list();
        final CycleScan scan = new CycleScan(new Finder(), true);
        try (ArchiveScan archiveScan = new ArchiveScan(journalFiles, scan, this::onBlockLost))
        {
            for (final JournalFile file : files)
            {
                look(file, scan, archiveScan);
            }
        }
        lookAtControl();
        writeOffEnd(scan);
        if (damaged.isEmpty() && gaps.isEmpty() && damagedControl.isEmpty() && !SyncedMark.isDamaged(directory))
        {
            return new RepairReport(putAside, List.of(), 0, 0, List.copyOf(actions));
        }
        // Where sequences are missing, a file without a record may be what is left of one that had them.
        damaged.addAll(withoutRecord);
        quarantine.make();
        forgetSynced();
        clearControl();
        long sequencesLost = 0;
        for (final LostRanges.Range gap : gaps)
        {
            lostRanges.add(gap, force);
            sequencesLost += gap.last() - gap.first() + 1;
            actions.add("wrote off sequences " + gap.first() + " to " + gap.last());
        }
        for (final JournalFile file : damaged)
        {
            replace(file, file.equals(files.get(files.size() - 1)));
        }
        force.directory(directory.journal());
        final List<Path> paths = damaged.stream().map(JournalFile::path).toList();
        return new RepairReport(quarantine.path(), paths, recordsSaved, sequencesLost, List.copyOf(actions));
    }

    /**
     * What opening for appending would do: after a power loss a torn end is no damage, and nothing is to be written off
     * for it.
     *
     * @return where something was put aside, null if nothing was.
     */
    private Path recoverFromPowerLoss() throws IOException
    {
        final RunLog.Summary runs = new RunLog(directory).read();
        if (!runs.mayHaveLostPower(BootId.read()))
        {
            return null;
        }
        final PowerLossRecovery recovery = new PowerLossRecovery(directory, force, runs, lost, nowNs);
        try
        {
            recovery.look();
        }
        catch (final DataDirectoryException ex)
        {
            // What was on the device is damaged: this is what a repair is for.
            return null;
        }
        recovery.change();
        actions.addAll(recovery.actions());
        return recovery.quarantine();
    }

    /** Files are about to change, so the watermark says nothing about them any more; the next open forces them all. */
    private void forgetSynced() throws IOException
    {
        try (SyncedFile synced = SyncedFile.open(directory, force))
        {
            synced.save(SyncedMark.NONE);
        }
    }

    private void lookAtControl() throws IOException
    {
        for (final ControlFileKind kind : ControlFileKind.values())
        {
            if (kind.read(directory).damaged() > 0)
            {
                damagedControl.add(kind);
            }
        }
    }

    /** What the damaged lines said is found out again, written off again below, or unknown from now on. */
    private void clearControl() throws IOException
    {
        for (final ControlFileKind kind : damagedControl)
        {
            final String text = kind.describe(directory, kind.read(directory));
            ControlFile.dropUnsound(kind.in(directory), kind, quarantine, force);
            if (kind == ControlFileKind.POLICY)
            {
                StoredPolicy.forget(directory, force);
            }
            actions.add("took them out and kept the whole in " + quarantine.path() + ": " + text);
        }
    }

    private void look(final JournalFile file, final CycleScan scan, final ArchiveScan archiveScan) throws IOException
    {
        scan.bounds(runs.firstOf(file.cycle()), runs.lastOf(file.cycle()));
        if (file.isArchived())
        {
            archiveScan.scan(file);
            if (scan.isFileDamaged())
            {
                damaged.add(file);
            }
            return;
        }
        final CycleScan.End end = scan.scan(file.path());
        final ClosedFile known = closed.get(nameOf(file));
        if (end == CycleScan.End.DAMAGED || known != null && !known.isUnchanged(file.path()))
        {
            damaged.add(file);
        }
        else if (end == CycleScan.End.HALF_CREATED)
        {
            withoutRecord.add(file);
        }
    }

    /** In a pruned file a missing sequence says nothing, so what was in the block must be said. */
    private void onBlockLost(final Path file, final boolean isPruned, final long first, final long last)
    {
        if (isPruned)
        {
            addGap(file.getFileName().toString(), first, last);
        }
    }

    /** Damage behind the last sound record may have taken records that nothing else tells of. */
    private void writeOffEnd(final CycleScan scan) throws IOException
    {
        final long last = scan.lastSequence();
        // The run log may be what is damaged.
        long end = Math.max(runs.leastSequence(), SyncedMark.read(directory).sequence());
        final boolean isLostUnknown = damagedControl.contains(ControlFileKind.LOST);
        if (!runs.cleanStop() &&
            (runs.leastSequence() > last || scan.isEndLost() || lastDamageSequence == last || isLostUnknown))
        {
            final long claimed = scan.claimedPosition();
            final long behind = claimed - Math.min(claimed, scan.lastSoundPosition());
            final long records = claimed == 0 || runs.leastSequence() > last || isLostUnknown ?
                MAX_FILE_RECORDS : Math.min(MAX_FILE_RECORDS, behind / EventDescriptor.MIN_RECORD_LENGTH);
            end = Math.max(end, last) + records + MAX_EXCERPT_RECORDS;
        }
        final String file = damaged.isEmpty() ? "journal" : nameOf(damaged.get(damaged.size() - 1));
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
    private void replace(final JournalFile file, final boolean isLast) throws IOException
    {
        final Path path = file.path();
        quarantine.keep(path);
        closedFiles.forget(path, force);
        final long saved = file.isArchived() ?
            ArchiveRebuild.replace(directory, file, keys, force) : replaceLive(path, isLast);
        recordsSaved += saved;
        actions.add("moved " + path + " to " + quarantine.path() +
            (saved == 0 ? "; it holds no sound record" : " and wrote its sound records anew"));
    }

    private long replaceLive(final Path file, final boolean isLast) throws IOException
    {
        final Path working = quarantine.path().resolve("rebuild");
        final int cycle = CycleFiles.cycleOf(file);
        final Path rebuilt =
            CycleRebuild.rebuild(file, working, !isLast, runs.firstOf(cycle), runs.lastOf(cycle));
        if (rebuilt == null)
        {
            Files.delete(file);
            force.directory(directory.journal());
            return 0;
        }
        final long records = CycleRebuild.read(rebuilt).records();
        force.file(rebuilt);
        CycleRebuild.place(rebuilt, file, force);
        CycleRebuild.deleteDirectory(working);
        return records;
    }

    private static String nameOf(final JournalFile file)
    {
        return file.path().getFileName().toString();
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
            // What has expired is not lost.
            missing.explain(first, last, (reason, from, to) ->
            {
                if (reason == MissingRanges.Reason.UNKNOWN)
                {
                    addGap(file.getFileName().toString(), from, to);
                }
            });
        }
    }
}
