package io.sluice.query;

/** In which order a query hands out its events. */
public enum QueryOrder
{
    /** By sequence; handed out while they are found. */
    SEQUENCE(false),
    /** By sequence, the last one first. */
    SEQUENCE_DESCENDING(true),
    /** By the time at which they happened, then by sequence. */
    TIME(true),
    /** By the time at which they happened, the latest first, then by sequence, the last one first. */
    TIME_DESCENDING(true);

    private final boolean isCollected;

    QueryOrder(final boolean isCollected)
    {
        this.isCollected = isCollected;
    }

    /** @return true if events must be kept in memory until all were seen. */
    boolean isCollected()
    {
        return isCollected;
    }
}
