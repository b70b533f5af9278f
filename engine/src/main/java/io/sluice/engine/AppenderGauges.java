package io.sluice.engine;

import io.sluice.journal.ArchiveStatus;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.PreparerStatus;
import io.sluice.journal.StorageStatus;

/** Shows the figures of a journal's appender. */
final class AppenderGauges implements JournalGauges
{
    private final JournalAppender appender;
    private final IndexAgent index;

    /**
     * @param index at work, or null.
     */
    AppenderGauges(final JournalAppender appender, final IndexAgent index)
    {
        this.appender = appender;
        this.index = index;
    }

    @Override
    public long bytes()
    {
        return appender.bytesAppended();
    }

    @Override
    public long rolls()
    {
        return appender.rolls();
    }

    @Override
    public PreparerStatus preparer()
    {
        return appender.preparer();
    }

    @Override
    public StorageStatus storage()
    {
        return appender.storage();
    }

    @Override
    public ArchiveStatus archive()
    {
        return appender.archive();
    }

    @Override
    public long indexedSequence()
    {
        return index == null ? 0L : Math.max(0L, index.status().endSequence() - 1);
    }
}
