package io.sluice.engine.failure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Where in the log the entries lie that are not done. Made from the entries in their order; delivery thread only.
 *
 * <p>Compaction appends a copy of an old entry while other threads may append what supersedes it, so a copy may come
 * behind that. It says itself which entry it is a copy of, and is stale if what is known of the event is newer. That an
 * event was closed is known only as long as {@link #remember} says so: while there may be stale copies. A stale copy of
 * what is closed would open it again once the closing entry is gone, so that one is copied behind it: as a copy it
 * closes only what is older than the one that it stands for, and never what was opened again since.
 */
final class OpenRetries
{
    private static final long NONE = -1;

    /** What becomes of an entry. */
    enum Effect
    {
        /** Something is to be done that was not known. */
        NEWS,
        /** Nothing has changed but places. */
        NOTHING
    }

    /**
     * A closing entry that is to be copied.
     *
     * @param subscription id of the subscription.
     * @param sequence     of the event.
     * @param origin       position of what closed it.
     */
    record Correction(long subscription, long sequence, long origin)
    {
    }

    /** Place of the entry of one event that is not done. */
    static final class Place
    {
        private final long subscription;
        private final long sequence;
        private long position;
        private long origin;
        private int length;

        private Place(final long subscription, final long sequence)
        {
            this.subscription = subscription;
            this.sequence = sequence;
        }

        long subscription()
        {
            return subscription;
        }

        long sequence()
        {
            return sequence;
        }

        long position()
        {
            return position;
        }

        long origin()
        {
            return origin;
        }
    }

    private final Long2ObjectHashMap<Long2ObjectHashMap<Place>> places = new Long2ObjectHashMap<>();
    private final Long2LongHashMap openBySegment = new Long2LongHashMap(0);
    private final Long2ObjectHashMap<Long2LongHashMap> closedAt = new Long2ObjectHashMap<>();
    private final Long2LongHashMap forgottenAt = new Long2LongHashMap(NONE);
    private final ArrayDeque<Correction> corrections = new ArrayDeque<>();
    private boolean isRemembering;
    private long openBytes;
    private int count;

    /**
     * Take the next entry of the log.
     *
     * @param entry     the entry.
     * @param position  of it.
     * @param length    of it.
     * @param isCarried true if it is a copy.
     * @param origin    position of what it is a copy of.
     * @return whether there is something in it that was not known.
     */
    Effect apply(
        final RetryEntry entry, final long position, final int length, final boolean isCarried, final long origin)
    {
        switch (entry.kind())
        {
            case CLOSED:
                return close(entry.subscription(), entry.sequence(), origin);
            case FORGOTTEN:
                return forget(entry.subscription(), position);
            default:
                return open(entry, position, length, isCarried, origin);
        }
    }

    /** Remember from now on what is closed, or forget all of that. */
    void remember(final boolean value)
    {
        isRemembering = value;
        if (!value)
        {
            closedAt.clear();
            forgottenAt.clear();
        }
    }

    /** @return what is to be appended before any segment may go. */
    ArrayDeque<Correction> corrections()
    {
        return corrections;
    }

    /** @return the place, or null if there is none: the event is done, or not known. */
    Place find(final long subscription, final long sequence)
    {
        final Long2ObjectHashMap<Place> ofSubscription = places.get(subscription);
        return ofSubscription == null ? null : ofSubscription.get(sequence);
    }

    /** Take out an entry that can't be read any more. */
    void drop(final Place place)
    {
        final Long2ObjectHashMap<Place> ofSubscription = places.get(place.subscription);
        if (ofSubscription.remove(place.sequence) != null)
        {
            leave(place);
            count--;
        }
        if (ofSubscription.isEmpty())
        {
            places.remove(place.subscription);
        }
    }

    /** @return events that are not done. */
    int count()
    {
        return count;
    }

    /** @return bytes of their entries. */
    long openBytes()
    {
        return openBytes;
    }

    /** @return bytes of those in a segment. */
    long openBytes(final long segmentNumber)
    {
        return openBySegment.get(segmentNumber);
    }

    /** @return the places in a segment, in their order. */
    List<Place> in(final long segmentNumber)
    {
        final List<Place> result = new ArrayList<>();
        places.forEachLong((subscription, ofSubscription) -> ofSubscription.forEachLong((sequence, place) ->
        {
            if (RetrySegment.numberOf(place.position) == segmentNumber)
            {
                result.add(place);
            }
        }));
        result.sort((left, right) -> Long.compare(left.position, right.position));
        return result;
    }

    /** @return least sequence of all events that are not done, the greatest value if there is none. */
    long lowestSequence()
    {
        long lowest = Long.MAX_VALUE;
        for (final Long2ObjectHashMap<Place> ofSubscription : places.values())
        {
            for (final Place place : ofSubscription.values())
            {
                lowest = Math.min(lowest, place.sequence);
            }
        }
        return lowest;
    }

    private Effect open(
        final RetryEntry entry, final long position, final int length, final boolean isCarried, final long origin)
    {
        final long subscription = entry.subscription();
        final long sequence = entry.sequence();
        final long closed = isCarried ? closedPosition(subscription, sequence) : NONE;
        if (closed > origin)
        {
            corrections.add(new Correction(subscription, sequence, closed));
            return Effect.NOTHING;
        }
        final Place known = find(subscription, sequence);
        if (known != null && origin < known.origin)
        {
            return Effect.NOTHING;
        }
        final boolean isNews = known == null || origin > known.origin;
        final Place place = known == null ? new Place(subscription, sequence) : known;
        if (known == null)
        {
            places.computeIfAbsent(subscription, key -> new Long2ObjectHashMap<>()).put(sequence, place);
            count++;
        }
        else
        {
            leave(known);
        }
        place.position = position;
        place.origin = origin;
        place.length = length;
        final long number = RetrySegment.numberOf(position);
        openBySegment.put(number, openBySegment.get(number) + length);
        openBytes += length;
        return isNews ? Effect.NEWS : Effect.NOTHING;
    }

    private Effect close(final long subscription, final long sequence, final long origin)
    {
        if (isRemembering)
        {
            final Long2LongHashMap ofSubscription =
                closedAt.computeIfAbsent(subscription, key -> new Long2LongHashMap(NONE));
            ofSubscription.put(sequence, Math.max(origin, ofSubscription.get(sequence)));
        }
        final Place place = find(subscription, sequence);
        if (place == null || place.origin > origin)
        {
            return Effect.NOTHING;
        }
        drop(place);
        return Effect.NEWS;
    }

    private Effect forget(final long subscription, final long position)
    {
        if (isRemembering)
        {
            forgottenAt.put(subscription, position);
        }
        final Long2ObjectHashMap<Place> ofSubscription = places.remove(subscription);
        if (ofSubscription == null)
        {
            return Effect.NOTHING;
        }
        ofSubscription.values().forEach(this::leave);
        count -= ofSubscription.size();
        return Effect.NEWS;
    }

    private long closedPosition(final long subscription, final long sequence)
    {
        final Long2LongHashMap ofSubscription = closedAt.get(subscription);
        final long closed = ofSubscription == null ? NONE : ofSubscription.get(sequence);
        return Math.max(closed, forgottenAt.get(subscription));
    }

    private void leave(final Place place)
    {
        final long number = RetrySegment.numberOf(place.position);
        openBytes -= place.length;
        final long left = openBySegment.get(number) - place.length;
        if (left == 0)
        {
            openBySegment.remove(number);
        }
        else
        {
            openBySegment.put(number, left);
        }
    }
}
