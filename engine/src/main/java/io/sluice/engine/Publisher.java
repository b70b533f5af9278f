package io.sluice.engine;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * The door for events. Every call returns at once: zero or more is a <i>ticket</i>, a negative number one of
 * {@link PublishResult}, and then nothing was accepted.
 *
 * <p>Thread-safe; any number of threads may share one. A publisher with a name of its own has a guaranteed share of
 * every ring, which no other can take away. {@code publish} with a builder, batch or record, and {@code tryClaim},
 * allocate nothing in the steady state. Nothing blocks but what says so, unless {@link AdmissionContext} has publishers
 * wait for room, or for their rate.
 */
public final class Publisher implements AutoCloseable
{
    private final EngineCore core;
    private final Admission admission;
    private final PublisherShare share;
    private final boolean isOwned;

    /**
     * @param core    of the engine.
     * @param share   of the rings.
     * @param isOwned whether it belongs to one user, who may close it.
     */
    Publisher(final EngineCore core, final PublisherShare share, final boolean isOwned)
    {
        this.core = core;
        this.admission = core.admission();
        this.share = share;
        this.isOwned = isOwned;
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
     * Publish an event as {@link #publish(EventBuilder)} does, but never wait, whatever {@link AdmissionContext} says:
     * where that would have the thread wait for room or for its rate, the event is refused. So it may be called with a
     * lock that handlers need, too. Allocates nothing in the steady state.
     *
     * @param event to encode; may be reused at once.
     * @return ticket or refusal.
     * @throws EventValidationException if a field is not valid.
     */
    public long offer(final EventBuilder event)
    {
        final PublishScratch scratch = core.scratch();
        return offer(scratch, event, scratch.encode(event), scratch.isInHandler());
    }

    /**
     * Offer an event that was held back until now, maybe for another thread. As {@link #offer}, but inside a handler,
     * too, the event is none of the handler's: it gets neither correlation nor causation, and none of the room that is
     * kept for handlers. See {@link #carryContext}.
     *
     * @param event to encode; may be reused at once.
     * @return ticket or refusal.
     * @throws EventValidationException if a field is not valid.
     */
    public long offerHeld(final EventBuilder event)
    {
        final PublishScratch scratch = core.scratch();
        return offer(scratch, event, scratch.encodeOfOthers(event), false);
    }

    /**
     * Give an event that is to be held back the correlation and causation that it would get if it were published now.
     * Outside of a handler the event stays as it is. Allocates inside of one; never blocks.
     *
     * @param event to complete; what it has is kept.
     * @return the same event.
     */
    public EventBuilder carryContext(final EventBuilder event)
    {
        core.scratch().carryContext(event);
        return event;
    }

    /**
     * May the calling thread wait for the engine? Allocates nothing, never blocks.
     *
     * @return false inside a handler and on an engine thread, where {@link #await} and {@link #publishSync} throw.
     */
    public boolean mayWait()
    {
        final PublishScratch scratch = core.scratch();
        return !scratch.isInHandler() && !scratch.isEngineThread();
    }

    /**
     * Publish a JSON payload, for hosts that publish now and then. Allocates.
     *
     * @param type        of the event, in dot notation.
     * @param payloadJson JSON text.
     * @return id of the event.
     * @throws EventValidationException if the type is not valid.
     * @throws PublishException         if it was refused.
     */
    public String publish(final String type, final String payloadJson)
    {
        return publish(type, payloadJson, Priority.NORMAL, null);
    }

    /**
     * Publish a JSON payload, for hosts that publish now and then. Allocates.
     *
     * @param type          of the event, in dot notation.
     * @param payloadJson   JSON text.
     * @param priority      of the event.
     * @param correlationId of the event, or null for none; inside a handler, for that of the handled event.
     * @return id of the event.
     * @throws EventValidationException if a value is not valid.
     * @throws PublishException         if it was refused.
     */
    public String publish(
        final String type, final String payloadJson, final Priority priority, final String correlationId)
    {
        final PublishScratch scratch = core.scratch();
        require(publish(scratch.builder()
            .type(type).payloadJson(payloadJson).priority(priority).correlationId(correlationId)));
        return scratch.record().wrap(scratch.buffer(), 0).id();
    }

    /**
     * Publish an event and wait until it has reached a level of durability, as {@link #publish(EventBuilder)} and
     * {@link #await} do one after the other. Blocks the calling thread.
     *
     * @param event      to encode; may be reused when this returns.
     * @param durability as for {@link #await}.
     * @param timeoutNs  at most, from now on; where the thread has to wait for room or for its rate, that is limited by
     *                   their own times and counts.
     * @return the sequence ({@code ACCEPTED}: the ticket), or one of {@link PublishResult}; after {@link
     *         PublishResult#TIMED_OUT} the event may still be journaled.
     * @throws EventValidationException if a field is not valid.
     * @throws IllegalStateException    on an engine thread, which may not wait for itself; nothing was published.
     * @throws IllegalArgumentException if the engine can't offer that durability; nothing was published.
     * @throws io.sluice.journal.DataDirectoryException if it is SYNCED and can't be honoured where the data lies.
     */
    public long publishSync(final EventBuilder event, final Durability durability, final long timeoutNs)
    {
        core.acknowledgements().checkMayWait();
        core.acknowledgements().checkOffered(durability);
        final long startNs = System.nanoTime();
        final long ticket = publish(event);
        return await(ticket, durability, timeoutNs - (System.nanoTime() - startNs));
    }

    /**
     * Publish a JSON payload and wait until it has reached the durability of the engine. Blocks and allocates.
     *
     * @param type        of the event, in dot notation.
     * @param payloadJson JSON text.
     * @param timeoutNs   at most.
     * @return id of the event.
     * @throws EventValidationException if the type is not valid.
     * @throws PublishException         if it was refused, or not acknowledged in time: then it may still be journaled.
     * @throws IllegalStateException    on an engine thread, which may not wait for itself; nothing was published.
     */
    public String publishSync(final String type, final String payloadJson, final long timeoutNs)
    {
        core.acknowledgements().checkMayWait();
        final Durability durability = offered();
        final long startNs = System.nanoTime();
        final PublishScratch scratch = core.scratch();
        final long ticket = publish(scratch.builder().type(type).payloadJson(payloadJson));
        require(ticket);
        // Before waiting: where that drives the engine, handlers publish from the same thread.
        final String id = scratch.record().wrap(scratch.buffer(), 0).id();
        require(await(ticket, durability, timeoutNs - (System.nanoTime() - startNs)));
        return id;
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
        final EventFlyweight event = Admission.checked(scratch.record().wrap(record, offset), length);
        final int recordLength = event.recordLength();
        final Priority given = core.rules().priority(scratch, event);
        final int priorityCode = event.priorityCode();
        if (event.batchCount() != 1 || event.batchIndex() != 0 || given.code() != priorityCode)
        {
            return publishAlone(scratch, record, offset, recordLength, given, intendedNs);
        }
        return admission.admit(share, scratch, record, offset, recordLength, priorityCode, intendedNs, null);
    }

    /**
     * Publish events together: all are accepted or none, they get consecutive sequences, and every reader of the
     * journal finds all of them or none, whatever happens in between. Dedup judges each for itself.
     *
     * <p>A batch is one unit: no event of another priority is sequenced between its events. It is refused as a whole,
     * and each of its events is counted then: {@link PublishResult#BATCH_TOO_LARGE} if it can never be accepted, {@link
     * PublishResult#BACK_PRESSURED} and the like if there is no room for all of it just now. A batch keeps its
     * priority: rules that give another one are not asked, as they might say something else for each event.
     *
     * @param batch of one event or more; may be cleared and reused at once.
     * @return ticket of the first event, see {@link #ticketOf} for the others; or refusal.
     * @throws EventValidationException if the batch is empty.
     */
    public long publishBatch(final EventBatchBuilder batch)
    {
        return publishBatch(batch, core.nowNs());
    }

    /**
     * Publish events together whose latency counts from an intended time.
     *
     * @param batch      of one event or more; may be cleared and reused at once.
     * @param intendedNs when it should have been published, nanoseconds since 1970 UTC by the engine's clock.
     * @return ticket of the first event, or refusal.
     * @throws EventValidationException if the batch is empty.
     */
    public long publishBatch(final EventBatchBuilder batch, final long intendedNs)
    {
        return admission.admit(share, core.scratch(), notEmpty(batch), intendedNs, null);
    }

    /**
     * Publish events together, see {@link #publishBatch(EventBatchBuilder)}.
     *
     * @param events of one priority, one or more; may be reused at once.
     * @return ticket of the first event, or refusal.
     * @throws EventValidationException if a field is not valid, the priorities differ, or there are no events; nothing
     *                                  was accepted then.
     */
    public long publishBatch(final List<EventBuilder> events)
    {
        return publishBatch(batchOf(events));
    }

    /** @return an empty batch for {@link #publishBatch(EventBatchBuilder)}; one per thread, to be reused. */
    public EventBatchBuilder newBatch()
    {
        return new EventBatchBuilder(core);
    }

    /**
     * The ticket of one event of a batch. All have come so far when the last one has.
     *
     * @param batchTicket from publishing the batch, no refusal.
     * @param index       of the event in the batch, from 0.
     * @return its ticket.
     */
    public long ticketOf(final long batchTicket, final int index)
    {
        return batchTicket + index;
    }

    /**
     * Publish events together and be told when they have reached the durability of the engine. Allocates; the stage
     * completes on the engine's completion executor.
     *
     * @param events of one priority, one or more; may be reused at once.
     * @return completes with the receipts in the order of the events, or with a {@link PublishException} that names the
     *         refusal.
     * @throws EventValidationException if a field is not valid, the priorities differ, or there are no events; nothing
     *                                  was accepted then.
     */
    public CompletionStage<List<Receipt>> publishBatchAsync(final List<EventBuilder> events)
    {
        return publishBatchAsync(batchOf(events), offered());
    }

    /**
     * Publish events together and be told when they have reached a level of durability.
     *
     * @param batch      of one event or more; may be cleared and reused at once.
     * @param durability as for {@link #publishAsync(EventBuilder, Durability)}.
     * @return completes with the receipts in the order of the events, or with a {@link PublishException} that names the
     *         refusal.
     * @throws EventValidationException if the batch is empty.
     * @throws IllegalArgumentException if the engine can't offer that durability.
     * @throws io.sluice.journal.DataDirectoryException if it is SYNCED and can't be honoured where the data lies.
     */
    public CompletionStage<List<Receipt>> publishBatchAsync(final EventBatchBuilder batch, final Durability durability)
    {
        core.acknowledgements().checkOffered(durability);
        final AwaitedReceipt[] receipts = new AwaitedReceipt[notEmpty(batch).size()];
        Arrays.setAll(receipts, (i) -> new AwaitedReceipt(durability == Durability.SYNCED));
        final long ticket = admission.admit(share, core.scratch(), batch, core.nowNs(), receipts);
        if (ticket < 0)
        {
            receipts[0].refuse(new PublishException(ticket, core.failure()));
            return receipts[0].stage().thenApply(List::of);
        }
        return AwaitedReceipt.all(receipts);
    }

    /**
     * Claim a slot to write a record into it without any copy. The ring is chosen before there is a record, so rules
     * that give another priority are not asked.
     *
     * @param claim     to set up; its former claim must be done with.
     * @param priority  of the event.
     * @param maxLength of its record.
     * @return ticket or refusal.
     * @throws IllegalStateException if the former claim is neither published nor aborted; it stays as it is.
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
     * @throws IllegalStateException if the former claim is neither published nor aborted; it stays as it is.
     */
    public long tryClaim(final EventClaim claim, final Priority priority, final int maxLength, final long intendedNs)
    {
        claim.checkDone();
        claim.intendedTime(intendedNs);
        return admission.claim(claim, share, core.scratch(), priority, maxLength);
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
        return publishAsync(event, offered());
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

    /**
     * Give the guaranteed share back; later publishes are refused. What was accepted is handled. Idempotent. The
     * publisher that all share, {@link Engine#publisher()}, goes on: the engine closes it.
     */
    @Override
    public void close()
    {
        if (isOwned)
        {
            core.closePublisher(share);
        }
    }

    private long publish(final EventBuilder event, final long intendedNs, final Object attachment)
    {
        final PublishScratch scratch = core.scratch();
        final int length = scratch.encode(event);
        if (length == PublishScratch.TOO_LARGE)
        {
            return admission.refuse(event.priority().code(), PublishResult.EVENT_TOO_LARGE);
        }
        final int priorityCode = core.rules().prioritize(scratch);
        return admission.admit(share, scratch, scratch.buffer(), 0, length, priorityCode, intendedNs, attachment);
    }

    private long offer(
        final PublishScratch scratch, final EventBuilder event, final int length, final boolean inHandler)
    {
        if (length == PublishScratch.TOO_LARGE)
        {
            return admission.refuse(event.priority().code(), PublishResult.EVENT_TOO_LARGE);
        }
        final int priorityCode = core.rules().prioritize(scratch);
        return admission.admitAtOnce(share, scratch, inHandler, length, priorityCode, core.nowNs());
    }

    // A record of a journal that was part of a batch there, or one that rules give another priority.
    private long publishAlone(
        final PublishScratch scratch,
        final DirectBuffer record,
        final int offset,
        final int length,
        final Priority priority,
        final long intendedNs)
    {
        if (length > admission.maxEventLength())
        {
            return admission.refuse(priority.code(), PublishResult.EVENT_TOO_LARGE);
        }
        scratch.copyAlone(record, offset, length);
        EventStamp.priority(scratch.buffer(), 0, priority);
        return admission.admit(share, scratch, scratch.buffer(), 0, length, priority.code(), intendedNs, null);
    }

    private EventBatchBuilder batchOf(final List<EventBuilder> events)
    {
        final EventBatchBuilder batch = core.scratch().batch(core);
        if (batch.isTooMany(events.size()))
        {
            batch.refuse(events.get(0).priority(), events.size());
            return batch;
        }
        for (int i = 0; i < events.size(); i++)
        {
            batch.add(events.get(i));
        }
        return batch;
    }

    private void require(final long result)
    {
        if (result < 0)
        {
            throw new PublishException(result, core.failure());
        }
    }

    private Durability offered()
    {
        final Durability offered = core.context().durability();
        return offered == Durability.NONE ? Durability.ACCEPTED : offered;
    }

    private static EventBatchBuilder notEmpty(final EventBatchBuilder batch)
    {
        if (batch.size() == 0)
        {
            throw new EventValidationException("batch", "", "it holds no event: add one or more before publishing");
        }
        return batch;
    }
}
