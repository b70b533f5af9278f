package io.sluice.engine;

import io.sluice.journal.ArchiveStatus;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.PreparerStatus;
import io.sluice.journal.StorageStatus;

/** Shows the figures of a journal's appender. */
final class AppenderGauges implements JournalGauges
{
    private final JournalAppender appender;

    AppenderGauges(final JournalAppender appender)
    {
        this.appender = appender;
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
}
