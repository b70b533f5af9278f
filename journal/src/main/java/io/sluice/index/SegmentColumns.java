package io.sluice.index;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.util.Arrays;

/**
 * What is known of the events of the segment that grows, column by column. Some 35 bytes an event, on the heap. Not
 * thread-safe. Allocates for new texts only.
 */
final class SegmentColumns
{
    private static final IndexText[] TEXTS = IndexText.values();

    final byte[] levels;
    final char[][] codes;
    final int[][] hashes;
    final int[] versions;
    final long[] times;
    final long[] places;
    final TextDictionary[] texts = {new TextDictionary(IndexText.TYPE), new TextDictionary(IndexText.SOURCE)};

    private final IndexLayout layout;
    private long firstSequence;
    private long nextSequence;
    private long lastSequence;
    private long lastChecksum;
    private int events;

    SegmentColumns(final IndexLayout layout)
    {
        this.layout = layout;
        final int size = layout.segmentEvents();
        levels = new byte[size];
        codes = new char[IndexText.COUNT][size];
        hashes = new int[IndexKey.COUNT][size];
        versions = new int[size];
        times = new long[layout.zones() * IndexLayout.TIMES_LENGTH / Long.BYTES];
        places = new long[layout.zones() * layout.placesOfZone()];
    }

    /** Begin a segment. */
    void clear(final long first)
    {
        firstSequence = first;
        nextSequence = first;
        lastSequence = 0;
        lastChecksum = 0;
        events = 0;
        Arrays.fill(levels, (byte)0);
        Arrays.fill(places, -1L);
        for (int i = 0; i < times.length; i += 2)
        {
            times[i] = Long.MAX_VALUE;
            times[i + 1] = Long.MIN_VALUE;
        }
        for (final IndexText text : TEXTS)
        {
            Arrays.fill(codes[text.ordinal()], (char)0);
            texts[text.ordinal()].clear();
        }
        for (int i = 0; i < IndexKey.COUNT; i++)
        {
            Arrays.fill(hashes[i], IndexKey.ABSENT);
        }
    }

    long firstSequence()
    {
        return firstSequence;
    }

    /** @return first sequence that is not looked at yet. */
    long nextSequence()
    {
        return nextSequence;
    }

    /** @return sequence of the last event, 0 if there is none. */
    long lastSequence()
    {
        return lastSequence;
    }

    /** @return checksum of the last event. */
    long lastChecksum()
    {
        return lastChecksum;
    }

    int events()
    {
        return events;
    }

    /** Take an event in; sequences before it that were not taken in are missing. */
    void add(final EventFlyweight event, final long place)
    {
        final long sequence = event.sequence();
        final int ordinal = (int)(sequence - firstSequence);
        levels[ordinal] = (byte)(IndexLayout.LEVEL_PRESENT |
            (event.originalSequence() != 0 ? IndexLayout.LEVEL_DUPLICATE : 0) |
            event.category().code() << IndexLayout.CATEGORY_SHIFT | event.priorityCode());
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            codes[i][ordinal] = (char)texts[i].code(event);
        }
        for (int i = 0; i < IndexKey.COUNT; i++)
        {
            hashes[i][ordinal] = IndexKey.of(i).hash(event);
        }
        versions[ordinal] = versionOf(event);
        addTimes(event, ordinal >>> layout.zoneBits());
        final int placeAt = ordinal / layout.eventsOfPlace();
        if (places[placeAt] < 0)
        {
            places[placeAt] = place;
        }
        lastSequence = sequence;
        lastChecksum = event.checksum();
        nextSequence = sequence + 1;
        events++;
    }

    private void addTimes(final EventFlyweight event, final int zone)
    {
        final int at = zone * IndexLayout.TIMES_LENGTH / Long.BYTES;
        // A time that is not given is a number like any other here: that by which queries order it.
        times[at] = Math.min(times[at], event.eventTime());
        times[at + 1] = Math.max(times[at + 1], event.eventTime());
        times[at + 2] = Math.min(times[at + 2], event.journalTime());
        times[at + 3] = Math.max(times[at + 3], event.journalTime());
    }

    private static int versionOf(final EventFlyweight event)
    {
        if (!event.hasAggregateVersion() || event.fieldLength(EventField.AGGREGATE_ID) == 0)
        {
            return IndexLayout.NO_VERSION;
        }
        // What does not fit is as great as can be, and so is what is looked for.
        return (int)Math.max(Integer.MIN_VALUE + 1, Math.min(Integer.MAX_VALUE, event.aggregateVersion()));
    }
}
