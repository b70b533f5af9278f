package io.sluice.engine;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import java.util.Arrays;
import java.util.Collection;
import org.agrona.ExpandableArrayBuffer;

/**
 * Some replayed events on their way into an engine: their records, as they are to be published, and what became of
 * them. Not thread-safe.
 */
final class ReplayBatch
{
    /** Ticket of an event that was not published. */
    static final long UNPUBLISHED = -1L;

    private static final int KEPT_LENGTH = 4 << 20;

    private final String[] ids;
    private final long[] sequences;
    private final long[] tickets;
    private final int[] offsets;
    private final int[] lengths;
    private ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int length;
    private int size;

    ReplayBatch(final int capacity)
    {
        ids = new String[capacity];
        sequences = new long[capacity];
        tickets = new long[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
    }

    /** Take a copy of an event as it is to be published: flagged, and alone, whatever it came together with. */
    void add(final EventFlyweight event)
    {
        ids[size] = event.id();
        sequences[size] = event.sequence();
        tickets[size] = UNPUBLISHED;
        offsets[size] = length;
        lengths[size] = event.copyTo(buffer, length);
        EventStamp.batch(buffer, length, 0, 1);
        EventStamp.flags(
            buffer, length, event.flags() & EventDescriptor.FLAG_CORRECTION | EventDescriptor.FLAG_REPLAYED);
        length = EventDescriptor.alignedLength(length + lengths[size]);
        size++;
    }

    void clear()
    {
        Arrays.fill(ids, 0, size, null);
        size = 0;
        length = 0;
        if (buffer.capacity() > KEPT_LENGTH)
        {
            buffer = new ExpandableArrayBuffer();
        }
    }

    int size()
    {
        return size;
    }

    /** @return bytes of all records. */
    int length()
    {
        return length;
    }

    ExpandableArrayBuffer buffer()
    {
        return buffer;
    }

    int offset(final int index)
    {
        return offsets[index];
    }

    int length(final int index)
    {
        return lengths[index];
    }

    String id(final int index)
    {
        return ids[index];
    }

    /** @return sequence in the journal that it comes from. */
    long sequence(final int index)
    {
        return sequences[index];
    }

    /** @return ids of the events from one on. */
    Collection<String> idsFrom(final int index)
    {
        return Arrays.asList(ids).subList(index, size);
    }

    /** @return its ticket, or {@link #UNPUBLISHED}. */
    long ticket(final int index)
    {
        return tickets[index];
    }

    void published(final int index, final long ticket)
    {
        tickets[index] = ticket;
    }
}
