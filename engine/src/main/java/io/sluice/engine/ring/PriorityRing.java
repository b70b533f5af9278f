package io.sluice.engine.ring;

import com.lmax.disruptor.Sequence;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The ring of one priority: a sequencer with an exact limit over slots that own their encoded bytes, in one direct
 * region.
 *
 * <p>Thread rule: publishers claim, fill and publish from any thread; each stage position has a single writer. Nothing
 * here blocks or, after construction, allocates (but for the chunks of the arena).
 */
public final class PriorityRing
{
    /** Returned by {@link #tryClaim} when the limit is reached. */
    public static final long FULL = -1L;
    /** Returned by {@link #sequenceAt} for a position that is not sequenced yet. */
    public static final long NOT_SEQUENCED = 0L;
    /** Returned by {@link #sequenceAt} for a position so old that it is forgotten. */
    public static final long FORGOTTEN = -1L;
    /** Publisher id of a slot that counts for nobody's share. */
    public static final int UNCOUNTED = -1;
    /** Arena handle of a record that lies in its slot. */
    public static final long NOT_IN_ARENA = SlotLayout.NOT_IN_ARENA;

    private static final int HISTORY_FACTOR = 4;
    private static final int MIN_RESERVE = 16;
    private static final int MAX_RESERVE = 64;
    private static final VarHandle ATTACHMENTS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle HISTORY = MethodHandles.arrayElementVarHandle(long[].class);

    private final Priority priority;
    private final AdmissionSequencer sequencer;
    private final EventArena arena;
    private final UnsafeBuffer slots;
    private final Object[] attachments;
    private final Object[] routes;
    private final long[] history;
    private final Sequence sequenced = new Sequence(-1L);
    private final Sequence routed = new Sequence(-1L);
    private final Sequence handled;
    private final int limit;
    private final int reserve;
    private final int size;
    private final int slotLength;
    private final int mask;
    private final int historyMask;
    private boolean isSealed;

    /**
     * @param priority   of its events.
     * @param limit      events that hosts may have in it, 1 or more.
     * @param slotLength bytes of a slot, a multiple of 64.
     * @param arena      for the events that do not fit into a slot.
     */
    public PriorityRing(final Priority priority, final int limit, final int slotLength, final EventArena arena)
    {
        this.priority = priority;
        this.limit = limit;
        this.slotLength = slotLength;
        this.arena = arena;
        size = BitUtil.findNextPositivePowerOfTwo(limit + MIN_RESERVE);
        reserve = Math.min(size - limit, MAX_RESERVE);
        mask = size - 1;
        sequencer = new AdmissionSequencer(size);
        handled = sequencer.consumed();
        slots = AlignedMemory.allocate(Math.multiplyExact(size, slotLength));
        attachments = new Object[size];
        routes = new Object[size];
        history = new long[size * HISTORY_FACTOR];
        historyMask = history.length - 1;
    }

    /**
     * @param limit      of a ring.
     * @param slotLength bytes of a slot.
     * @return bytes that such a ring holds, without the arena.
     */
    public static long memory(final int limit, final int slotLength)
    {
        final long slots = BitUtil.findNextPositivePowerOfTwo(limit + MIN_RESERVE);
        // Two references, the round in which it was published, what its positions became.
        return slots * (slotLength + 3 * Integer.BYTES + HISTORY_FACTOR * Long.BYTES);
    }

    /** @return the priority of its events. */
    public Priority priority()
    {
        return priority;
    }

    /** @return events that hosts may have in the ring. */
    public int limit()
    {
        return limit;
    }

    /** @return further slots for events that handlers publish while the ring is full. */
    public int reserve()
    {
        return reserve;
    }

    /** @return the longest record that needs no arena. */
    public int inlineLength()
    {
        return inlineLength(slotLength);
    }

    /**
     * @param slotLength bytes of a slot.
     * @return the longest record that needs no arena.
     */
    public static int inlineLength(final int slotLength)
    {
        return slotLength - SlotLayout.RECORD_OFFSET;
    }

    /**
     * Claim a slot.
     *
     * @param eventLimit at most so many events, the new one included, may then be in the ring.
     * @return its position, or {@link #FULL}.
     */
    public long tryClaim(final int eventLimit)
    {
        return sequencer.tryClaim(eventLimit);
    }

