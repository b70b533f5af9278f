package io.sluice.query;

/** In which order a query hands out its events. */
public enum QueryOrder
{
    /** By sequence; handed out while they are found. */
    SEQUENCE(false, false),
    /** By sequence, the last one first. */
    SEQUENCE_DESCENDING(false, true),
    /** By the time at which they happened, then by sequence; those that have no time come first. */
    TIME(true, false),
    /** The other way round: the latest first, those that have no time last. */
    TIME_DESCENDING(true, true);

    private final boolean isByTime;
    private final boolean isDescending;

    QueryOrder(final boolean isByTime, final boolean isDescending)
    {
        this.isByTime = isByTime;
        this.isDescending = isDescending;
    }

    boolean isByTime()
    {
        return isByTime;
    }

    boolean isDescending()
    {
        return isDescending;
    }

    /** @return true if events may have to be kept in memory until all were seen. */
    boolean isCollected()
    {
        return this != SEQUENCE;
    }
}
