package io.sluice.query;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.RecordHandler;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.UnsafeBuffer;

/** The first events of an order, as many as a limit allows, copied. Not thread-safe. */
final class CollectedEvents
{
    private record Copy(long key, long sequence, UnsafeBuffer record)
    {
    }

    private static final Comparator<Copy> ASCENDING =
        Comparator.comparingLong(Copy::key).thenComparingLong(Copy::sequence);

    private final ToLongFunction<EventFlyweight> key;
    private final Comparator<Copy> order;
    private final PriorityQueue<Copy> copies;
    private final int limit;

    /**
     * @param key          to order by; events with the same one are ordered by sequence.
     * @param isDescending true for the greatest first.
     * @param limit        of events.
     */
    CollectedEvents(final ToLongFunction<EventFlyweight> key, final boolean isDescending, final int limit)
    {
        this.key = key;
        order = isDescending ? ASCENDING.reversed() : ASCENDING;
        this.limit = limit;
        // The one that goes first when there is one too many is the last of the order.
        copies = new PriorityQueue<>(order.reversed());
    }

    void add(final EventFlyweight event)
    {
        final Copy added = new Copy(key.applyAsLong(event), event.sequence(), null);
        if (copies.size() == limit)
        {
            if (order.compare(added, copies.peek()) >= 0)
            {
                return;
            }
            copies.poll();
        }
        final UnsafeBuffer record = new UnsafeBuffer(new byte[event.recordLength()]);
        event.copyTo(record, 0);
        copies.add(new Copy(added.key(), added.sequence(), record));
    }

    int size()
    {
        return copies.size();
    }

    /** @return true if there are as many as may be: only what comes before {@link #lastKey()} gets in. */
    boolean isFull()
    {
        return copies.size() == limit;
    }

    /** @return key of the last one of the order. */
    long lastKey()
    {
        return copies.peek().key();
    }

    /** Hand out in order. */
    void forEach(final RecordHandler handler)
    {
        final Copy[] sorted = copies.toArray(new Copy[0]);
        Arrays.sort(sorted, order);
        final EventFlyweight event = new EventFlyweight();
        for (final Copy copy : sorted)
        {
            handler.onRecord(event.wrap(copy.record(), 0));
        }
    }
}
