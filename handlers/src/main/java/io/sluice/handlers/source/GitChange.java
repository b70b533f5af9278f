package io.sluice.handlers.source;

/**
 * One changed file of a commit.
 *
 * @param status    as git says: {@code A} added, {@code D} deleted, {@code M} modified, {@code T} its kind changed.
 * @param path      bytes of the path, as git stores them: any but 0.
 * @param additions lines added, or {@link #BINARY}.
 * @param deletions lines deleted, or {@link #BINARY}.
 */
record GitChange(char status, byte[] path, long additions, long deletions)
{
    /** Counts of a file that has no lines. */
    static final long BINARY = -1;

    boolean isBinary()
    {
        return additions == BINARY;
    }
}
