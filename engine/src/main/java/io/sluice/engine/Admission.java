package io.sluice.engine;

import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;

/**
 * The only way into the rings: is the engine open, is the event small enough, is there room? Every refusal is counted
 * by priority and reason.
 *
 * <p>Thread-safe, never blocks, allocates nothing.
 */
class Admission
{
    private static final int TICKET_PRIORITY_SHIFT = 61;
    private static final long TICKET_POSITION_MASK = (1L << TICKET_PRIORITY_SHIFT) - 1;

    private final PriorityRing[] rings;
    private final EventArena arena;
    private final PublisherShares shares;
    private final int maxEventLength;
    private final AtomicLongArray refusals = new AtomicLongArray(Priority.COUNT * PublishResult.REASONS);
    private final Receipts receipts;
    private volatile long hostResult = PublishResult.NOT_OPEN;
    private volatile long handlerResult;

    /**
     * @param rings          of the engine.
     * @param arena          for events that do not fit into a slot.
     * @param shares         of the publishers.
     * @param receipts       that are awaited.
     * @param maxEventLength in bytes.
     */
    Admission(
        final PriorityRing[] rings,
        final EventArena arena,
        final PublisherShares shares,
        final Receipts receipts,
        final int maxEventLength)
    {
        this.receipts = receipts;
        this.rings = rings;
        this.arena = arena;
        this.shares = shares;
        this.maxEventLength = maxEventLength;
    }

    /** Let hosts in, or refuse them with a reason; handlers may publish until the engine has come to rest. */
    void hosts(final long result)
    {
        hostResult = result;
    }

    /** Is there any use in waiting? */
    final boolean isOpen(final PublisherShare share)
    {
        return hostResult == 0 && share.isOpen();
    }

    /** Something has changed that those who wait must see. */
    void wakeAll()
    {
        // Here nobody waits.
    }

    /** There may be bytes for an event that did not get them; any thread. */
    void onBytesFreed()
    {
        // Here nobody waits.
    }

    /** @return whether events go on from the journal, which are in no ring. */
    boolean isSpilling()
    {
        return false;
    }

    /** @return events of a priority that went on from the journal. */
    long spilled(final int priorityCode)
    {
        return 0L;
    }

    /** @return to be told of room, or null where nobody waits for it. */
    LimitedAdmission blocking()
    {
        return null;
    }

    /** Refuse handlers too. */
    void handlers(final long result)
    {
        handlerResult = result;
    }

    final PriorityRing[] rings()
    {
        return rings;
    }

    final int maxEventLength()
    {
        return maxEventLength;
    }

    long refused(final int priorityCode, final int reason)
    {
        return refusals.get(priorityCode * PublishResult.REASONS + reason);
    }

    long refused(final int priorityCode)
    {
        long sum = 0;
        for (int reason = 1; reason < PublishResult.REASONS; reason++)
        {
            sum += refused(priorityCode, reason);
        }
        return sum;
    }

    /** @return by name of the reason, for those that occurred. */
    Map<String, Long> refusals(final int priorityCode)
    {
        final Map<String, Long> counts = new TreeMap<>();
        for (int reason = 1; reason < PublishResult.REASONS; reason++)
        {
            final long count = refused(priorityCode, reason);
            if (count > 0)
            {
                counts.put(PublishResult.describe(-reason), count);
            }
        }
        return Collections.unmodifiableMap(counts);
    }

    final long refuse(final int priorityCode, final long result)
    {
        return refuse(priorityCode, result, 1);
    }

    final long refuse(final int priorityCode, final long result, final int count)
    {
        refusals.addAndGet(priorityCode * PublishResult.REASONS + (int)-result, count);
        return result;
    }

    /**
     * Copy a completed record into its ring.
     *
     * @param share        of the publisher.
     * @param scratch      of the calling thread; one that is calling a handler may use the reserve.
     * @param record       holds the record.
     * @param offset       of it.
     * @param length       of it.
     * @param priorityCode of it.
     * @param intendedNs   intended time of publishing.
     * @param attachment   for sequencing, or null.
     * @return ticket or refusal.
     */
    long admit(
        final PublisherShare share,
        final PublishScratch scratch,
        final DirectBuffer record,
        final int offset,
        final int length,
        final int priorityCode,
        final long intendedNs,
        final Object attachment)
    {
        final long result = tryAdmit(
            share, scratch.isInHandler(), record, offset, length, priorityCode, intendedNs, attachment);
        return result >= 0 ? result : refuse(priorityCode, result);
    }