    /**
     * Claim consecutive slots, all or none.
     *
     * @param eventLimit at most so many events, the new ones included, may then be in the ring.
     * @param count      of slots, 1 or more.
     * @return position of the first one, or {@link #FULL}.
     */
    public long tryClaim(final int eventLimit, final int count)
    {
        return sequencer.tryClaim(eventLimit, count);
    }

    /**
     * Let no further claim succeed; one thread at a time.
     *
     * @return false if the ring is too full for that just now.
     */
    public boolean trySeal()
    {
        if (!isSealed)
        {
            final long position = sequencer.trySeal();
            if (position == FULL)
            {
                return false;
            }
            fill(position, 0, UNCOUNTED, 0L, SlotLayout.NOT_IN_ARENA);
            publish(position);
            isSealed = true;
        }
        return true;
    }

    /** Let claims succeed again; by the thread that sealed. */
    public void unseal()
    {
        sequencer.unseal();
        isSealed = false;
    }

    /**
     * Fill the header of a claimed slot.
     *
     * @param position      claimed.
     * @param length        of the record; 0 for a void slot.
     * @param publisherId   whose share it uses.
     * @param publishTimeNs intended time of publishing.
     * @param arenaHandle   of the record, or -1 if it lies in the slot.
     */
    public void fill(
        final long position, final int length, final int publisherId, final long publishTimeNs, final long arenaHandle)
    {
        final int slot = slotOffset(position);
        slots.putInt(slot + SlotLayout.LENGTH_OFFSET, length);
        slots.putInt(slot + SlotLayout.PUBLISHER_OFFSET, publisherId);
        slots.putLong(slot + SlotLayout.TIME_OFFSET, publishTimeNs);
        slots.putLong(slot + SlotLayout.ARENA_OFFSET, arenaHandle);
        slots.putInt(slot + SlotLayout.BATCH_OFFSET, 1);
    }

    /**
     * Make a filled slot visible to the pipeline.
     *
     * @param position claimed.
     */
    public void publish(final long position)
    {
        sequencer.publish(position);
    }

    /**
     * Make consecutive filled slots visible to the pipeline as a batch: whoever sees the first one sees them all.
     *
     * @param first position claimed.
     * @param count of slots.
     */
    public void publishBatch(final long first, final int count)
    {
        slots.putInt(slotOffset(first) + SlotLayout.BATCH_OFFSET, count);
        publishTogether(first, count);
    }

    /**
     * Make consecutive filled slots visible to the pipeline, the last one first, each for itself.
     *
     * @param first position claimed.
     * @param count of slots.
     */
    public void publishTogether(final long first, final int count)
    {
        for (long position = first + count - 1; position >= first; position--)
        {
            sequencer.publish(position);
        }
    }

    /**
     * @param position published, the first one of a batch or on its own.
     * @return slots from there on that belong together.
     */
    public int batchCount(final long position)
    {
        return slots.getInt(slotOffset(position) + SlotLayout.BATCH_OFFSET);
    }

    /**
     * @param position to look at.
     * @return true if it has been published.
     */
    public boolean isPublished(final long position)
    {
        return sequencer.isAvailable(position);
    }

    /** @return the last claimed position. */
    public long claimed()
    {
        return sequencer.getCursor();
    }

    /** @return events in the ring; a snapshot. */
    public int depth()
    {
        return (int)Math.max(0L, sequencer.getCursor() - handled.get());
    }

    /** @return positions up to which events are sequenced and, in a journaling engine, journaled. */
    public Sequence sequenced()
    {
        return sequenced;
    }

    /** @return positions up to which events are routed. */
    public Sequence routed()
    {
        return routed;
    }

    /** @return positions up to which events are handled and their slots free. */
    public Sequence handled()
    {
        return handled;
    }

    /**
     * @param position of a slot.
     * @return length of its record, 0 if void.
     */
    public int length(final long position)
    {
        return slots.getInt(slotOffset(position) + SlotLayout.LENGTH_OFFSET);
    }

    /**
     * @param position of a slot.
     * @return id of the publisher.
     */
    public int publisherId(final long position)
    {
        return slots.getInt(slotOffset(position) + SlotLayout.PUBLISHER_OFFSET);
    }

