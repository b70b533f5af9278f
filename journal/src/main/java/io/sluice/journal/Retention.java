package io.sluice.journal;

import io.sluice.archive.ArchiveCoverage;
import io.sluice.archive.ArchiveReader;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;

/**
 * Removes events whose term is over from closed files. A file is touched when all its events of one term have expired,
 * so at most once for each term; what has expired in between waits for that. A file of which nothing is left is noted
 * as expired, then deleted; one of which something is left is written again without the rest. Not thread-safe.
 */
final class Retention
{
    /** The range of a file is noted as expired. */
    static final int NOTED = 6;
    /** The file is deleted. */
    static final int DELETED = 7;

    private final JournalContext context;
    private final DataDirectory directory;
    private final DeviceForce force;
    private final ArchiveMove move;
    private final ClosedFileTable table;
    private final List<LostRanges.Range> lost;
    private final RetentionHolds holds;
    private final long nowNs;

    Retention(
        final JournalContext context,
        final DataDirectory directory,
        final DeviceForce force,
        final ArchiveMove move,
        final ClosedFileTable table,
        final List<LostRanges.Range> lost) throws IOException
    {
        this.context = context;
        this.directory = directory;
        this.force = force;
        this.move = move;
        this.table = table;
        this.lost = lost;
        holds = RetentionHolds.read(directory, context.archive());
        nowNs = context.clock().nanoTime();
    }

    /**
     * Remove what has expired in a file.
     *
     * @param file closed, of a list.
     * @return what was done, or null for nothing.
     */
    ArchiveAction apply(final JournalFile file) throws IOException
    {
        final RetentionPolicy policy = context.archive().retention();
        if (policy.isKeepingAll())
        {
            return null;
        }
        if (RetentionTerms.parse(policy, table.of(file).terms()).countDue(nowNs) == 0)
        {
            return null;
        }
        final ClosedFile known = table.checked(file);
        final RetentionTerms terms = RetentionTerms.parse(policy, known.terms());
        final long due = terms.countDue(nowNs);
        if (due == 0)
        {
            return null;
        }
        final ArchiveCoverage coverage = coverageOf(file, known);
        final List<String> readers = holds.holding(coverage.last());
        if (!readers.isEmpty())
        {
            return action(ArchiveAction.Kind.HELD, file, coverage, due, known.length(), known.length(), readers);
        }
        for (final RetentionHolds.Hold hold : holds.ignored(coverage.last()))
        {
            new MissedRanges(directory).add(
                hold.name(), hold.sequence(), coverage.first(), coverage.last(), force);
        }
        return due == known.records() ? remove(file, known, coverage) : prune(file, known, coverage, policy, terms);
    }

    private ArchiveAction remove(final JournalFile file, final ClosedFile known, final ArchiveCoverage coverage)
        throws IOException
    {
        onStep(0);
        new ExpiredRanges(directory).add(coverage.first(), coverage.last(), force);
        onStep(NOTED);
        if (!file.isArchived())
        {
            // A crash in a move may have left both; the archived one would come to light again.
            Files.deleteIfExists(CycleFiles.archiveFileOf(directory.archive(), file.cycle()));
        }
        Files.delete(file.path());
        force.directory(file.path().getParent());
        onStep(DELETED);
        onStep(JournalPhaseListener.END);
        return action(
            ArchiveAction.Kind.REMOVED, file, coverage, known.records(), known.length(), 0, List.of());
    }

    private ArchiveAction prune(
        final JournalFile file,
        final ClosedFile known,
        final ArchiveCoverage coverage,
        final RetentionPolicy policy,
        final RetentionTerms terms) throws IOException
    {
        final Predicate<EventFlyweight> keep =
            (event) -> !terms.isDue(policy.termNs(event), nowNs);
        final ArchiveMove.Result result = move.run(file, lost, keep, coverage);
        table.note(result.written());
        return action(
            ArchiveAction.Kind.PRUNED,
            file,
            coverage,
            known.records() - result.written().records(),
            known.length(),
            result.written().length(),
            List.of());
    }

    private ArchiveCoverage coverageOf(final JournalFile file, final ClosedFile known) throws IOException
    {
        if (!file.isArchived())
        {
            return ArchiveCoverage.complete(CycleFiles.nameOf(file.cycle()), known.first(), known.last());
        }
        try (ArchiveReader reader = new JournalFiles(directory, context.archive().keys()).openArchive(file))
        {
            return reader.summary().coverage();
        }
    }

    private void onStep(final int step)
    {
        context.phaseListener().onStep(JournalPhase.ARCHIVE, step);
    }

    private static ArchiveAction action(
        final ArchiveAction.Kind kind,
        final JournalFile file,
        final ArchiveCoverage coverage,
        final long events,
        final long bytes,
        final long storedBytes,
        final List<String> readers)
    {
        return new ArchiveAction(
            kind,
            file.path().getFileName().toString(),
            coverage.first(),
            coverage.last(),
            events,
            bytes,
            storedBytes,
            readers,
            "");
    }
}