    /**
     * As {@link #admit}, but never waits, whatever is configured.
     *
     * @param share        of the publisher.
     * @param scratch      of the calling thread.
     * @param inHandler    true for an event of the handler that is being called, which may use the reserve.
     * @param length       of the record, which is at the start of the scratch's buffer.
     * @param priorityCode of it.
     * @param intendedNs   intended time of publishing.
     * @return ticket or refusal.
     */
    long admitAtOnce(
        final PublisherShare share,
        final PublishScratch scratch,
        final boolean inHandler,
        final int length,
        final int priorityCode,
        final long intendedNs)
    {
        final long result = tryAdmit(share, inHandler, scratch.buffer(), 0, length, priorityCode, intendedNs, null);
        return result >= 0 ? result : refuse(priorityCode, result);
    }

    /**
     * Copy the records of a batch into their ring, all or none.
     *
     * @param share      of the publisher.
     * @param scratch    of the calling thread.
     * @param batch      of one event or more.
     * @param intendedNs intended time of publishing.
     * @param receipts   one for each event, or null.
     * @return ticket of the first one, or refusal.
     */
    long admit(
        final PublisherShare share,
        final PublishScratch scratch,
        final EventBatchBuilder batch,
        final long intendedNs,
        final AwaitedReceipt[] receipts)
    {
        final long result = tryAdmit(share, scratch.isInHandler(), batch, intendedNs, receipts);
        return result >= 0 ? result : refuse(batch.priority().code(), result, batch.size());
    }

    /** As {@link #admit}, uncounted. */
    final long tryAdmit(
        final PublisherShare share,
        final boolean inHandler,
        final DirectBuffer record,
        final int offset,
        final int length,
        final int priorityCode,
        final long intendedNs,
        final Object attachment)
    {
        final PriorityRing ring = rings[priorityCode];
        long arenaHandle = PriorityRing.NOT_IN_ARENA;
        if (length > maxEventLength)
        {
            return PublishResult.EVENT_TOO_LARGE;
        }
        if (length > ring.inlineLength())
        {
            arenaHandle = arena.allocate(length);
            if (arenaHandle < 0)
            {
                return PublishResult.BYTES_LIMITED;
            }
            arena.buffer(arenaHandle).putBytes(arena.offset(arenaHandle), record, offset, length);
        }
        final long position = claim(ring, share, inHandler, 1);
        if (position < 0)
        {
            free(arenaHandle);
            return position;
        }
        final int publisherId = countedId(share, priorityCode, 1);
        if (arenaHandle == PriorityRing.NOT_IN_ARENA)
        {
            ring.slots().putBytes(ring.inlineOffset(position), record, offset, length);
        }
        ring.fill(position, length, publisherId, intendedNs, arenaHandle);
        if (attachment != null)
        {
            receipts.await(ring, position, attachment);
        }
        ring.publish(position);
        return ticket(priorityCode, position);
    }

    /** As {@link #admit}, uncounted. */
    final long tryAdmit(
        final PublisherShare share,
        final boolean inHandler,
        final EventBatchBuilder batch,
        final long intendedNs,
        final AwaitedReceipt[] awaited)
    {
        final int code = batch.priority().code();
        final PriorityRing ring = rings[code];
        final int count = batch.size();
        if (batch.refusal() != 0)
        {
            return batch.refusal();
        }
        if (count > ring.limit())
        {
            return PublishResult.BATCH_TOO_LARGE;
        }
        if (!allocate(batch, ring.inlineLength()))
        {
            return PublishResult.BYTES_LIMITED;
        }
        final long first = claim(ring, share, inHandler, count);
        if (first < 0)
        {
            free(batch, count);
            return first;
        }
        fill(ring, first, countedId(share, code, count), batch, intendedNs, awaited);
        return ticket(code, first);
    }

    /**
     * Claim a slot, or room in the arena and a slot, for the caller to fill.
     *
     * @param claim     to set up.
     * @param share     of the publisher.
     * @param scratch   of the calling thread.
     * @param priority  of the event.
     * @param maxLength of the record.
     * @return ticket or refusal.
     */
    long claim(
        final EventClaim claim,
        final PublisherShare share,
        final PublishScratch scratch,
        final Priority priority,
        final int maxLength)
    {
        final long result = tryClaim(claim, share, scratch.isInHandler(), priority, maxLength);
        return result >= 0 ? result : refuse(priority.code(), result);
    }

    /** As {@link #claim}, uncounted. */
    final long tryClaim(
        final EventClaim claim,
        final PublisherShare share,
        final boolean inHandler,
        final Priority priority,
        final int maxLength)
    {
        final int priorityCode = priority.code();
        final PriorityRing ring = rings[priorityCode];
        long arenaHandle = PriorityRing.NOT_IN_ARENA;
        if (maxLength > maxEventLength)
        {
            return PublishResult.EVENT_TOO_LARGE;
        }
        if (maxLength > ring.inlineLength())
        {
            arenaHandle = arena.allocate(maxLength);
            if (arenaHandle < 0)
            {
                return PublishResult.BYTES_LIMITED;
            }
        }
        final long position = claim(ring, share, inHandler, 1);
        if (position < 0)
        {
            free(arenaHandle);
            return position;
        }
        final int publisherId = countedId(share, priorityCode, 1);
        if (arenaHandle == PriorityRing.NOT_IN_ARENA)
        {
            claim.open(
                ring,
                position,
                publisherId,
                arenaHandle,
                ring.slots(),
                ring.inlineOffset(position),
                Math.min(ring.inlineLength(), maxEventLength));
        }
        else
        {
            claim.open(
                ring,
                position,
                publisherId,
                arenaHandle,
                arena.buffer(arenaHandle),
                arena.offset(arenaHandle),
                maxLength);
        }
        return ticket(priorityCode, position);
    }

