package io.sluice.engine.rule;

import io.sluice.event.EventException;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to happen with the events that match: change what is delivered, send it elsewhere, deliver less of it, or
 * make it more urgent. The journal keeps every event as it was published, whatever the rules say.
 *
 * <pre>{@code
 * RoutingRule rule = RoutingRule.named("slow-steps")
 *     .pattern("pipeline.stage.*").where("payload.duration_ms > 1000")
 *     .set("metadata.team", "pipelines").setFrom("metadata.tenant", "payload.tenant.id")
 *     .drop("payload.token").copyTo("slow-step-report")
 *     .build();
 * RoutingRule same = RoutingRule.ofJson(rule.toJson());
 * }</pre>
 *
 * <p>Rules are asked in order, by {@link #order()} and then by name. Each looks at the event as it was journaled, never
 * at what other rules made of it; its actions are done one after the other, on what earlier actions and rules left.
 *
 * <p>Immutable, safe to share between threads. Two rules are equal if their JSON is.
 */
public final class RoutingRule
{
    private final String name;
    private final int order;
    private final TopicPattern pattern;
    private final EventFilter filter;
    private final Priority minimumPriority;
    private final boolean enabled;
    private final List<RuleAction> actions;
    private final Set<String> subscriptions;
    private final Priority priority;
    private final boolean stops;
    private final String json;

    RoutingRule(final RoutingRuleBuilder builder)
    {
        name = builder.name();
        order = builder.order();
        pattern = builder.pattern();
        filter = builder.filter();
        minimumPriority = builder.minimumPriority();
        enabled = builder.isEnabled();
        actions = List.copyOf(builder.actions());
        final Set<String> named = new LinkedHashSet<>();
        Priority newPriority = null;
        boolean isStop = false;
        for (final RuleAction action : actions)
        {
            if (action.subscription() != null)
            {
                named.add(action.subscription());
            }
            if (action instanceof RouteActions.SetPriority set)
            {
                newPriority = set.priority();
            }
            isStop |= action instanceof RouteActions.End end && end.isStop();
        }
        subscriptions = Set.copyOf(named);
        priority = newPriority;
        stops = isStop;
        json = RuleJson.write(this);
    }

    /**
     * Begin a rule. Without further conditions it matches every event.
     *
     * @param name of it, 1 to 64 characters: letters, digits, dots, dashes and underscores.
     * @return a builder.
     * @throws EventValidationException if the name is not valid.
     */
    public static RoutingRuleBuilder named(final String name)
    {
        return new RoutingRuleBuilder(name);
    }

    /**
     * Read a rule, strictly: what is not known is an error that names it.
     *
     * @param json an object, as {@link #toJson()} writes it.
     * @return the rule.
     * @throws EventValidationException if something in it is not valid.
     * @throws EventFilterException     if the pattern or the filter is not valid.
     * @throws EventException           if it is no JSON.
     */
    public static RoutingRule ofJson(final String json)
    {
        return RuleJson.read(json);
    }

    /** @return a builder with everything that this rule says, for another one of the same name. */
    public RoutingRuleBuilder change()
    {
        return new RoutingRuleBuilder(this);
    }

    /** @return the name, unique in a table. */
    public String name()
    {
        return name;
    }

    /** @return its place: rules with a lower one come first, those with the same one by name. */
    public int order()
    {
        return order;
    }

    /** @return the pattern of the types that it matches, as they were journaled. */
    public TopicPattern pattern()
    {
        return pattern;
    }

    /** @return the filter as it was given, or empty if there is none. */
    public String where()
    {
        return filter == null ? "" : filter.text();
    }

    /** @return least urgent priority that it matches. */
    public Priority minimumPriority()
    {
        return minimumPriority;
    }

    /** @return false if it matches nothing for the time being. */
    public boolean isEnabled()
    {
        return enabled;
    }

    /** @return true if it acts where an event is admitted, and not where it is delivered. */
    public boolean isForAdmission()
    {
        return priority != null;
    }

    /** @return names of the subscriptions that it diverts or copies to. */
    public Set<String> subscriptions()
    {
        return subscriptions;
    }

    /** @return the rule as a JSON object on one line. */
    public String toJson()
    {
        return json;
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof RoutingRule && json.equals(((RoutingRule)other).json);
    }

    @Override
    public int hashCode()
    {
        return json.hashCode();
    }

    @Override
    public String toString()
    {
        return json;
    }

    EventFilter filter()
    {
        return filter;
    }

    List<RuleAction> actions()
    {
        return actions;
    }

    /** @return the priority that it gives, null if it gives none. */
    Priority priority()
    {
        return priority;
    }

    /** @return true if no later rule is asked. */
    boolean stops()
    {
        return stops;
    }
}
