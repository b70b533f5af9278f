package io.sluice.query;

/**
 * What became of a query.
 *
 * @param delivered    events handed out.
 * @param matched      events that the filter picked of those looked at, handed out or not.
 * @param scanned      events looked at; where the index is used, only those that it names.
 * @param end          why it ended.
 * @param lastSequence up to which the query came, 0 if nowhere: one in {@link QueryOrder#SEQUENCE} can go on after it.
 */
public record QueryResult(long delivered, long matched, long scanned, End end, long lastSequence)
{
    /** Why a query ended. */
    public enum End
    {
        /** Everything was looked at. */
        COMPLETE,
        /** As many events as asked for were handed out, and there may be more. */
        LIMIT,
        /** The time was over, and not everything was looked at. */
        TIMEOUT
    }

    /** @return true if events may be missing because the time was over. */
    public boolean isPartial()
    {
        return end == End.TIMEOUT;
    }
}
