package io.sluice.engine.stream;

/**
 * Events that a stream should have had and did not get. They are in the journal, unless retention took them.
 *
 * @param firstSequence smallest sequence of them.
 * @param lastSequence  greatest sequence of them. Between the two there may be events that were not missed: those that
 *                      the filter does not pick, and those of other priorities, which come in an order of their own.
 * @param count         how many they are, or {@value #UNKNOWN}.
 */
public record MissedEvents(long firstSequence, long lastSequence, long count)
{
    /** Nobody can tell how many the filter would have picked: the journal does not have them any more. */
    public static final long UNKNOWN = -1;
}
