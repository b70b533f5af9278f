package io.sluice.engine.rule;

/** A rule as one thread asks it. */
final class PreparedRule
{
    static final int NO_FILTER = -1;

    final RoutingRule rule;
    final RuleAction[] actions;
    final int filterId;
    final int minimumPriorityCode;
    final RuleCounters counters;
    /** Null where many threads count together. */
    final RuleTally tally;

    PreparedRule(final RoutingRule rule, final int filterId, final RuleCounters counters, final RuleTally tally)
    {
        this.rule = rule;
        this.filterId = filterId;
        this.counters = counters;
        this.tally = tally;
        actions = rule.actions().toArray(new RuleAction[0]);
        minimumPriorityCode = rule.minimumPriority().code();
    }
}
