package io.sluice.engine.delivery;

/**
 * What is known of a durable subscription while nobody handles it.
 *
 * @param id              unique in the directory, 1 or more; never given again.
 * @param name            of the subscription, unique among the durable ones.
 * @param subscriber      who subscribed, empty if not said.
 * @param pattern         of types.
 * @param where           filter, empty for none.
 * @param minimumPriority label of the least urgent priority.
 * @param mode            of delivery.
 * @param since           sequence that was journaled when it was first subscribed: for events up to there nobody of
 *                        that name was there. 0 if that is not known.
 * @param createdNs       when it was first subscribed, nanoseconds since 1970 UTC.
 * @param isPaused        whether it was paused, and is to stay so.
 */
public record RegisteredSubscription(
    long id,
    String name,
    String subscriber,
    String pattern,
    String where,
    String minimumPriority,
    String mode,
    long since,
    long createdNs,
    boolean isPaused)
{
    /**
     * @param value whether it is paused.
     * @return the same with that.
     */
    public RegisteredSubscription paused(final boolean value)
    {
        return new RegisteredSubscription(
            id, name, subscriber, pattern, where, minimumPriority, mode, since, createdNs, value);
    }
}
