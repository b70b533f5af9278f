package io.sluice.journal;

/**
 * What the preparer does, for people who ask why appends are slow.
 *
 * @param mode           what it can do here.
 * @param aheadBytes     how far pages are brought in ahead of the append position; blocks are reserved for four times
 *                       as much and up to 8 MiB more, and for the next file, once the present one is prepared, for four
 *                       times as much.
 * @param reservedBytes  bytes of files that got real blocks, by it or by the appender; 0 where the file system can't.
 * @param preparedBytes  bytes whose pages were brought into memory, writable, before the appender came.
 * @param overtaken      times the appender was ahead of it.
 * @param lastError      of a system call, in words; empty if there was none.
 */
public record PreparerStatus(
    Mode mode, long aheadBytes, long reservedBytes, long preparedBytes, long overtaken, String lastError)
{
    /** What a preparer can do. */
    public enum Mode
    {
        /** Switched off by the configuration: the appender reserves blocks itself and brings in pages as it goes. */
        OFF,
        /** Allocates blocks and brings pages into memory. */
        FULL,
        /** The file system can't reserve blocks: free space is watched instead, and pages are brought into memory. */
        PAGES_ONLY,
        /** The kernel can't bring pages into memory for writing (before Linux 5.14); blocks are allocated. */
        BLOCKS_ONLY,
        /** No system call can be made, or none helps; appends fault. */
        UNAVAILABLE
    }

    /** @return true if something is prepared. */
    public boolean isEnabled()
    {
        return mode != Mode.OFF && mode != Mode.UNAVAILABLE;
    }
}
