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
    /** True if it does the same to each event whose type and priority it matches. */
    final boolean isSteady;

    PreparedRule(final RoutingRule rule, final int filterId, final RuleCounters counters, final RuleTally tally)
    {
        this.rule = rule;
        this.filterId = filterId;
        this.counters = counters;
        this.tally = tally;
        actions = rule.actions().toArray(new RuleAction[0]);
        minimumPriorityCode = rule.minimumPriority().code();
        isSteady = filterId == NO_FILTER && rule.actions().stream().allMatch(RuleAction::isSteady);
    }

    /** Do what it says; see {@link RuleDraft#done} for what came of it. */
    void apply(final RuleDraft draft)
    {
        draft.beginRule();
        for (final RuleAction action : actions)
        {
            action.apply(draft);
            if (draft.isOver())
            {
                break;
            }
        }
    }
}
