package io.sluice.index;

import io.sluice.event.EventStorageException;
import io.sluice.journal.JournalRecords;
import java.nio.file.Path;
import java.util.List;

/**
 * What there is of an index.
 *
 * @param segments     complete ones that are sound.
 * @param endSequence  first sequence behind what the files know, 0 if there are none.
 * @param lastSequence of the journal.
 * @param indexed      sequences of the journal that can be found by the files.
 * @param bytes        of the files that hold something.
 * @param damaged      files that are damaged or of another journal.
 */
public record IndexReport(
    int segments, long endSequence, long lastSequence, long indexed, long bytes, List<Path> damaged)
{
    /**
     * Check all files of an index. Reads all of them; writes nothing.
     *
     * @param context of the index.
     * @return what there is.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws EventStorageException                    if the directory can't be read.
     */
    public static IndexReport read(final IndexContext context)
    {
        try (JournalRecords records = JournalRecords.open(context.tailing());
            JournalIndex index = JournalIndex.open(context, records))
        {
            index.refresh();
            for (final SealedSegment segment : List.copyOf(index.sealed().values()))
            {
                try
                {
                    segment.checkAll();
                }
                catch (final IndexDamagedException ex)
                {
                    index.drop(segment);
                }
            }
            final long first = records.firstSequence();
            final long last = records.lastSequence();
            long indexed = 0;
            long bytes = 0;
            for (final MappedSegment segment : index.files())
            {
                final long from = Math.max(first, segment.firstSequence());
                bytes += segment.usedLength();
                indexed += Math.max(0, Math.min(last + 1, segment.endSequence()) - from);
            }
            return new IndexReport(
                index.sealed().size(),
                index.endSequence(),
                last,
                indexed,
                bytes,
                List.copyOf(index.damagedFiles()));
        }
    }
}
