package io.sluice.journal;

/** A stretch of work in which a crash leaves something half done; see {@link JournalPhaseListener}. */
public enum JournalPhase
{
    /** A new data directory is made. */
    FIRST_CREATION,
    /** What the last run left is read and repaired. */
    RECOVERY,
    /** The journal goes on in a new file. */
    ROLL,
    /** Records are forced to the device. */
    SYNC,
    /** A closed file is compressed into the archive, or leaves by retention. */
    ARCHIVE
}
