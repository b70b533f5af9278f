package io.sluice.engine;

import java.util.Map;

/**
 * The subscriptions of an engine at one moment.
 *
 * @param all        in the order in which they subscribed.
 * @param durable    by name, after which sequence there is each durable one, those included that have no handler.
 * @param generation counts the changes.
 */
record SubscriptionTable(Subscription[] all, Map<String, Long> durable, int generation)
{
}
