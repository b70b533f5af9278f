package io.sluice.engine.batch;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records of one batch, one behind the other, and what is known of them as a whole. It goes from the feeder by a
 * queue to a worker and back again; whoever has it is alone with it.
 *
 * <p>Grows to what it is given and keeps the memory, so that it allocates nothing once it has grown; only what an event
 * larger than a batch took is given back.
 */
final class BatchBuffer
{
    private static final int INITIAL_LENGTH = 4096;
    private static final int INITIAL_COUNT = 16;

    private final TypeKey type = new TypeKey();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
    private final int slot;
    private final int maxBytes;
    private int[] offsets = new int[INITIAL_COUNT];
    private int[] flags = new int[INITIAL_COUNT];
    private int count;
    private int length;
    private long group;
    private long firstSequence;
    private long lastSequence;
    private long openedNs;
    private long sealedNs;
    private boolean urgent;
    private boolean redelivered;

    /**
     * @param slot     place among the batches of the accumulator.
     * @param maxBytes of records.
     */
    BatchBuffer(final int slot, final int maxBytes)
    {
        this.slot = slot;
        this.maxBytes = maxBytes;
    }

    /**
     * Start a batch.
     *
     * @param groupHash equal for batches that must not be handled at the same time.
     * @param event     the first that will be added.
     * @param nowNs     time.
     */
    void open(final long groupHash, final EventFlyweight event, final long nowNs)
    {
        if (bytes.capacity() > maxBytes)
        {
            bytes.wrap(new byte[0]);
        }
        type.set(event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE));
        group = groupHash;
        count = 0;
        length = 0;
        firstSequence = Long.MAX_VALUE;
        lastSequence = Long.MIN_VALUE;
        openedNs = nowNs;
        sealedNs = nowNs;
        urgent = false;
        redelivered = false;
    }

    boolean isOfType(final DirectBuffer buffer, final int offset, final int typeLength)
    {
        return type.matches(buffer, offset, typeLength);
    }

    /** @return bytes by which it grows if a record of that length is added. */
    long growth(final int recordLength)
    {
        final long end = (long)length + recordLength;
        return end > bytes.capacity() ? grownTo(end) - bytes.capacity() : 0L;
    }

    /** @return false if a record of that length must go into the next batch. An empty batch takes any. */
    boolean fits(final int recordLength)
    {
        return count == 0 || (long)length + recordLength <= maxBytes;
    }

    void add(final EventFlyweight event)
    {
        ensureRoom((long)length + event.recordLength());
        if (count == offsets.length)
        {
            offsets = Arrays.copyOf(offsets, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }
        offsets[count] = length;
        flags[count] = event.flags();
        redelivered |= (event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0;
        final long sequence = event.sequence();
        firstSequence = Math.min(firstSequence, sequence);
        lastSequence = Math.max(lastSequence, sequence);
        length += EventDescriptor.alignedLength(event.copyTo(bytes, length));
        count++;
    }

    void seal(final long nowNs)
    {
        sealedNs = nowNs;
    }

    void makeUrgent()
    {
        urgent = true;
    }

    /** Make the batch older, where the clock was set back. */
    void shift(final long ns)
    {
        openedNs -= ns;
    }

    /**
     * View an event.
     *
     * @param index of it, from 0.
     * @param view  to wrap around it.
     * @return the view.
     */
    EventFlyweight wrap(final int index, final EventFlyweight view)
    {
        return view.wrap(bytes, offsets[index]).deliveryFlags(flags[index]);
    }

    int slot()
    {
        return slot;
    }

    int count()
    {
        return count;
    }

    long group()
    {
        return group;
    }

    long firstSequence()
    {
        return firstSequence;
    }

    long lastSequence()
    {
        return lastSequence;
    }

    long openedNs()
    {
        return openedNs;
    }

    long sealedNs()
    {
        return sealedNs;
    }

    boolean isUrgent()
    {
        return urgent;
    }

    boolean isRedelivered()
    {
        return redelivered;
    }

    int capacity()
    {
        return bytes.capacity();
    }

    private void ensureRoom(final long end)
    {
        // The last record of a batch may be padded beyond its limit, but nothing is written there.
        if (end > bytes.capacity())
        {
            bytes.wrap(Arrays.copyOf(bytes.byteArray(), Math.toIntExact(grownTo(end))));
        }
    }

    private long grownTo(final long end)
    {
        final long doubled = Math.min(Math.max(INITIAL_LENGTH, 2L * bytes.capacity()), maxBytes);
        return Math.max(end, doubled);
    }
}
