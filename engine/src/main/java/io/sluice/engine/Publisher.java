package io.sluice.engine;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * The door for events. Every call returns at once: zero or more is a <i>ticket</i>, a negative number one of
 * {@link PublishResult}, and then nothing was accepted.
 *
 * <p>Thread-safe; any number of threads may share one. A publisher with a name of its own has a guaranteed share of
 * every ring, which no other can take away. {@code publish} and {@code tryClaim} allocate nothing in the steady state
 * and never block.
 */
public final class Publisher implements AutoCloseable
{
    private final EngineCore core;
    private final Admission admission;
    private final PublisherShare share;

    Publisher(final EngineCore core, final PublisherShare share)
    {
        this.core = core;
        this.admission = core.admission();
        this.share = share;
    }

    /** @return the name it was opened with. */
    public String name()
    {
        return share.name();
    }

    /**
     * Publish an event, now. Absent fields get the defaults of the engine. Inside a handler, an absent correlation id
     * becomes that of the handled event (or its id), an absent causation id its id.
     *
     * @param event to encode; may be reused at once.
     * @return ticket or refusal.
     * @throws EventValidationException if a field is not valid.
     */
    public long publish(final EventBuilder event)
    {
        return publish(event, core.nowNs());
    }

    /**
     * Publish an event whose latency counts from an intended time.
     *
     * @param event      to encode; may be reused at once.
     * @param intendedNs when it should have been published, nanoseconds since 1970 UTC by the engine's clock.
     * @return ticket or refusal.
     * @throws EventValidationException if a field is not valid.
     */
    public long publish(final EventBuilder event, final long intendedNs)
    {
        return publish(event, intendedNs, null);
    }

    /**
     * Publish a record.
     *
     * @param record     holds it, completed by an {@link io.sluice.event.EventEncoder}; may be reused at once.
     * @param offset     of it.
     * @param length     bytes that it may take from there.
     * @param intendedNs when it should have been published, nanoseconds since 1970 UTC by the engine's clock.
     * @return ticket or refusal.
     * @throws EventValidationException if it is no record.
     */
    public long publish(final DirectBuffer record, final int offset, final int length, final long intendedNs)
    {
        final PublishScratch scratch = core.scratch();
        final EventFlyweight event = scratch.record().wrap(record, offset);
        final String damage = Admission.findDamage(event, length);
        if (damage != null)
        {
            throw new EventValidationException("event", damage, "publish a record that EventEncoder completed");
        }
        return admission.admit(
            share, scratch.isInHandler(), record, offset, event.recordLength(), event.priorityCode(), intendedNs, null);
    }

    /**
     * Claim a slot to write a record into it without any copy.
     *
     * @param claim     to set up; its former claim must be done with.
     * @param priority  of the event.
     * @param maxLength of its record.
     * @return ticket or refusal.
     */
    public long tryClaim(final EventClaim claim, final Priority priority, final int maxLength)
    {
        return tryClaim(claim, priority, maxLength, core.nowNs());
    }

    /**
     * Claim a slot for an event whose latency counts from an intended time.
     *
     * @param claim      to set up; its former claim must be done with.
     * @param priority   of the event.
     * @param maxLength  of its record.
     * @param intendedNs when it should have been published, nanoseconds since 1970 UTC by the engine's clock.
     * @return ticket or refusal.
     */
    public long tryClaim(final EventClaim claim, final Priority priority, final int maxLength, final long intendedNs)
    {
        claim.intendedTime(intendedNs);
        return admission.claim(claim, share, core.scratch().isInHandler(), priority, maxLength);
    }

    /**
     * Publish an event and be told when it has reached the durability of the engine: journaled or synced, or, without a
     * journal, sequenced. Allocates; the stage completes on the engine's completion executor.
     *
     * @param event to encode; may be reused at once.
     * @return completes with the receipt, or with a {@link PublishException} that names the refusal.
     * @throws EventValidationException if a field is not valid.
     */
    public CompletionStage<Receipt> publishAsync(final EventBuilder event)
    {
        final Durability offered = core.context().durability();
        return publishAsync(event, offered == Durability.NONE ? Durability.ACCEPTED : offered);
    }

