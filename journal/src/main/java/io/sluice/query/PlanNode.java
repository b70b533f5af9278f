package io.sluice.query;

import io.sluice.index.IndexSegment;
import io.sluice.index.Ordinals;
import java.util.Arrays;

/**
 * A demand on events, to be asked of one segment of an index after the other. It may let events through that do not
 * fulfil it, and never holds one back that does. Not thread-safe.
 */
abstract class PlanNode
{
    /** Look at this segment from now on. */
    abstract void enter(IndexSegment segment);

    /** @return true if {@link #list} gives the events, and most of a segment need not be looked at. */
    boolean isListing()
    {
        return false;
    }

    /** Add the ordinals of events that may fulfil it, in ascending order. */
    void list(final Ordinals result)
    {
        throw new IllegalStateException(getClass().getSimpleName() + " lists nothing");
    }

    /** @return false if no event of a zone fulfils it. */
    boolean mayHold(final int zone)
    {
        return true;
    }

    /** Set the bits of the events of a zone that may fulfil it, clear the others. */
    void select(final int zone, final long[] bits)
    {
        Arrays.fill(bits, -1L);
    }

    /** @return false if an event does not fulfil it. */
    boolean mayMatch(final int ordinal)
    {
        return true;
    }
}
