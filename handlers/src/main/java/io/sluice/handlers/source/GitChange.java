package io.sluice.handlers.source;

/** One changed file of a commit. */
final class GitChange
{
    /** Counts of a file that has no lines. */
    static final long BINARY = -1;

    private final char status;
    private final byte[] path;
    private long additions;
    private long deletions;

    /**
     * @param status as git says: {@code A} added, {@code D} deleted, {@code M} modified, {@code T} its kind changed.
     * @param path   bytes of the path, as git stores them: any but 0; not copied.
     */
    GitChange(final char status, final byte[] path)
    {
        this.status = status;
        this.path = path;
    }

    void counts(final long added, final long deleted)
    {
        additions = added;
        deletions = deleted;
    }

    char status()
    {
        return status;
    }

    byte[] path()
    {
        return path;
    }

    /** @return lines added, or {@link #BINARY}. */
    long additions()
    {
        return additions;
    }

    /** @return lines deleted, or {@link #BINARY}. */
    long deletions()
    {
        return deletions;
    }

    boolean isBinary()
    {
        return additions == BINARY;
    }
}
