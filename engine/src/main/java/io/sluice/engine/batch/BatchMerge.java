package io.sluice.engine.batch;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events of one batch as a {@link StateMerger} sees them. Each event is either handed over or superseded by a later
 * one, which stands for it from then on: none can get lost, none can be handed over twice, and the order of those that
 * are left stays.
 *
 * <p>For the thread that the merger is called on. Allocates only to grow.
 */
public final class BatchMerge
{
    private static final EventField[] FIELDS = EventField.values();
    private static final int KEPT_LENGTH = 1 << 20;
    private static final int AS_IT_IS = -1;

    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer records = new UnsafeBuffer(new byte[0]);
    private BatchBuffer batch;
    private EventFlyweight[] events;
    private int length;
    private int[] supersededBy = {};
    private int[] recordOffsets = {};
    private int[] counts = {};
    private long[] firsts = {};
    private long[] lasts = {};

    BatchMerge()
    {
    }

    /** @return events in the batch, 1 or more. */
    public int size()
    {
        return batch.count();
    }

    /**
     * @param index from 0.
     * @return view of the event as it was accumulated, valid until the merger returns.
     */
    public EventFlyweight event(final int index)
    {
        return events[check(index)];
    }

    /**
     * Let a later event stand for an earlier one and all that the earlier one stands for.
     *
     * @param earlier index of the event that is not handed over.
     * @param later   index of the event that is handed over in its place.
     * @return this.
     * @throws IllegalArgumentException if it is not later, or either is superseded already.
     */
    public BatchMerge supersede(final int earlier, final int later)
    {
        checkIsLeft(earlier);
        checkIsLeft(later);
        if (earlier >= later)
        {
            throw new IllegalArgumentException(
                "event " + earlier + " can't be superseded by event " + later + ": name a later one");
        }
        supersededBy[earlier] = later;
        counts[later] += counts[earlier];
        firsts[later] = Math.min(firsts[later], firsts[earlier]);
        lasts[later] = Math.max(lasts[later], lasts[earlier]);
        return this;
    }

    /**
     * Give an event that stands for others the payload that all of them amount to. Its other fields stay: id, sequence
     * and times are those of the event itself. {@link #event} goes on to show what was accumulated.
     *
     * @param index  of the event.
     * @param source holds the payload, in the content type of the event.
     * @param offset of its first byte.
     * @param count  of bytes.
     * @return this.
     * @throws IllegalArgumentException if the event stands for itself only, or is superseded.
     */
    public BatchMerge payload(final int index, final DirectBuffer source, final int offset, final int count)
    {
        checkIsLeft(index);
        if (counts[index] == 1)
        {
            throw new IllegalArgumentException(
                "event " + index + " stands for no other, its payload stays: supersede others by it first");
        }
        final EventFlyweight event = events[index];
        final int capacity = Math.addExact(Math.addExact(event.recordLength(), count), EventDescriptor.FIXED_LENGTH);
        ensureRoom(Math.addExact(length, capacity));
        recordOffsets[index] = length;
        length += EventDescriptor.alignedLength(encode(event, source, offset, count, capacity));
        return this;
    }

    void begin(final BatchBuffer buffer, final EventFlyweight[] views)
    {
        batch = buffer;
        events = views;
        length = 0;
        final int size = buffer.count();
        if (supersededBy.length < size)
        {
            supersededBy = new int[size];
            recordOffsets = new int[size];
            counts = new int[size];
            firsts = new long[size];
            lasts = new long[size];
        }
        for (int i = 0; i < size; i++)
        {
            supersededBy[i] = i;
            recordOffsets[i] = AS_IT_IS;
            counts[i] = 1;
            firsts[i] = views[i].sequence();
            lasts[i] = firsts[i];
        }
    }

    /**
     * Let the views of the events that are left show what they stand for.
     *
     * @param left receives their indices.
     * @return how many they are.
     */
    int finish(final int[] left)
    {
        int count = 0;
        // An event is superseded by a later one, so from the end the last one in a chain is known.
        for (int i = batch.count() - 1; i >= 0; i--)
        {
            final int by = supersededBy[i];
            if (by != i)
            {
                supersededBy[i] = supersededBy[by];
                final EventFlyweight view = events[supersededBy[i]];
                view.deliveryFlags(view.flags() | (events[i].flags() & EventDescriptor.FLAG_REDELIVERED));
            }
        }
        for (int i = 0, size = batch.count(); i < size; i++)
        {
            if (supersededBy[i] == i)
            {
                left[count++] = i;
                if (recordOffsets[i] != AS_IT_IS)
                {
                    final int flags = events[i].flags();
                    events[i].wrap(records, recordOffsets[i]).deliveryFlags(flags);
                }
            }
        }
        return count;
    }

    /** @return index of the event that was handed over for another. */
    int representative(final int index)
    {
        return supersededBy[index];
    }

    int count(final int index)
    {
        return counts[index];
    }

    long firstSequence(final int index)
    {
        return firsts[index];
    }

    long lastSequence(final int index)
    {
        return lasts[index];
    }

    /** No merger may use this any more; what was merged can still be read. */
    void end()
    {
        batch = null;
        events = null;
    }

    /** Nobody reads what was merged any more. */
    void release()
    {
        if (records.capacity() > KEPT_LENGTH)
        {
            records.wrap(new byte[0]);
        }
    }

    private int encode(
        final EventFlyweight event, final DirectBuffer source, final int offset, final int count, final int capacity)
    {
        encoder.wrap(records, length, capacity)
            .priority(event.priority())
            .category(event.category())
            .contentType(event.contentType())
            .eventTime(event.eventTime())
            .aggregateVersion(event.aggregateVersion())
            .flags(event.flags() & ~EventDescriptor.FLAG_REDELIVERED);
        if (event.hasUuid())
        {
            encoder.uuid(event.idHigh(), event.idLow());
        }
        for (final EventField field : FIELDS)
        {
            if (field == EventField.PAYLOAD)
            {
                encoder.put(field, source, offset, count);
            }
            else if (event.fieldLength(field) > 0)
            {
                encoder.put(field, event.buffer(), event.fieldOffset(field), event.fieldLength(field));
            }
        }
        final int recordLength = encoder.complete();
        EventStamp.batch(records, length, event.batchIndex(), event.batchCount());
        EventStamp.stamp(
            records,
            length,
            event.runId(),
            event.sequence(),
            event.journalTime(),
            event.verdict(),
            event.originalSequence());
        return recordLength;
    }

    private void ensureRoom(final int end)
    {
        if (end > records.capacity())
        {
            final long doubled = Math.min(2L * end, Integer.MAX_VALUE - Long.BYTES);
            records.wrap(Arrays.copyOf(records.byteArray(), (int)Math.max(end, doubled)));
        }
    }

    private void checkIsLeft(final int index)
    {
        check(index);
        if (supersededBy[index] != index)
        {
            throw new IllegalArgumentException(
                "event " + index + " is superseded by event " + supersededBy[index] + " already: use that one");
        }
    }

    private int check(final int index)
    {
        if (batch == null)
        {
            throw new IllegalStateException("this batch is merged: a merger may use it until it returns");
        }
        return BatchIndex.check(index, batch.count());
    }
}
