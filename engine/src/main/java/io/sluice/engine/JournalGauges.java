package io.sluice.engine;

import io.sluice.journal.ArchiveStatus;
import io.sluice.journal.PreparerStatus;
import io.sluice.journal.StorageStatus;

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

    default PreparerStatus preparer()
    {
        return new PreparerStatus(PreparerStatus.Mode.OFF, 0, 0, 0, 0, "");
    }

    default StorageStatus storage()
    {
        return StorageStatus.HEALTHY;
    }

    default ArchiveStatus archive()
    {
        return ArchiveStatus.NONE;
    }

    default long indexedSequence()
    {
        return 0L;
    }
}
