package io.sluice.engine;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Events to be published together, all or none, see {@link Publisher#publishBatch(EventBatchBuilder)}. Each is encoded
 * when it is added, so that one {@link EventBuilder} serves for all.
 *
 * <pre>{@code
 * EventBatchBuilder batch = publisher.newBatch();
 * batch.clear().add(event.type("order.placed")).add(event.type("stock.reserved"));
 * long ticket = publisher.publishBatch(batch);
 * }</pre>
 *
 * <p>The events have one priority. They may be as many, and have as many bytes, as one excerpt of the journal: {@link
 * io.sluice.journal.JournalContext#batchCount()} (64) and {@link io.sluice.journal.JournalContext#batchLength()} (64
 * KiB). What is added beyond is not kept, and publishing refuses the whole batch as {@link
 * PublishResult#BATCH_TOO_LARGE}, or {@link PublishResult#EVENT_TOO_LARGE} where it is one event.
 *
 * <p>Not thread-safe; belongs to the engine of its publisher. Allocates nothing once it has grown.
 */
public final class EventBatchBuilder
{
    private static final int INITIAL_EVENTS = 16;
    private static final int INITIAL_LENGTH = 4096;

    private final EngineCore core;
    private final int mostEvents;
    private final int mostBytes;
    private final EventFlyweight record = new EventFlyweight();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int[] offsets = new int[INITIAL_EVENTS];
    private int[] lengths = new int[INITIAL_EVENTS];
    private long[] arenaHandles = new long[INITIAL_EVENTS];
    private int size;
    private int refusedSize;
    private int length;
    private Priority priority;
    private long refusal;

    EventBatchBuilder(final EngineCore core)
    {
        this.core = core;
        mostEvents = core.context().journal().batchCount();
        mostBytes = core.context().journal().batchLength();
        buffer.wrap(newMemory(Math.min(INITIAL_LENGTH, mostBytes)));
    }

    /**
     * Add an event. Absent fields get the defaults of the engine and, inside a handler, the correlation and causation
     * of the handled event.
     *
     * @param event to encode; may be reused at once.
     * @return this.
     * @throws EventValidationException if a field is not valid, or the priority is not that of the batch; the batch is
     *                                  as before.
     */
    public EventBatchBuilder add(final EventBuilder event)
    {
        checkPriority(event.priority());
        final PublishScratch scratch = core.scratch();
        final int eventLength = scratch.encode(event);
        if (eventLength == PublishScratch.TOO_LARGE)
        {
            refuse(PublishResult.EVENT_TOO_LARGE);
        }
        else
        {
            put(scratch.buffer(), 0, eventLength);
        }
        priority = event.priority();
        return this;
    }

    /**
     * Add a record.
     *
     * @param source    holds it, completed by an {@link io.sluice.event.EventEncoder}; may be reused at once.
     * @param offset    of it.
     * @param available bytes that it may take from there.
     * @return this.
     * @throws EventValidationException if it is no record, or its priority is not that of the batch; the batch is as
     *                                  before.
     */
    public EventBatchBuilder add(final DirectBuffer source, final int offset, final int available)
    {
        final EventFlyweight event = Admission.checked(record.wrap(source, offset), available);
        checkPriority(event.priority());
        priority = event.priority();
        if (event.recordLength() > core.admission().maxEventLength())
        {
            refuse(PublishResult.EVENT_TOO_LARGE);
        }
        else
        {
            put(source, offset, event.recordLength());
        }
        return this;
    }

    /**
     * Forget all events.
     *
     * @return this.
     */
    public EventBatchBuilder clear()
    {
        size = 0;
        refusedSize = 0;
        length = 0;
        priority = null;
        refusal = 0;
        return this;
    }

    /** @return events added, those included that make the batch too large. */
    public int size()
    {
        return size + refusedSize;
    }

    /** @return bytes that the events take in the journal, those left out that make the batch too large. */
    public int length()
    {
        return length;
    }

    /** @return priority of the events, or null if there is none. */
    public Priority priority()
    {
        return priority;
    }

    /**
     * @param index of an event, from 0.
     * @return its id, as given or generated.
     * @throws IndexOutOfBoundsException if there is no such event, or it is one that made the batch too large.
     */
    public String id(final int index)
    {
        if (index < 0 || index >= size)
        {
            throw new IndexOutOfBoundsException("event " + index + " of a batch that holds " + size);
        }
        return record.wrap(buffer, offsets[index]).id();
    }

    /** @return 0, or why the batch can't be published. */
    long refusal()
    {
        return refusal;
    }

    int length(final int index)
    {
        return lengths[index];
    }

    long arenaHandle(final int index)
    {
        return arenaHandles[index];
    }

    void arenaHandle(final int index, final long handle)
    {
        arenaHandles[index] = handle;
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** View an event that was added. */
    EventFlyweight event(final int index)
    {
        return record.wrap(buffer, offsets[index]);
    }

    /** Copy the record of an event, which then says where in the batch it stands. */
    void copyTo(final int index, final MutableDirectBuffer target, final int offset)
    {
        target.putBytes(offset, buffer, offsets[index], lengths[index]);
        EventStamp.batch(target, offset, index, size);
    }

    /** Without adding anything: so many events are too many. */
    void refuse(final Priority ofPriority, final int events)
    {
        clear();
        priority = ofPriority;
        refusedSize = events;
        refusal = PublishResult.BATCH_TOO_LARGE;
    }

    boolean isTooMany(final int events)
    {
        return events > mostEvents;
    }

    private void checkPriority(final Priority other)
    {
        if (priority != null && priority != other)
        {
            throw new EventValidationException(
                "priority",
                other.label(),
                "event " + size() + " is of another priority than the batch, which is " + priority.label() +
                ": publish one batch for each priority");
        }
    }

    private void put(final DirectBuffer source, final int offset, final int eventLength)
    {
        final int end = length + EventDescriptor.alignedLength(eventLength);
        if (size == mostEvents || end > mostBytes)
        {
            refuse(PublishResult.BATCH_TOO_LARGE);
            return;
        }
        if (refusal != 0)
        {
            refusedSize++;
            return;
        }
        grow(end);
        buffer.putBytes(length, source, offset, eventLength);
        offsets[size] = length;
        lengths[size] = eventLength;
        length = end;
        size++;
    }

    private void refuse(final long reason)
    {
        refusal = refusal == 0 ? reason : refusal;
        refusedSize++;
    }

    private void grow(final int end)
    {
        if (size == offsets.length)
        {
            offsets = Arrays.copyOf(offsets, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
            arenaHandles = Arrays.copyOf(arenaHandles, 2 * size);
        }
        if (end > buffer.capacity())
        {
            final ByteBuffer larger = newMemory((int)Math.min(mostBytes, Math.max(end, 2L * buffer.capacity())));
            buffer.getBytes(0, larger, 0, length);
            buffer.wrap(larger);
        }
    }

    private static ByteBuffer newMemory(final int bytes)
    {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
