package io.sluice.query;

/**
 * What became of a query.
 *
 * @param delivered    events handed out.
 * @param matched      events that the filter picked, handed out or not.
 * @param scanned      events looked at.
 * @param end          why it ended.
 * @param lastSequence of the last event looked at, 0 if none: a query in sequence can go on after it.
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
        /** The time was over: events after {@link QueryResult#lastSequence()} were not looked at. */
        TIMEOUT
    }

    /** @return true if events may be missing because the time was over. */
    public boolean isPartial()
    {
        return end == End.TIMEOUT;
    }
}
