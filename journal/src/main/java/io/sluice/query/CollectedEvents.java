package io.sluice.query;

import io.sluice.event.EventException;
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
    private final boolean isDescending;
    private final Comparator<Copy> order;
    private final PriorityQueue<Copy> copies;
    private final int limit;
    private long bytes;

    /**
     * @param key          to order by; events with the same one are ordered by sequence.
     * @param isDescending true for the greatest first.
     * @param limit        of events.
     */
    CollectedEvents(final ToLongFunction<EventFlyweight> key, final boolean isDescending, final int limit)
    {
        this.key = key;
        this.isDescending = isDescending;
        order = isDescending ? ASCENDING.reversed() : ASCENDING;
        this.limit = limit;
        // The one that goes first when there is one too many is the last of the order.
        copies = new PriorityQueue<>(order.reversed());
    }

    /**
     * @throws EventException if the events take more memory than they may.
     */
    void add(final EventFlyweight event)
    {
        final long keyOfEvent = key.applyAsLong(event);
        if (isFull())
        {
            if (!isBeforeLast(keyOfEvent, event.sequence()))
            {
                return;
            }
            bytes -= copies.poll().record().capacity();
        }
        final UnsafeBuffer record = new UnsafeBuffer(new byte[event.recordLength()]);
        event.copyTo(record, 0);
        copies.add(new Copy(keyOfEvent, event.sequence(), record));
        bytes += record.capacity();
        if (bytes > EventQuery.MAX_COLLECTED_BYTES)
        {
            throw new EventException(
                copies.size() + " events take more than " + EventQuery.MAX_COLLECTED_BYTES +
                " bytes of memory, and they must be kept to be put in order; ask for fewer, or for a shorter range");
        }
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

    private boolean isBeforeLast(final long keyOfEvent, final long sequence)
    {
        final Copy last = copies.peek();
        final int difference = keyOfEvent != last.key() ?
            Long.compare(keyOfEvent, last.key()) : Long.compare(sequence, last.sequence());
        return isDescending ? difference > 0 : difference < 0;
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
