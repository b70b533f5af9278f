package io.sluice.journal;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.ArchiveSummary;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files at the end of a journal that are not archived, and where the journal stands before them. What is archived
 * was closed and forced long ago, so opening for appending need not look at it but for this; it takes no key.
 *
 * @param files       in order; an older file that could not be archived is not among them.
 * @param sequence    of the last record before them, also if that has expired.
 * @param journalTime of it; 0 if it has expired.
 */
record LiveFiles(List<Path> files, long sequence, long journalTime)
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveFiles.class);

    static LiveFiles of(final DataDirectory directory) throws IOException
    {
        return JournalFiles.whileFilesMove(() -> read(directory));
    }

    private static LiveFiles read(final DataDirectory directory) throws IOException
    {
        final List<Path> archived = CycleFiles.listArchived(directory.archive());
        final Path lastArchived = archived.isEmpty() ? null : archived.get(archived.size() - 1);
        final int lastCycle = lastArchived == null ? -1 : CycleFiles.cycleOf(lastArchived);
        final List<Path> files = new ArrayList<>();
        for (final Path file : CycleFiles.list(directory.journal()))
        {
            if (CycleFiles.cycleOf(file) > lastCycle)
            {
                files.add(file);
            }
        }
        long sequence = 0;
        long journalTime = 0;
        if (lastArchived != null)
        {
            try (ArchiveReader archive =
                JournalFiles.openArchive(new JournalFile(lastCycle, lastArchived, true), KeyProvider.NONE))
            {
                final ArchiveSummary summary = archive.summary();
                sequence = summary.coverage().last();
                journalTime = summary.lastTimeNs();
            }
            catch (final ArchiveDamagedException ex)
            {
                // Damage of older files shows to readers and in verification, and does not keep a journal from opening.
                LOGGER.warn("{} is taken to end where the next file begins", lastArchived, ex);
                sequence = files.isEmpty() ? 0 : firstSequence(files.get(0)) - 1;
            }
        }
        // Behind the last file that is left others may have expired.
        for (final ExpiredRanges.Range range : new ExpiredRanges(directory).read())
        {
            if (range.first() <= sequence + 1)
            {
                sequence = Math.max(sequence, range.last());
            }
        }
        return new LiveFiles(files, sequence, journalTime);
    }

    /** @return sequence of the first record, 1 if there is no sound one at the start. */
    private static long firstSequence(final Path file) throws IOException
    {
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            ExcerptScanner.Step step = scanner.next();
            while (step == ExcerptScanner.Step.META_DATA)
            {
                step = scanner.next();
            }
            final EventFlyweight event = new EventFlyweight();
            return step == ExcerptScanner.Step.EXCERPT && event.wrap(scanner.buffer(), scanner.documentOffset())
                .findDamage(scanner.documentLength(), new EventHash()) == null ? event.sequence() : 1;
        }
    }
}
