package io.sluice.journal;

import io.sluice.archive.ArchiveContext;
import io.sluice.archive.ArchiveCoverage;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.ArchiveSummary;
import io.sluice.archive.ArchiveWriter;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes the records of one closed file, all or some, to an archive file that takes its place. At every moment one
 * whole file is there: the new one is written under another name, forced, read back and compared, renamed, its
 * directory forced; only then the old one goes. Not thread-safe.
 */
final class ArchiveMove
{
    static final String TEMPORARY_SUFFIX = ".tmp";

    /** The archive file is written under its temporary name and forced. */
    static final int WRITTEN = 1;
    /** It was read back and holds what it should. */
    static final int VERIFIED = 2;
    /** It has its name. */
    static final int RENAMED = 3;
    /** That is forced. */
    static final int NAMED_FOR_GOOD = 4;
    /** The file in the journal is gone. */
    static final int SOURCE_DELETED = 5;

    private final JournalContext context;
    private final DataDirectory directory;
    private final DeviceForce force;
    private final ArchivePace pace;

    ArchiveMove(
        final JournalContext context, final DataDirectory directory, final DeviceForce force, final ArchivePace pace)
    {
        this.context = context;
        this.directory = directory;
        this.force = force;
        this.pace = pace;
    }

    /**
     * Put an archive file in the place of a closed file.
     *
     * @param source   closed file, of the journal or of the archive.
     * @param lost     sequences that may be missing in it.
     * @param keep     which records to take along.
     * @param coverage of the source if that was pruned before, otherwise null.
     * @return what the new file holds.
     * @throws io.sluice.event.EventException if the source is damaged, or the result is not what it should be; nothing
     *                                        has changed then.
     */
    Result run(
        final JournalFile source,
        final List<LostRanges.Range> lost,
        final Predicate<EventFlyweight> keep,
        final ArchiveCoverage coverage) throws IOException
    {
        onStep(0);
        final Path target = CycleFiles.archiveFileOf(directory.archive(), source.cycle());
        final Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
        Files.deleteIfExists(temporary);
        final Result result = write(source, temporary, lost, keep, coverage);
        try
        {
            onStep(WRITTEN);
            verify(source.cycle(), temporary, result);
            onStep(VERIFIED);
            place(temporary, target);
        }
        catch (final Throwable ex)
        {
            Files.deleteIfExists(temporary);
            throw ex;
        }
        onStep(RENAMED);
        force.directory(directory.archive());
        onStep(NAMED_FOR_GOOD);
        if (!source.isArchived())
        {
            Files.delete(source.path());
            // Or it could be back after a power loss, when retention has long removed its events from the archive.
            force.directory(directory.journal());
            onStep(SOURCE_DELETED);
        }
        onStep(JournalPhaseListener.END);
        return result;
    }

    /** Give a file its name, in the place of one that may have had it. */
    static void place(final Path temporary, final Path target) throws IOException
    {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Result write(
        final JournalFile source,
        final Path temporary,
        final List<LostRanges.Range> lost,
        final Predicate<EventFlyweight> keep,
        final ArchiveCoverage before) throws IOException
    {
        final ArchivePolicy policy = context.archive();
        final RecordDigest digest = new RecordDigest();
        final RetentionTerms terms = new RetentionTerms(policy.retention());
        final ArchiveContext archive = new ArchiveContext()
            .level(policy.level())
            .keys(policy.keys())
            .forceListener(force::onForced);
        final JournalFiles files = new JournalFiles(directory, policy.keys());
        try (ArchiveWriter writer = ArchiveWriter.create(temporary, archive))
        {
            final ClosedFile read = new ClosedFileReader(files, lost, pace).read(source, policy.retention(), (event) ->
            {
                if (keep.test(event))
                {
                    writer.append(event.buffer(), event.offset(), event.recordLength());
                    digest.add(event);
                    terms.add(event);
                }
            });
            final ArchiveSummary summary =
                writer.finish(coverage(source, read, before, read.records() - writer.records()));
            final ClosedFile written = new ClosedFile(
                CycleFiles.archiveFileOf(directory.archive(), source.cycle()).getFileName().toString(),
                summary.firstSequence(),
                summary.lastSequence(),
                summary.firstTimeNs(),
                summary.lastTimeNs(),
                summary.records(),
                summary.storedBytes(),
                true,
                "",
                policy.retention().id(),
                terms.text());
            return new Result(read, written, summary, digest);
        }
    }

    private static ArchiveCoverage coverage(
        final JournalFile source, final ClosedFile read, final ArchiveCoverage before, final long removed)
    {
        final String cycle = CycleFiles.nameOf(source.cycle());
        final long first = before == null ? read.first() : before.first();
        final long last = before == null ? read.last() : before.last();
        final long expired = removed + (before == null ? 0 : before.expired());
        return expired == 0 && (before == null || !before.pruned()) ?
            ArchiveCoverage.complete(cycle, first, last) : ArchiveCoverage.pruned(cycle, first, last, expired);
    }

    private void verify(final int cycle, final Path temporary, final Result expected) throws IOException
    {
        final ArchivePolicy policy = context.archive();
        final JournalFiles files = new JournalFiles(directory, policy.keys());
        final JournalFile written = new JournalFile(cycle, temporary, true);
        final RecordDigest digest = new RecordDigest();
        try (ArchiveReader reader = files.openArchive(written))
        {
            reader.verify();
        }
        final ClosedFile read =
            new ClosedFileReader(files, List.of(), pace).read(written, policy.retention(), digest::add);
        if (read.records() != expected.written().records() || read.first() != expected.written().first() ||
            read.last() != expected.written().last() || !digest.isSame(expected.digest()))
        {
            throw new EventStorageException(
                temporary + " does not read back as it was written: " + read.records() + " records from " +
                read.first() + " to " + read.last() + "; nothing was changed");
        }
    }

    private void onStep(final int step)
    {
        context.phaseListener().onStep(JournalPhase.ARCHIVE, step);
    }

    /**
     * What a move did.
     *
     * @param read    what the source held.
     * @param written what the new file holds.
     * @param summary of the new file.
     * @param digest  of its records.
     */
    record Result(ClosedFile read, ClosedFile written, ArchiveSummary summary, RecordDigest digest)
    {
    }
}
