package io.sluice.engine;

import io.sluice.engine.failure.BreakerState;

/**
 * What is known of a subscription; a snapshot.
 *
 * @param id              unique in the engine; 0 if nobody handles it in this run.
 * @param name            of the subscription.
 * @param subscriber      who subscribed, empty if not said.
 * @param pattern         of types.
 * @param where           filter, empty for none.
 * @param minimumPriority label of the least urgent priority that is wanted.
 * @param mode            of delivery, in lower case.
 * @param isDurable       whether its position is kept.
 * @param state           where it stands.
 * @param delivered       calls that returned normally, in batches events that did not fail; in this run.
 * @param errors          calls that threw, in batches events that failed; in this run.
 * @param deadLetters     events that became dead letters, in this run.
 * @param timeouts        calls that took too long, in this run.
 * @param undecodable     events whose payload its handler could not decode, in this run.
 * @param breaker         state of its breaker.
 * @param lastDeliveredNs end of the last call, nanoseconds since 1970 UTC; 0 if there was none.
 * @param position        sequence up to which it has had whatever it wants; 0 in an engine without a journal.
 * @param lag             sequences between that and the end of the journal, whether it wants them or not.
 * @param batches         batches that were handed over, in this run.
 * @param batchedEvents   events in them, those included that were merged into later ones.
 */
public record SubscriptionStats(
    long id,
    String name,
    String subscriber,
    String pattern,
    String where,
    String minimumPriority,
    String mode,
    boolean isDurable,
    SubscriptionState state,
    long delivered,
    long errors,
    long deadLetters,
    long timeouts,
    long undecodable,
    BreakerState breaker,
    long lastDeliveredNs,
    long position,
    long lag,
    long batches,
    long batchedEvents)
{
    /** @return events in a batch on average, 0 if there was none. */
    public double meanBatchSize()
    {
        return batches == 0 ? 0.0 : batchedEvents / (double)batches;
    }
}
