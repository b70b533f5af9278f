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
    /**
     * A closed file is compressed into the archive, or leaves by retention. Steps of a file that is written anew: 1
     * written under a temporary name and forced, 2 read back, 3 renamed, 4 the name forced, 5 the file in
     * {@code journal/} deleted, where it came from there. Steps of one that goes: 6 its range noted as expired, 7
     * deleted.
     */
    ARCHIVE
}
