package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds out where the journal ends, and clears what a crash left half done behind that. Only the last file with records
 * is read in full, so the time it takes does not grow with the journal. Needs the writer lock.
 *
 * <p>First it looks, then it changes: if there is damage, nothing is changed.
 *
 * <p>Where the last run did not end in order and the machine was started again since, {@link PowerLossRecovery} finds
 * the end.
 */
final class JournalRecovery
{
    private final DataDirectory directory;
    private final JournalContext context;
    private final DeviceForce force;
    private final List<Path> halfCreated = new ArrayList<>();
    private final List<LostRanges.Range> lost;
    private RunLog.Summary runs;
    private PowerLossRecovery powerLoss;
    private JournalEnd end = JournalEnd.EMPTY;
    private TornRest rest;
    private long recordsScanned;
    private int previousCycle = -1;
    private int greatestCycle = -1;

    JournalRecovery(final DataDirectory directory, final JournalContext context, final DeviceForce force)
        throws IOException
    {
        this.directory = directory;
        this.context = context;
        this.force = force;
        lost = new LostRanges(directory).readSound();
    }

    void run() throws IOException
    {
        final JournalPhaseListener listener = context.phaseListener();
        listener.onStep(JournalPhase.RECOVERY, 0);
        runs = new RunLog(directory).read();
        final boolean isSameBoot = runs.isSameBoot(context.bootId());
        // Where there are files, there was a start: its line is on the device before the first file.
        final boolean isInOrder = runs.cleanStop() &&
            (!runs.starts().isEmpty() || CycleFiles.list(directory.journal()).isEmpty());
        if (isSameBoot || isInOrder)
        {
            look();
        }
        else
        {
            powerLoss = new PowerLossRecovery(directory, force, runs, lost, context.clock().nanoTime());
            powerLoss.look();
        }
        listener.onStep(JournalPhase.RECOVERY, 1);
        if (powerLoss != null)
        {
            powerLoss.change();
            end = powerLoss.end();
        }
        for (final Path file : halfCreated)
        {
            Files.delete(file);
        }
        listener.onStep(JournalPhase.RECOVERY, 2);
        if (rest != null)
        {
            rest.clear(force);
        }
        listener.onStep(JournalPhase.RECOVERY, 3);
        QueueMetadata.prepare(directory.journal(), isSameBoot);
        findCycles();
        listener.onStep(JournalPhase.RECOVERY, JournalPhaseListener.END);
    }

    /** @return the last sequence given: of the last record, or of a range that a repair wrote off. */
    long lastSequence()
    {
        return Math.max(end.sequence(), LostRanges.highest(lost));
    }

    long lastJournalTime()
    {
        return Math.max(end.journalTime(), runs.lastTimeNs());
    }

    /** @return cycle of the last file, or -1 if there is none. */
    int lastCycle()
    {
        return end.file() == null ? -1 : CycleFiles.cycleOf(end.file());
    }

    /** @return the greatest cycle of all files, archived ones included, -1 if there is none. */
    int greatestCycle()
    {
        return greatestCycle;
    }

    /** @return cycle of the file before the last one, or -1 if there is none; that file is sound, too. */
    int previousCycle()
    {
        return previousCycle;
    }

    /** @return true if the last file is closed, so that appends need a new one. */
    boolean isSealed()
    {
        return end.isSealed();
    }

    /** @return where the next excerpt goes in the last file. */
    long endPosition()
    {
        return end.position();
    }

    /** @return journal time of the first record of the last file. */
    long fileStartTime()
    {
        return end.fileStartTime();
    }

    RecoveryReport report(final long elapsedNs)
    {
        final boolean isPowerLoss = powerLoss != null;
        return new RecoveryReport(
            lastSequence(),
            lastJournalTime(),
            isPowerLoss ? powerLoss.recordsScanned() : recordsScanned,
            isPowerLoss ? powerLoss.clearedBytes() : rest == null ? 0 : rest.length(),
            runs.cleanStop() && !isPowerLoss,
            isPowerLoss,
            isPowerLoss ? powerLoss.quarantine() : null,
            isPowerLoss ? powerLoss.actions() : List.of(),
            Map.copyOf(runs.ends(lastSequence())),
            elapsedNs);
    }

    private void findCycles() throws IOException
    {
        for (final Path file : CycleFiles.list(directory.journal()))
        {
            final int cycle = CycleFiles.cycleOf(file);
            previousCycle = cycle < lastCycle() ? cycle : previousCycle;
        }
        final List<Path> archived = CycleFiles.listArchived(directory.archive());
        greatestCycle = archived.isEmpty() ?
            lastCycle() : Math.max(lastCycle(), CycleFiles.cycleOf(archived.get(archived.size() - 1)));
    }

    private void look() throws IOException
    {
        final CycleScan scan = new CycleScan(new FailOnDamage(lost), false);
        final LiveFiles live = LiveFiles.of(directory);
        final List<Path> files = live.files();
        int last = files.size() - 1;
        while (last >= 0 && end.file() == null)
        {
            final Path file = files.get(last);
            final CycleScan.End found = scan.scan(file);
            recordsScanned += scan.fileRecords();
            if (found == CycleScan.End.HALF_CREATED)
            {
                halfCreated.add(file);
                last--;
            }
            else
            {
                end = new JournalEnd(
                    file, found == CycleScan.End.SEALED, scan.endPosition(), scan.fileFirstTime(),
                    scan.lastSequence(), scan.lastJournalTime());
                rest = found == CycleScan.End.TORN ?
                    new TornRest(file, scan.endPosition(), scan.tornEnd()) : null;
            }
        }
        if (runs.leastSequence() > lastSequence())
        {
            throw FailOnDamage.damaged(
                end.file() == null ? directory.journal() : end.file(),
                end.position(),
                end.sequence(),
                "the journal ends here, but the run log knows of sequence " + runs.leastSequence());
        }
        if (end.file() != null)
        {
            checkStart(scan.fileFirstSequence(), last == 0 ?
                live.sequence() : lastSequenceOf(files.get(last - 1)));
        }
    }

    private void checkStart(final long first, final long before)
    {
        if (LostRanges.firstNotLost(lost, before + 1, first - 1) != first)
        {
            throw FailOnDamage.damaged(
                end.file(), 0, before, "it starts with sequence " + first + ", sequences from " + (before + 1) +
                " on are missing");
        }
    }

    private long lastSequenceOf(final Path file) throws IOException
    {
        // A scan of its own: the sequence must not run on from the later file.
        final CycleScan previous = new CycleScan(new FailOnDamage(lost), false);
        previous.scan(file);
        return previous.lastSequence();
    }
}