    /**
     * @param position of a slot.
     * @return intended time of publishing.
     */
    public long publishTimeNs(final long position)
    {
        return slots.getLong(slotOffset(position) + SlotLayout.TIME_OFFSET);
    }

    /**
     * @param position of a slot.
     * @return the buffer that holds its record.
     */
    public UnsafeBuffer recordBuffer(final long position)
    {
        final long handle = slots.getLong(slotOffset(position) + SlotLayout.ARENA_OFFSET);
        return handle == SlotLayout.NOT_IN_ARENA ? slots : arena.buffer(handle);
    }

    /**
     * @param position of a slot.
     * @return where its record starts in {@link #recordBuffer}.
     */
    public int recordOffset(final long position)
    {
        final int slot = slotOffset(position);
        final long handle = slots.getLong(slot + SlotLayout.ARENA_OFFSET);
        return handle == SlotLayout.NOT_IN_ARENA ? slot + SlotLayout.RECORD_OFFSET : arena.offset(handle);
    }

    /**
     * View the record of a slot.
     *
     * @param position of the slot.
     * @param event    to wrap.
     * @return the view.
     */
    public EventFlyweight wrap(final long position, final EventFlyweight event)
    {
        return event.wrap(recordBuffer(position), recordOffset(position));
    }

    /** @return buffer of the slots, for records that lie in them. */
    public UnsafeBuffer slots()
    {
        return slots;
    }

    /**
     * @param position of a slot.
     * @return where a record in the slot itself starts in {@link #slots}.
     */
    public int inlineOffset(final long position)
    {
        return slotOffset(position) + SlotLayout.RECORD_OFFSET;
    }

    /**
     * Keep an object with a claimed slot; call before publishing.
     *
     * @param position   claimed.
     * @param attachment for sequencing.
     */
    public void attach(final long position, final Object attachment)
    {
        attachments[(int)position & mask] = attachment;
    }

    /**
     * Take the object of a slot away; of several threads one gets it.
     *
     * @param position published.
     * @return the object or null.
     */
    public Object detach(final long position)
    {
        final int index = (int)position & mask;
        return ATTACHMENTS.getAcquire(attachments, index) == null ?
            null : ATTACHMENTS.getAndSet(attachments, index, (Object)null);
    }

    /**
     * Keep the route of an event; routing only.
     *
     * @param position sequenced.
     * @param route    for handling.
     */
    public void route(final long position, final Object route)
    {
        routes[(int)position & mask] = route;
    }

    /**
     * @param position routed.
     * @return its route.
     */
    public Object route(final long position)
    {
        return routes[(int)position & mask];
    }

    /**
     * Remember what a position became; sequencing only, before {@link #sequenced} passes it.
     *
     * @param position sequenced.
     * @param outcome  sequence shifted left by one, bit 0 set for a duplicate; 0 for a void slot.
     */
    public void remember(final long position, final long outcome)
    {
        HISTORY.setOpaque(history, (int)position & historyMask, outcome);
    }

    /**
     * What a position became.
     *
     * @param position of a ticket.
     * @return as given to {@link #remember}, or {@link #NOT_SEQUENCED} or {@link #FORGOTTEN}.
     */
    public long sequenceAt(final long position)
    {
        if (position > sequenced.get())
        {
            return NOT_SEQUENCED;
        }
        final long outcome = (long)HISTORY.getAcquire(history, (int)position & historyMask);
        // A slot of the history is overwritten from the moment on when a later claim can be sequenced.
        return sequencer.getCursor() - position >= history.length ? FORGOTTEN : outcome;
    }

    /**
     * Free what a handled slot holds outside of the slot; handling only, before {@link #handled} passes it.
     *
     * @param position handled.
     * @return whether that gave bytes of the arena back.
     */
    public boolean release(final long position)
    {
        final long handle = slots.getLong(slotOffset(position) + SlotLayout.ARENA_OFFSET);
        final boolean isInArena = handle != SlotLayout.NOT_IN_ARENA;
        if (isInArena)
        {
            arena.free(handle);
        }
        routes[(int)position & mask] = null;
        return isInArena;
    }

    private int slotOffset(final long position)
    {
        return ((int)position & mask) * slotLength;
    }
}
