package io.sluice.engine;

/** How events reach the handler of a subscription. */
public enum DeliveryMode
{
    /**
     * On the handling stage, one by one, as soon as the event is journaled. A handler holds up the events behind it, so
     * it should return within the immediate time-out.
     */
    IMMEDIATE,
    /**
     * From the journal, on threads of its own: it may be slow, or down for a while, without holding anything. Journal
     * order, or order per key where several calls run at once.
     */
    TAILING,
    /**
     * In batches, on threads of its own, see {@link SubscriptionSpec#toBatches}: the handling stage copies an event
     * into memory of the subscription and goes on. Where there is no room for another batch the subscription is served
     * from the journal until it has caught up, in batches, too. An event counts as handled when its batch is; pausing,
     * unsubscribing and draining hand over at once what is accumulated. Needs a journal.
     */
    BATCHED,
    /**
     * Each event as its {@link io.sluice.engine.batch.ModeTable} says: at once, as with {@link #IMMEDIATE}, or in a
     * batch, as with {@link #BATCHED}. CRITICAL events are never batched. The handler and the batch handler may be
     * called at the same time, on different threads; of one type and priority, an event that would overtake others in a
     * batch joins them. While it is served from the journal, that counts as high load. Needs a journal.
     */
    AUTO
}
