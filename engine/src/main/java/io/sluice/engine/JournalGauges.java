package io.sluice.engine;

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
}
