package io.sluice.engine;

import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.journal.VisibleAt;
import java.util.Objects;

/** What a subscription wants and who handles it. Immutable: each setter returns a new one. */
public final class SubscriptionSpec
{
    private final TopicPattern pattern;
    private final EventHandler handler;
    private final String name;
    private final Priority minimumPriority;
    private final VisibleAt visibleAt;

    private SubscriptionSpec(
        final TopicPattern pattern,
        final EventHandler handler,
        final String name,
        final Priority minimumPriority,
        final VisibleAt visibleAt)
    {
        this.pattern = pattern;
        this.handler = handler;
        this.name = name;
        this.minimumPriority = minimumPriority;
        this.visibleAt = visibleAt;
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
            TopicPattern.of(pattern),
            Objects.requireNonNull(handler, "handler"),
            pattern,
            Priority.LOW,
            VisibleAt.JOURNALED);
    }

    /**
     * @param name shown in statistics and errors.
     * @return a specification with that name.
     */
    public SubscriptionSpec name(final String name)
    {
        return new SubscriptionSpec(pattern, handler, Objects.requireNonNull(name, "name"), minimumPriority, visibleAt);
    }

    /**
     * @param priority least urgent priority that is wanted.
     * @return a specification with that minimum.
     */
    public SubscriptionSpec minimumPriority(final Priority priority)
    {
        return new SubscriptionSpec(
            pattern, handler, name, Objects.requireNonNull(priority, "priority"), visibleAt);
    }

    /**
     * How far an event must have come before the handler sees it. {@link VisibleAt#JOURNALED} is the default: a power
     * loss may take back what was seen. With {@link VisibleAt#SYNCED} the engine has every event that matches forced,
     * and calls the handler after that.
     *
     * <p>Nobody else waits for the force. The time that it takes is part of the latency of this subscription: an event
     * that it alone handles counts as handed over only then, and its budget goes on until then; the time of one that
     * others see earlier ends with the first of them. Shares and bounds of the priorities hold as ever, with one unit
     * for those who see an event when it is journaled and one for those who see it when it is synced. Until then the
     * event keeps its slot in the ring, so the limit of the priority must have room for what is published while the
     * device is busy.
     *
     * @param value level from which on events are seen.
     * @return a specification with that level.
     */
    public SubscriptionSpec visibleAt(final VisibleAt value)
    {
        return new SubscriptionSpec(
            pattern, handler, name, minimumPriority, Objects.requireNonNull(value, "visibleAt"));
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

    /** @return level from which on events are seen. */
    public VisibleAt visibleAt()
    {
        return visibleAt;
    }
}
