package io.sluice.journal;

/**
 * What the preparer does, for people who ask why appends are slow.
 *
 * @param mode           what it can do here.
 * @param preparedBytes  bytes whose pages were brought into memory, writable, before the appender came.
 * @param allocatedBytes bytes of files that got real blocks.
 * @param overtaken      times the appender was ahead of it.
 * @param lastError      of a system call, in words; empty if there was none.
 */
public record PreparerStatus(Mode mode, long preparedBytes, long allocatedBytes, long overtaken, String lastError)
{
    /** What a preparer can do. */
    public enum Mode
    {
        /** Switched off by the configuration. */
        OFF,
        /** Allocates blocks and brings pages into memory. */
        FULL,
        /** The file system can't allocate ahead; pages are brought into memory. */
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
