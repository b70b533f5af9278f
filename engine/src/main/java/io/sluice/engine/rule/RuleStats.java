package io.sluice.engine.rule;

/**
 * What a rule has done since the table was opened, on all threads together. Counts go on when a rule is replaced or
 * disabled, and end when it is removed.
 *
 * @param rule        as it is now.
 * @param lookedAt    events whose type and priority it matches, and which its filter, if any, was asked about.
 * @param matched     of those, the ones that the filter matched.
 * @param transformed events that were delivered with its changes.
 * @param rerouted    events that it delivered under another topic.
 * @param diverted    events that it diverted.
 * @param copied      events that it copied to another subscription.
 * @param discarded   events that it discarded.
 * @param sampledOut  events that its sample left out.
 * @param prioritized events that it gave another priority.
 * @param skipped     events whose payload it did not change, because their content type is not JSON.
 * @param failed      events that were delivered as they were journaled, because it could not change them.
 * @param absent      targets of its that were not there: the event went on as if they had not been named.
 */
public record RuleStats(
    RoutingRule rule,
    long lookedAt,
    long matched,
    long transformed,
    long rerouted,
    long diverted,
    long copied,
    long discarded,
    long sampledOut,
    long prioritized,
    long skipped,
    long failed,
    long absent)
{
}
