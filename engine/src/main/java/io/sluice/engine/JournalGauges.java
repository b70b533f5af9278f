package io.sluice.engine;

import io.sluice.journal.ArchiveStatus;

/** Figures of a journal that only its appender knows. Read by any thread. */
interface JournalGauges
{
    /** Figures of an engine without a journal. */
    JournalGauges NONE = new JournalGauges()
    {
    };

    default long bytes()
    {
        return 0L;
    }

    default long rolls()
    {
        return 0L;
    }

    default long preparedBytes()
    {
        return 0L;
    }

    default ArchiveStatus archive()
    {
        return ArchiveStatus.NONE;
    }
}
