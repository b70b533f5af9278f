package io.sluice.engine;

import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import java.util.Objects;

/** What a subscription wants and who handles it. Immutable: each setter returns a new one. */
public final class SubscriptionSpec
{
    private final TopicPattern pattern;
    private final EventHandler handler;
    private final String name;
    private final Priority minimumPriority;

    private SubscriptionSpec(
        final TopicPattern pattern, final EventHandler handler, final String name, final Priority minimumPriority)
    {
        this.pattern = pattern;
        this.handler = handler;
        this.name = name;
        this.minimumPriority = minimumPriority;
    }

    /**
     * Subscribe to the types that match a pattern, whatever their priority.
     *
     * @param pattern for example {@code pipeline.*}; see {@link TopicPattern}.
     * @param handler of the events.
     * @return the specification, named after the pattern.
     */
    public static SubscriptionSpec to(final String pattern, final EventHandler handler)
    {
        return new SubscriptionSpec(
            TopicPattern.of(pattern), Objects.requireNonNull(handler, "handler"), pattern, Priority.LOW);
    }

    /**
     * @param name shown in statistics and errors.
     * @return a specification with that name.
     */
    public SubscriptionSpec name(final String name)
    {
        return new SubscriptionSpec(pattern, handler, Objects.requireNonNull(name, "name"), minimumPriority);
    }

    /**
     * @param priority least urgent priority that is wanted.
     * @return a specification with that minimum.
     */
    public SubscriptionSpec minimumPriority(final Priority priority)
    {
        return new SubscriptionSpec(pattern, handler, name, Objects.requireNonNull(priority, "priority"));
    }

    /** @return the pattern of types. */
    public TopicPattern pattern()
    {
        return pattern;
    }

    /** @return the handler. */
    public EventHandler handler()
    {
        return handler;
    }

    /** @return the name. */
    public String name()
    {
        return name;
    }

    /** @return least urgent priority that is wanted. */
    public Priority minimumPriority()
    {
        return minimumPriority;
    }
}
