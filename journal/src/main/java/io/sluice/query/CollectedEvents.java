package io.sluice.query;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.RecordHandler;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.agrona.concurrent.UnsafeBuffer;

/** The first events of an order, as many as a limit allows, copied. */
final class CollectedEvents
{
    private record Copy(long time, long sequence, UnsafeBuffer record)
    {
    }

    private final Comparator<Copy> order;
    private final PriorityQueue<Copy> copies;
    private final int limit;

    CollectedEvents(final QueryOrder order, final int limit)
    {
        this.order = comparator(order);
        this.limit = limit;
        // The one that goes first when there is one too many is the last of the order.
        copies = new PriorityQueue<>(this.order.reversed());
    }

    void add(final EventFlyweight event)
    {
        final Copy key = new Copy(event.eventTime(), event.sequence(), null);
        if (copies.size() == limit)
        {
            if (order.compare(key, copies.peek()) >= 0)
            {
                return;
            }
            copies.poll();
        }
        final UnsafeBuffer record = new UnsafeBuffer(new byte[event.recordLength()]);
        event.copyTo(record, 0);
        copies.add(new Copy(key.time(), key.sequence(), record));
    }

    int size()
    {
        return copies.size();
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

    private static Comparator<Copy> comparator(final QueryOrder order)
    {
        final Comparator<Copy> bySequence = Comparator.comparingLong(Copy::sequence);
        final Comparator<Copy> byTime = Comparator.comparingLong(Copy::time).thenComparing(bySequence);
        return switch (order)
        {
            case SEQUENCE -> bySequence;
            case SEQUENCE_DESCENDING -> bySequence.reversed();
            case TIME -> byTime;
            case TIME_DESCENDING -> byTime.reversed();
        };
    }
}
