package io.sluice.engine;

import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;

/**
 * The only way into the rings: is the engine open, is the event small enough, is there room? Every refusal is counted
 * by priority and reason.
 *
 * <p>Thread-safe, never blocks, allocates nothing.
 */
final class Admission
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

    /** Refuse handlers too. */
    void handlers(final long result)
    {
        handlerResult = result;
    }

    PriorityRing[] rings()
    {
        return rings;
    }

    int maxEventLength()
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

    long refuse(final int priorityCode, final long result)
    {
        refusals.incrementAndGet(priorityCode * PublishResult.REASONS + (int)-result);
        return result;
    }

    /**
     * Copy a completed record into its ring.
     *
     * @param share      of the publisher.
     * @param inHandler  true on a thread that is calling a handler, which may use the reserve.
     * @param record     holds the record.
     * @param offset     of it.
     * @param length     of it.
     * @param intendedNs intended time of publishing.
     * @param attachment for sequencing, or null.
     * @return ticket or refusal.
     */
    long admit(
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
            return refuse(priorityCode, PublishResult.EVENT_TOO_LARGE);
        }
        if (length > ring.inlineLength())
        {
            arenaHandle = arena.allocate(length);
            if (arenaHandle < 0)
            {
                return refuse(priorityCode, PublishResult.BYTES_LIMITED);
            }
            arena.buffer(arenaHandle).putBytes(arena.offset(arenaHandle), record, offset, length);
        }
        final long position = claim(ring, share, inHandler);
        if (position < 0)
        {
            if (arenaHandle != PriorityRing.NOT_IN_ARENA)
            {
                arena.free(arenaHandle);
            }
            return position;
        }
        final int publisherId = countedId(share, priorityCode);
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

    /**
     * Claim a slot, or room in the arena and a slot, for the caller to fill.
     *
     * @param claim     to set up.
     * @param share     of the publisher.
     * @param inHandler true on a thread that is calling a handler.
     * @param priority  of the event.
     * @param maxLength of the record.
     * @return ticket or refusal.
     */
    long claim(
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
            return refuse(priorityCode, PublishResult.EVENT_TOO_LARGE);
        }
        if (maxLength > ring.inlineLength())
        {
            arenaHandle = arena.allocate(maxLength);
            if (arenaHandle < 0)
            {
                return refuse(priorityCode, PublishResult.BYTES_LIMITED);
            }
        }
        final long position = claim(ring, share, inHandler);
        if (position < 0)
        {
            if (arenaHandle != PriorityRing.NOT_IN_ARENA)
            {
                arena.free(arenaHandle);
            }
            return position;
        }
        final int publisherId = countedId(share, priorityCode);
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

    static int priorityCodeOf(final long ticket)
    {
        return (int)(ticket >>> TICKET_PRIORITY_SHIFT);
    }

    static long positionOf(final long ticket)
    {
        return ticket & TICKET_POSITION_MASK;
    }

    private long claim(final PriorityRing ring, final PublisherShare share, final boolean inHandler)
    {
        final int code = ring.priority().code();
        final long closed = inHandler ? handlerResult : share.isOpen() ? hostResult : PublishResult.CLOSED;
        if (closed != 0)
        {
            return refuse(code, closed);
        }
        final int limit = inHandler ? ring.limit() + ring.reserve() : shares.limit(share, code);
        final long position = ring.tryClaim(limit);
        if (position == PriorityRing.FULL)
        {
            return refuse(code, limit < ring.limit() ? PublishResult.PUBLISHER_LIMITED : PublishResult.BACK_PRESSURED);
        }
        return position;
    }

    private int countedId(final PublisherShare share, final int priorityCode)
    {
        if (shares.isCounting())
        {
            share.onClaimed(priorityCode);
            return share.id();
        }
        return PriorityRing.UNCOUNTED;
    }

    private static long ticket(final int priorityCode, final long position)
    {
        return (long)priorityCode << TICKET_PRIORITY_SHIFT | position;
    }
}
