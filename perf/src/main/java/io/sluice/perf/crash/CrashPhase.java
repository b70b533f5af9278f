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
    RECOVERY("recovery", JournalPhase.RECOVERY),
    /** Records are forced to the device, beside everything else. */
    SYNC("sync", JournalPhase.SYNC),
    /** A closed file goes to the archive, beside everything else. */
    ARCHIVE("archive", JournalPhase.ARCHIVE);

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

    /**
     * Goes on beside publishing, at any time and often: told of only where the kill is meant for it, and otherwise no
     * place where a kill lands.
     */
    boolean isBeside()
    {
        return this == SYNC || this == ARCHIVE;
    }

    static CrashPhase of(final JournalPhase phase)
    {
        for (final CrashPhase value : values())
        {
            if (value.journalPhase == phase)
            {
                return value;
            }
        }
        throw new IllegalArgumentException("phase " + phase + " has no name in the report");
    }
}
