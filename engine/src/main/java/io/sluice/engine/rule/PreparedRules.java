package io.sluice.engine.rule;

import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilterSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The rules that one thread asks, each prepared when it is first needed and kept through the versions of the table. The
 * filters share their reading of an event's JSON. Not thread-safe.
 */
final class PreparedRules
{
    private final Function<String, RuleCounters> counters;
    private final boolean isShared;
    private final Map<RoutingRule, PreparedRule> prepared = new HashMap<>();
    private final EventFilterSet filters = new EventFilterSet();
    private boolean isLooking;
    private long evaluations;

    /**
     * @param counters of a rule's name.
     * @param isShared true if many threads count together.
     */
    PreparedRules(final Function<String, RuleCounters> counters, final boolean isShared)
    {
        this.counters = counters;
        this.isShared = isShared;
    }

    PreparedRule prepare(final RoutingRule rule)
    {
        final PreparedRule known = prepared.get(rule);
        if (known != null)
        {
            return known;
        }
        final RuleCounters ofRule = counters.apply(rule.name());
        final PreparedRule made = new PreparedRule(
            rule,
            rule.filter() == null ? PreparedRule.NO_FILTER : filters.add(rule.filter()),
            ofRule,
            isShared ? null : ofRule.open());
        prepared.put(rule, made);
        return made;
    }

    /** Turn to an event. */
    void look()
    {
        isLooking = false;
    }

    /** @return true if the rule, whose pattern does, matches the event; its filter is asked at most. */
    boolean matches(final PreparedRule rule, final EventFlyweight event)
    {
        if (rule.filterId == PreparedRule.NO_FILTER)
        {
            return true;
        }
        if (!isLooking)
        {
            filters.look(event);
            isLooking = true;
        }
        evaluations++;
        return filters.matches(rule.filterId);
    }

    /** @return how often a filter was asked. */
    long evaluations()
    {
        return evaluations;
    }

    /** Forget the rules that are in none of some versions. */
    void keepOnly(final Collection<RuleVersion> versions)
    {
        final Set<RoutingRule> wanted = new HashSet<>();
        for (final RuleVersion version : versions)
        {
            wanted.addAll(version.rules());
        }
        final Iterator<PreparedRule> rules = prepared.values().iterator();
        while (rules.hasNext())
        {
            final PreparedRule rule = rules.next();
            if (!wanted.contains(rule.rule))
            {
                rules.remove();
                close(rule);
            }
        }
    }

    void close()
    {
        keepOnly(List.of());
    }

    private void close(final PreparedRule rule)
    {
        if (rule.filterId != PreparedRule.NO_FILTER)
        {
            filters.remove(rule.filterId);
        }
        if (rule.tally != null)
        {
            rule.counters.close(rule.tally);
        }
    }
}
