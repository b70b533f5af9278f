package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of a journal after a power loss, when any page that was not forced may be there, not there, or half
 * there. What the synced watermark covers must be sound, as ever. Above it, the first thing that does not continue what
 * lies before ends the journal; what lies beyond is put aside, then cleared.
 *
 * <p>The watermark is what {@code control/synced} says, or the run log, whichever is further: the first may be older
 * than the last force, for it is not forced itself. Reads from the file that holds the watermark on, so the time it
 * takes grows with the size of a file and not with the journal; where there is no watermark yet, from the first file.
 */
final class PowerLossRecovery
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PowerLossRecovery.class);

    private final DataDirectory directory;
    private final DeviceForce force;
    private final LiveFiles live;
    private final Quarantine quarantine;
    private final long boundSequence;
    private final int boundCycle;
    private final List<LostRanges.Range> lost;
    private final List<ChainPart> parts = new ArrayList<>();
    private final List<Path> beyond = new ArrayList<>();
    private final List<String> actions = new ArrayList<>();
    private ChainScan chain;
    private long recordsScanned;
    private long clearedBytes;
    private JournalEnd end = JournalEnd.EMPTY;

    /**
     * @param directory of the journal.
     * @param force     to the device.
     * @param runs      what the run log says.
     * @param lost      sequences that a repair wrote off.
     * @param nowNs     for the name of what is put aside.
     */
    PowerLossRecovery(
        final DataDirectory directory,
        final DeviceForce force,
        final RunLog.Summary runs,
        final List<LostRanges.Range> lost,
        final long nowNs) throws IOException
    {
        this.directory = directory;
        this.force = force;
        this.lost = lost;
        live = LiveFiles.of(directory);
        quarantine = new Quarantine(directory, force, nowNs);
        final SyncedMark mark = SyncedMark.read(directory);
        boundSequence = Math.max(live.sequence(), Math.max(mark.sequence(), runs.forcedSequence()));
        boundCycle = Math.max(mark.cycle(), runs.forcedCycle());
    }

    /** @return where the journal ends. */
    JournalEnd end()
    {
        return end;
    }

    long recordsScanned()
    {
        return recordsScanned;
    }

    /** @return bytes that were put aside and cleared. */
    long clearedBytes()
    {
        return clearedBytes;
    }

    /** @return where something was put aside, null if nothing was. */
    Path quarantine()
    {
        return quarantine.path();
    }

    List<String> actions()
    {
        return List.copyOf(actions);
    }

    /**
     * Find the end; changes nothing.
     *
     * @throws DataDirectoryException if something is damaged that was forced to the device.
     */
    void look() throws IOException
    {
        final List<Path> files = live.files();
        int first = firstToRead(files);
        Path breakFile = read(files, first);
        while (parts.isEmpty() && first > 0)
        {
            // Whatever was in that file, a repair wrote it off; or else it is missed below.
            first--;
            breakFile = read(files, first);
        }
        if (boundSequence > Math.max(chain.lastSequence(), LostRanges.highest(lost)) ||
            parts.isEmpty() && live.sequence() > 0)
        {
            throw damaged(breakFile);
        }
        if (!parts.isEmpty())
        {
            final ChainPart last = parts.get(parts.size() - 1);
            end = new JournalEnd(
                last.file(), last.isSealed(), last.position(), last.firstTime(), chain.lastSequence(),
                chain.lastJournalTime());
        }
    }

    /** Put aside what lies beyond the end and take it out of the journal; then all that is left is on the device. */
    void change() throws IOException
    {
        new RunLog(directory, force).dropUnsound(quarantine);
        // From the back: a crash in between leaves a shorter journal of the same kind.
        for (int i = beyond.size() - 1; i >= 0; i--)
        {
            remove(beyond.get(i));
        }
        if (!beyond.isEmpty())
        {
            force.directory(directory.journal());
        }
        if (!parts.isEmpty())
        {
            clearRest(parts.get(parts.size() - 1));
        }
        for (final ChainPart part : parts)
        {
            if (!part.isIndexSound())
            {
                rewrite(part);
            }
        }
    }

    private int firstToRead(final List<Path> files)
    {
        int first = 0;
        for (int i = 0; i < files.size(); i++)
        {
            if (CycleFiles.cycleOf(files.get(i)) <= boundCycle)
            {
                first = i;
            }
        }
        return first;
    }

    /** @return the file in which the journal ends, or the directory if there is none. */
    private Path read(final List<Path> files, final int first) throws IOException
    {
        parts.clear();
        beyond.clear();
        chain = first == 0 ?
            new ChainScan(lost, live.sequence(), live.journalTime()) : after(files.get(first - 1));
        Path breakFile = directory.journal();
        int next = first;
        boolean isWhole = true;
        while (isWhole && next < files.size())
        {
            breakFile = files.get(next);
            final ChainPart part = chain.scan(breakFile);
            recordsScanned += part.records();
            isWhole = part.breakText() == null && part.records() > 0;
            if (part.records() > 0)
            {
                parts.add(part);
                next++;
            }
        }
        beyond.addAll(files.subList(next, files.size()));
        return breakFile;
    }

    // That file was forced as a whole before the one behind it could be: all of it binds.
    private ChainScan after(final Path file) throws IOException
    {
        final CycleScan scan = new CycleScan(new FailOnDamage(lost), false);
        scan.scan(file);
        recordsScanned += scan.fileRecords();
        return new ChainScan(lost, scan.lastSequence(), scan.lastJournalTime());
    }

    private void remove(final Path file) throws IOException
    {
        final long length;
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            length = scanner.lastNonZero(0) + 1;
        }
        if (length > 0)
        {
            note(quarantine.keep(file) + " is " + file + ", which nothing connects with the records before it");
            clearedBytes += length;
        }
        Files.delete(file);
    }

    private void clearRest(final ChainPart part) throws IOException
    {
        final TornRest rest = new TornRest(part.file(), part.position(), part.restEnd());
        if (part.breakText() != null && rest.length() > 0)
        {
            note(quarantine.keepPart(part.file(), rest.from(), rest.to()) + " holds " + rest.length() +
                " bytes from offset " + rest.from() + " of " + part.file() + ", after sequence " +
                chain.lastSequence() + ": " + part.breakText());
            rest.clear(force);
            clearedBytes += rest.length();
        }
    }

    private void rewrite(final ChainPart part) throws IOException
    {
        new ClosedFiles(directory).forget(part.file(), force);
        final CycleRebuild.Result result =
            CycleRebuild.replace(part.file(), directory.root().resolve("rebuild"), part.isSealed(), force);
        if (result.records() != part.records())
        {
            throw new DataDirectoryException(
                DirectoryState.DAMAGED, part.file() + " changed while it was recovered; run `sluice verify`");
        }
        note(part.file() + " was written anew with the same " + result.records() + " records: its index was torn");
        if (part.file().equals(end.file()))
        {
            end = new JournalEnd(
                end.file(), end.isSealed(), result.endPosition(), end.fileStartTime(), end.sequence(),
                end.journalTime());
        }
    }

    private void note(final String text)
    {
        LOGGER.warn("after a power loss: {}", text);
        actions.add(text);
    }

    private DataDirectoryException damaged(final Path file)
    {
        final ChainPart last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        final boolean isInFile = last != null && last.file().equals(file);
        return FailOnDamage.damaged(
            file, isInFile ? last.position() : 0, chain.lastSequence(),
            (isInFile && last.breakText() != null ? last.breakText() : "the journal ends here") +
            "; but records up to sequence " + boundSequence + " were forced to the device");
    }
}
