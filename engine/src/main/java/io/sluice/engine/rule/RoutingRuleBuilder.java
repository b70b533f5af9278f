package io.sluice.engine.rule;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Makes a {@link RoutingRule}. Each call of an action adds one; they are done in the order in which they were added.
 *
 * <p>Places are written as in filters, {@code metadata.host} or {@code payload['odd key'].name}. Actions on the payload
 * are for JSON; an event whose content type is another one keeps its payload, and that is counted.
 *
 * <p>Not thread-safe. Every error names the value and what is allowed.
 */
public final class RoutingRuleBuilder
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MAX_ACTIONS = 64;

    private final String name;
    private final List<RuleAction> actions = new ArrayList<>();
    private int order;
    private TopicPattern pattern = TopicPattern.of("*");
    private EventFilter filter;
    private Priority minimumPriority = Priority.LOW;
    private boolean enabled = true;

    RoutingRuleBuilder(final String name)
    {
        if (!NAME.matcher(name).matches())
        {
            throw new EventValidationException(
                "name", name, "use 1 to 64 letters, digits, dots, dashes and underscores");
        }
        this.name = name;
    }

    RoutingRuleBuilder(final RoutingRule rule)
    {
        name = rule.name();
        order = rule.order();
        pattern = rule.pattern();
        filter = rule.filter();
        minimumPriority = rule.minimumPriority();
        enabled = rule.isEnabled();
        actions.addAll(rule.actions());
    }

    /**
     * @param value its place: rules with a lower one come first; 0 unless it is set.
     * @return this.
     */
    public RoutingRuleBuilder order(final int value)
    {
        order = value;
        return this;
    }

    /**
     * @param value pattern of the types that it matches; see {@link TopicPattern}.
     * @return this.
     * @throws EventFilterException if it is malformed.
     */
    public RoutingRuleBuilder pattern(final String value)
    {
        pattern = TopicPattern.of(value);
        return this;
    }

    /**
     * @param value further condition, in the filter language; empty for none.
     * @return this.
     * @throws EventFilterException if it is not valid.
     */
    public RoutingRuleBuilder where(final String value)
    {
        filter = value.isEmpty() ? null : EventFilter.of(value);
        return this;
    }

    /**
     * @param value least urgent priority that it matches.
     * @return this.
     */
    public RoutingRuleBuilder minimumPriority(final Priority value)
    {
        minimumPriority = Objects.requireNonNull(value, "minimumPriority");
        return this;
    }

    /**
     * @param value false to match nothing for the time being.
     * @return this.
     */
    public RoutingRuleBuilder enabled(final boolean value)
    {
        enabled = value;
        return this;
    }

    /**
     * Set a member of the metadata or of the payload, whether it is there or not.
     *
     * @param target place of it.
     * @param value  a text, a finite number, true or false.
     * @return this.
     */
    public RoutingRuleBuilder set(final String target, final Object value)
    {
        return add(FieldActions.set(target, value));
    }

    /**
     * Set a member to what is in another place; where there is nothing, or null, the member stays as it is.
     *
     * @param target place of it.
     * @param source a place below metadata or payload, which may have elements of arrays in it, or the name of a field
     *               as in JSON, for example {@code subject} or {@code aggregate.id}.
     * @return this.
     */
    public RoutingRuleBuilder setFrom(final String target, final String source)
    {
        return add(FieldActions.setFrom(target, source));
    }

    /**
     * Rename the type or the source, or move a member of metadata or payload, where there is one, to another place.
     *
     * @param target {@code type}, {@code source} or a place.
     * @param to     the new value, or the new place.
     * @return this.
     */
    public RoutingRuleBuilder rename(final String target, final String to)
    {
        return add(FieldActions.rename(target, to));
    }

    /**
     * Take a member out of the metadata or the payload. It is gone wherever the path leads: of a name that stands twice
     * both go.
     *
     * @param target place of it.
     * @return this.
     */
    public RoutingRuleBuilder drop(final String target)
    {
        return add(FieldActions.drop(target));
    }

    /**
     * Give the event another priority where it is admitted. A rule that does this does nothing else, but for {@link
     * #stop()}, which then ends the rules of admission. It sees what the publisher sent: no sequence, no time of
     * recording. The journal holds the new priority; all other rules see that one.
     *
     * @param value that it gets.
     * @return this.
     */
    public RoutingRuleBuilder priority(final Priority value)
    {
        return add(RouteActions.priority(Objects.requireNonNull(value, "priority")));
    }

    /**
     * Deliver the event to those who subscribed to another topic, instead of to those who subscribed to its type.
     *
     * @param topic that subscriptions are matched with; the type in the event stays.
     * @return this.
     */
    public RoutingRuleBuilder reroute(final String topic)
    {
        return add(RouteActions.reroute(topic));
    }

    /**
     * Deliver the event to one subscription instead of to all others. A later divert takes its place.
     *
     * @param subscription name of it.
     * @return this.
     */
    public RoutingRuleBuilder divert(final String subscription)
    {
        return add(RouteActions.divert(subscription));
    }

    /**
     * Deliver the event to one more subscription, whether it wants events of that type or not.
     *
     * @param subscription name of it.
     * @return this.
     */
    public RoutingRuleBuilder copyTo(final String subscription)
    {
        return add(RouteActions.copyTo(subscription));
    }

    /**
     * Deliver one event in n, chosen by its sequence, and the others to nobody.
     *
     * @param oneIn n, 1 or more.
     * @return this.
     */
    public RoutingRuleBuilder sample(final long oneIn)
    {
        return sample(oneIn, SampleBy.SEQUENCE);
    }

    /**
     * Deliver one event in n, and the others to nobody.
     *
     * @param oneIn n, 1 or more.
     * @param by    what decides.
     * @return this.
     */
    public RoutingRuleBuilder sample(final long oneIn, final SampleBy by)
    {
        return add(SampleAction.oneIn(name, oneIn, Objects.requireNonNull(by, "by")));
    }

    /**
     * Deliver a share of the events, and the others to nobody.
     *
     * @param value more than 0, at most 1.
     * @param by    what decides.
     * @return this.
     */
    public RoutingRuleBuilder share(final double value, final SampleBy by)
    {
        return add(SampleAction.share(name, value, Objects.requireNonNull(by, "by")));
    }

    /**
     * Deliver the event to nobody, whatever other rules say. The last action of a rule.
     *
     * @return this.
     */
    public RoutingRuleBuilder discard()
    {
        return add(RouteActions.discard());
    }

    /**
     * Ask no later rule. The last action of a rule.
     *
     * @return this.
     */
    public RoutingRuleBuilder stop()
    {
        return add(RouteActions.stop());
    }

    /**
     * Take all actions out again.
     *
     * @return this.
     */
    public RoutingRuleBuilder clearActions()
    {
        actions.clear();
        return this;
    }

    /**
     * @return the rule.
     * @throws EventValidationException if it has no action, or some that can't stand in one rule.
     */
    public RoutingRule build()
    {
        if (actions.isEmpty() || actions.size() > MAX_ACTIONS)
        {
            throw new EventValidationException(
                "actions", Integer.toString(actions.size()), "give rule '" + name + "' 1 to " + MAX_ACTIONS);
        }
        int priorities = 0;
        int others = 0;
        for (final RuleAction action : actions)
        {
            final boolean isEnd = action.isLast();
            priorities += action instanceof RouteActions.SetPriority ? 1 : 0;
            others += action instanceof RouteActions.SetPriority || isStop(action) ? 0 : 1;
            if (isEnd && action != actions.get(actions.size() - 1))
            {
                throw new EventValidationException(
                    "actions", name, "discard and stop end a rule: put the one of them that you mean last");
            }
        }
        if (priorities > 1 || priorities == 1 && others > 0)
        {
            throw new EventValidationException(
                "actions", name, "a rule that sets the priority acts where events are admitted and does nothing " +
                "else but stop: make a rule of its own of it");
        }
        return new RoutingRule(this);
    }

    String name()
    {
        return name;
    }

    int order()
    {
        return order;
    }

    TopicPattern pattern()
    {
        return pattern;
    }

    EventFilter filter()
    {
        return filter;
    }

    Priority minimumPriority()
    {
        return minimumPriority;
    }

    boolean isEnabled()
    {
        return enabled;
    }

    List<RuleAction> actions()
    {
        return actions;
    }

    private static boolean isStop(final RuleAction action)
    {
        return action instanceof RouteActions.End end && end.isStop();
    }

    private RoutingRuleBuilder add(final RuleAction action)
    {
        actions.add(action);
        return this;
    }
}
