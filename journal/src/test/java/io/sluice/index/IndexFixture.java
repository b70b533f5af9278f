package io.sluice.index;

import java.nio.file.Path;

/** Indexes journals, in small segments. */
public final class IndexFixture
{
    /** Events of a segment. */
    public static final int SEGMENT_EVENTS = 1 << 9;
    /** Events of a zone. */
    public static final int ZONE_EVENTS = 1 << 6;

    private IndexFixture()
    {
    }

    /**
     * @param directory of the journal.
     * @return a context with small segments.
     */
    public static IndexContext context(final Path directory)
    {
        return new IndexContext().directory(directory).layout(new IndexLayout(9, 6));
    }

    /**
     * Index all that is journaled.
     *
     * @param directory of the journal.
     * @return what became of it.
     */
    public static IndexStatus indexAll(final Path directory)
    {
        final JournalIndexer indexer = JournalIndexer.open(context(directory));
        try
        {
            return indexAll(indexer);
        }
        finally
        {
            indexer.onClose();
        }
    }

    static IndexStatus indexAll(final JournalIndexer indexer)
    {
        int work = 1;
        while (work > 0)
        {
            work = indexer.doWork();
        }
        return indexer.status();
    }
}