    /**
     * Publish an event and be told when it has reached a level of durability. A level below the engine's own is
     * acknowledged earlier; {@code SYNCED} in an engine with durability {@code JOURNALED} has the event forced,
     * together with whatever else waits for that. Allocates; the stage completes on the engine's completion executor.
     *
     * @param event      to encode; may be reused at once.
     * @param durability {@code ACCEPTED}, which completes when the event has its sequence, {@code JOURNALED} or {@code
     *                   SYNCED}.
     * @return completes with the receipt, or with a {@link PublishException} that names the refusal. An event that is
     *         refused as FAILED or CLOSED may still be in the journal.
     * @throws EventValidationException if a field is not valid.
     * @throws IllegalArgumentException if the engine can't offer that durability.
     * @throws io.sluice.journal.DataDirectoryException if it is SYNCED and can't be honoured where the data lies.
     */
    public CompletionStage<Receipt> publishAsync(final EventBuilder event, final Durability durability)
    {
        core.acknowledgements().checkOffered(durability);
        final AwaitedReceipt receipt = new AwaitedReceipt(durability == Durability.SYNCED);
        final long ticket = publish(event, core.nowNs(), receipt);
        if (ticket < 0)
        {
            receipt.refuse(new PublishException(ticket, core.failure()));
        }
        return receipt.stage();
    }

    /**
     * The sequence of a published event, without waiting.
     *
     * @param ticket from a publish.
     * @return the sequence, or {@link PublishResult#NOT_SEQUENCED}, {@link PublishResult#EXPIRED} or
     *         {@link PublishResult#VOID}.
     */
    public long sequenceOf(final long ticket)
    {
        return core.sequenceOf(ticket);
    }

    /**
     * Was the event a duplicate?
     *
     * @param ticket from a publish whose {@link #sequenceOf} is known.
     * @return true if dedup recognised it.
     */
    public boolean isDuplicate(final long ticket)
    {
        return core.isDuplicate(ticket);
    }

    /**
     * Wait until an event has reached a level of durability, whatever the engine's own. {@code SYNCED} in an engine
     * with durability {@code JOURNALED} has the event forced, together with whatever else waits for that. Any number of
     * threads may wait; each is parked until its own event has come so far. In {@link ThreadingMode#INVOKER} the call
     * drives the engine.
     *
     * <p>A host that publishes many events before it asks need not wait for each: everything up to {@link
     * Engine#journaledSequence()} is journaled, everything up to {@link Engine#syncedSequence()} is synced.
     *
     * @param ticket     from a publish.
     * @param durability to wait for: {@code ACCEPTED}, {@code JOURNALED} or {@code SYNCED}; without a journal {@code
     *                   ACCEPTED} only.
     * @param timeoutNs  at most.
     * @return the sequence ({@code ACCEPTED}: the ticket), or one of {@link PublishResult}.
     * @throws IllegalStateException    on an engine thread, which may not wait for itself.
     * @throws IllegalArgumentException if the engine can't offer that durability.
     * @throws io.sluice.journal.DataDirectoryException if it is SYNCED and can't be honoured where the data lies.
     */
    public long await(final long ticket, final Durability durability, final long timeoutNs)
    {
        return core.acknowledgements().await(ticket, durability, timeoutNs);
    }

    /** Give the guaranteed share back; later publishes are refused. What was accepted is handled. Idempotent. */
    @Override
    public void close()
    {
        core.closePublisher(share);
    }

    private long publish(final EventBuilder event, final long intendedNs, final Object attachment)
    {
        final PublishScratch scratch = core.scratch();
        final int length = scratch.encode(event);
        final int priorityCode = event.priority().code();
        if (length == PublishScratch.TOO_LARGE)
        {
            return admission.refuse(priorityCode, PublishResult.EVENT_TOO_LARGE);
        }
        return admission.admit(
            share, scratch.isInHandler(), scratch.buffer(), 0, length, priorityCode, intendedNs, attachment);
    }
}
