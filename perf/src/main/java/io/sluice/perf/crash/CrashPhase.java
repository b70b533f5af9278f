package io.sluice.perf.crash;

import io.sluice.journal.JournalPhase;

/** Where a kill can land, by the names of the report. */
enum CrashPhase
{
    /** Events come in, nothing special goes on. */
    PUBLISH("publish", null),
    /** The journal goes on in a new file. */
    ROLL("roll", JournalPhase.ROLL),
    /** The data directory is made. */
    FIRST_CREATION("firstCreation", JournalPhase.FIRST_CREATION),
    /** What the last kill left is repaired and handed out again. */
    RECOVERY("recovery", JournalPhase.RECOVERY);

    private final String label;
    private final JournalPhase journalPhase;

    CrashPhase(final String label, final JournalPhase journalPhase)
    {
        this.label = label;
        this.journalPhase = journalPhase;
    }

    /** @return what the journal calls it, null if it has no name for it. */
    JournalPhase journalPhase()
    {
        return journalPhase;
    }

    String label()
    {
        return label;
    }

    static CrashPhase of(final JournalPhase phase)
    {
        switch (phase)
        {
            case FIRST_CREATION:
                return FIRST_CREATION;
            case RECOVERY:
                return RECOVERY;
            case ROLL:
                return ROLL;
            default:
                throw new IllegalArgumentException("phase " + phase + " has no name in the report");
        }
    }
}
