package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventValidationException;
import org.agrona.MutableDirectBuffer;

/**
 * A claimed slot: write a record into it in place, then publish. Reusable; one per thread.
 *
 * <pre>{@code
 * if (publisher.tryClaim(claim, Priority.HIGH, length) >= 0)
 * {
 *     try (claim)
 *     {
 *         encoder.wrap(claim.buffer(), claim.offset(), claim.capacity()). … ;
 *         encoder.complete();
 *         claim.publish();
 *     }
 * }
 * }</pre>
 *
 * Every claimed slot holds up the later ones of its priority until it is published or aborted; closing a claim that was
 * not published aborts it. An aborted slot is void: all stages skip it.
 */
public final class EventClaim implements AutoCloseable
{
    private final EventFlyweight event = new EventFlyweight();
    private PriorityRing ring;
    private long position;
    private int publisherId;
    private long arenaHandle;
    private MutableDirectBuffer buffer;
    private int offset;
    private int capacity;
    private long intendedNs;
    private LimitedAdmission limits;

    void open(
        final PriorityRing ring,
        final long position,
        final int publisherId,
        final long arenaHandle,
        final MutableDirectBuffer buffer,
        final int offset,
        final int capacity)
    {
        this.ring = ring;
        this.position = position;
        this.publisherId = publisherId;
        this.arenaHandle = arenaHandle;
        this.buffer = buffer;
        this.offset = offset;
        this.capacity = capacity;
        limits = null;
    }

    /** What the event must pass when its type is known. */
    void limits(final LimitedAdmission value)
    {
        limits = value;
    }

    void intendedTime(final long epochNs)
    {
        intendedNs = epochNs;
    }

    /** @return buffer to write the record to. */
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /** @return where the record must start in it. */
    public int offset()
    {
        return offset;
    }

    /** @return bytes that the record may take. */
    public int capacity()
    {
        return capacity;
    }

    /**
     * Publish the record that was completed in place. Where the rate of its type is limited, that is looked at now.
     *
     * @return 0, or {@link PublishResult#RATE_LIMITED}; the slot is void then.
     * @throws EventValidationException if it is no record or of another priority; the slot is void then.
     * @throws IllegalStateException    if nothing is claimed.
     */
    public long publish()
    {
        final PriorityRing claimed = claimed();
        event.wrap(buffer, offset);
        String damage = Admission.findDamage(event, capacity);
        if (damage == null && event.priorityCode() != claimed.priority().code())
        {
            damage = "its priority is " + event.priority().label() + ", claimed was " + claimed.priority().label();
        }
        if (damage != null)
        {
            abort();
            throw new EventValidationException(
                "event", damage, "complete the record in the claimed slot before publishing");
        }
        if (limits != null && !limits.takeTypeToken(event))
        {
            abort();
            return PublishResult.RATE_LIMITED;
        }
        if (event.batchCount() != 1 || event.batchIndex() != 0)
        {
            // Of a record that was copied from a journal: it is alone here, whatever it came together with.
            EventStamp.batch(buffer, offset, 0, 1);
        }
        ring = null;
        claimed.fill(position, event.recordLength(), publisherId, intendedNs, arenaHandle);
        claimed.publish(position);
        return 0L;
    }

    /**
     * Give the slot up.
     *
     * @throws IllegalStateException if nothing is claimed.
     */
    public void abort()
    {
        final PriorityRing claimed = claimed();
        ring = null;
        claimed.fill(position, 0, publisherId, intendedNs, arenaHandle);
        claimed.publish(position);
    }

    /** Abort if neither published nor aborted. */
    @Override
    public void close()
    {
        if (ring != null)
        {
            abort();
        }
    }

    void checkDone()
    {
        if (ring != null)
        {
            throw new IllegalStateException(
                "a slot of priority " + ring.priority().label() + " is claimed and holds up those behind it: publish " +
                "or abort it before the next tryClaim with this claim");
        }
    }

    private PriorityRing claimed()
    {
        if (ring == null)
        {
            throw new IllegalStateException("nothing is claimed: call tryClaim first and check its result");
        }
        return ring;
    }
}