    /**
     * Check that a record that others wrote is one, so that no stage stumbles over it.
     *
     * @return null, or what is wrong.
     */
    static String findDamage(final EventFlyweight event, final int length)
    {
        final String damage = event.findStructuralDamage(length);
        if (damage != null)
        {
            return damage;
        }
        final int code = event.priorityCode();
        return code < 0 || code >= Priority.COUNT ? "priority code " + code + " is not one of 0 to 3" : null;
    }

    /**
     * A record that others wrote.
     *
     * @return the same.
     * @throws EventValidationException if it is none.
     */
    static EventFlyweight checked(final EventFlyweight event, final int length)
    {
        final String damage = findDamage(event, length);
        if (damage != null)
        {
            throw new EventValidationException("event", damage, "publish a record that EventEncoder completed");
        }
        return event;
    }

    static int priorityCodeOf(final long ticket)
    {
        return (int)(ticket >>> TICKET_PRIORITY_SHIFT);
    }

    static long positionOf(final long ticket)
    {
        return ticket & TICKET_POSITION_MASK;
    }

    private long claim(final PriorityRing ring, final PublisherShare share, final boolean inHandler, final int count)
    {
        final long closed = inHandler ? handlerResult : share.isOpen() ? hostResult : PublishResult.CLOSED;
        if (closed != 0)
        {
            return closed;
        }
        final int limit =
            inHandler ? ring.limit() + ring.reserve() : shares.limit(share, ring.priority().code(), count);
        final long position = ring.tryClaim(limit, count);
        if (position == PriorityRing.FULL)
        {
            return limit < ring.limit() ? PublishResult.PUBLISHER_LIMITED : PublishResult.BACK_PRESSURED;
        }
        return position;
    }

    private boolean allocate(final EventBatchBuilder batch, final int inlineLength)
    {
        for (int i = 0; i < batch.size(); i++)
        {
            long handle = PriorityRing.NOT_IN_ARENA;
            if (batch.length(i) > inlineLength)
            {
                handle = arena.allocate(batch.length(i));
                if (handle < 0)
                {
                    free(batch, i);
                    return false;
                }
            }
            batch.arenaHandle(i, handle);
        }
        return true;
    }

    private void free(final EventBatchBuilder batch, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            free(batch.arenaHandle(i));
        }
    }

    // Somebody else may not have got them meanwhile.
    private void free(final long arenaHandle)
    {
        if (arenaHandle != PriorityRing.NOT_IN_ARENA)
        {
            arena.free(arenaHandle);
            onBytesFreed();
        }
    }

    private void fill(
        final PriorityRing ring,
        final long first,
        final int publisherId,
        final EventBatchBuilder batch,
        final long intendedNs,
        final AwaitedReceipt[] awaited)
    {
        final int count = batch.size();
        boolean isFilled = false;
        try
        {
            for (int i = 0; i < count; i++)
            {
                final long handle = batch.arenaHandle(i);
                if (handle == PriorityRing.NOT_IN_ARENA)
                {
                    batch.copyTo(i, ring.slots(), ring.inlineOffset(first + i));
                }
                else
                {
                    batch.copyTo(i, arena.buffer(handle), arena.offset(handle));
                }
                ring.fill(first + i, batch.length(i), publisherId, intendedNs, handle);
            }
            isFilled = true;
        }
        finally
        {
            // Whatever ends the publisher here, no slot stays claimed and none of the batch is seen.
            if (!isFilled)
            {
                for (int i = 0; i < count; i++)
                {
                    ring.fill(first + i, 0, publisherId, intendedNs, batch.arenaHandle(i));
                }
                ring.publishTogether(first, count);
            }
        }
        if (awaited != null)
        {
            for (int i = 0; i < count; i++)
            {
                receipts.await(ring, first + i, awaited[i]);
            }
        }
        ring.publishBatch(first, count);
    }

    private int countedId(final PublisherShare share, final int priorityCode, final int count)
    {
        if (shares.isCounting())
        {
            share.onClaimed(priorityCode, count);
            return share.id();
        }
        return PriorityRing.UNCOUNTED;
    }

    private static long ticket(final int priorityCode, final long position)
    {
        return (long)priorityCode << TICKET_PRIORITY_SHIFT | position;
    }
}
