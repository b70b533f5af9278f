package io.sluice.index;

import java.util.List;

/**
 * What an index knows of a range of sequences. Ordinals count from the first sequence of the range; zones are pieces of
 * it of equal length. Not thread-safe.
 */
public abstract class IndexSegment
{
    IndexSegment()
    {
    }

    /** @return first sequence of the range. */
    public abstract long firstSequence();

    /** @return first sequence behind what is known. */
    public abstract long endSequence();

    /** @return events in a zone, present or missing, a multiple of 64. */
    public abstract int zoneEvents();

    /**
     * Find events by a key.
     *
     * @param key          of them.
     * @param hash         of what is looked for.
     * @param leastVersion of {@link IndexKey#AGGREGATE}, otherwise ignored.
     * @param result       gets the ordinals, in ascending order; some may be of other events with the same hash.
     * @throws IndexDamagedException if the file is not what was written.
     */
    public abstract void find(IndexKey key, int hash, long leastVersion, Ordinals result);

    /**
     * @param text which.
     * @return what the numbers from 1 on stand for.
     * @throws IndexDamagedException if the file is not what was written.
     */
    public abstract List<String> texts(IndexText text);

    /**
     * Set the bits of the events of a zone that are there.
     *
     * @param zone of the segment.
     * @param bits of its events.
     */
    public abstract void selectPresent(int zone, long[] bits);

    /**
     * Set the bits of the events of a zone whose text is one of some.
     *
     * @param text    which.
     * @param zone    of the segment.
     * @param allowed by number of the text; {@link IndexText#OTHER} is allowed always.
     * @param bits    of the events of the zone.
     */
    public abstract void selectTexts(IndexText text, int zone, boolean[] allowed, long[] bits);

    /**
     * Set the bits of the events of a zone whose priority and category are one of some.
     *
     * @param zone    of the segment.
     * @param allowed bits at the code of the priority plus 4 times that of the category.
     * @param bits    of the events of the zone.
     */
    public abstract void selectLevels(int zone, int allowed, long[] bits);

    /**
     * @param text    which.
     * @param ordinal of an event.
     * @param allowed by number of the text.
     * @return true if the text of the event is one of those, or is not known here.
     */
    public abstract boolean hasText(IndexText text, int ordinal, boolean[] allowed);

    /**
     * @param ordinal of an event.
     * @param allowed as for {@link #selectLevels}.
     * @return true if its priority and category are among them.
     */
    public abstract boolean hasLevel(int ordinal, int allowed);

    /**
     * @param zone of the segment.
     * @return least time at which an event of it happened; where that is not given it counts as {@link
     * io.sluice.event.EventDescriptor#NO_EVENT_TIME}. The greatest value if there is no event.
     */
    public abstract long leastEventTime(int zone);

    /**
     * @param zone of the segment.
     * @return greatest time at which an event of it happened, the least value if there is no event.
     */
    public abstract long greatestEventTime(int zone);

    /**
     * @param zone of the segment.
     * @return least time at which an event of it was journaled.
     */
    public abstract long leastJournalTime(int zone);

    /**
     * @param zone of the segment.
     * @return greatest time at which an event of it was journaled.
     */
    public abstract long greatestJournalTime(int zone);

    /**
     * @param ordinal of an event.
     * @return where it or one shortly before it lies, for {@link io.sluice.journal.JournalRecords}.
     */
    public abstract long place(int ordinal);
}
