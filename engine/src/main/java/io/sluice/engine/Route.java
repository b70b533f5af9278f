package io.sluice.engine;

import io.sluice.journal.VisibleAt;
import java.util.List;

/**
 * The subscriptions that want the events of one type and priority, in the order in which they subscribed: those that
 * see an event in the ring when it is journaled, those that see it there when it is synced, and those that read it from
 * the journal. Immutable.
 */
final class Route
{
    static final Subscription[] NONE = {};

    private final TypeRecord type;
    private final Subscription[] named;
    private final boolean isTransformed;
    private final int generation;
    private final Subscription[] all;
    private final Subscription[] journaled;
    private final Subscription[] synced;
    private final boolean wantsSync;

    /**
     * @param type          of the events.
     * @param subscriptions that want them, those included that read the journal.
     * @param generation    of the table of subscriptions.
     */
    Route(final TypeRecord type, final List<Subscription> subscriptions, final int generation)
    {
        this(type, subscriptions, generation, NONE, false);
    }

    /**
     * The route of events that a rule is about.
     *
     * @param type          of the events, as journaled.
     * @param subscriptions that get them, those included that read the journal.
     * @param generation    of the table of subscriptions.
     * @param named         of these, the ones that get them whatever they want.
     * @param isTransformed whether they get what rules make of the event.
     */
    Route(
        final TypeRecord type,
        final List<Subscription> subscriptions,
        final int generation,
        final Subscription[] named,
        final boolean isTransformed)
    {
        this.named = named;
        this.isTransformed = isTransformed;
        this.type = type;
        this.generation = generation;
        all = subscriptions.toArray(Subscription[]::new);
        wantsSync = subscriptions.stream().anyMatch(one -> one.spec().visibleAt() == VisibleAt.SYNCED);
        journaled = of(subscriptions, VisibleAt.JOURNALED);
        synced = of(subscriptions, VisibleAt.SYNCED);
    }

    TypeRecord type()
    {
        return type;
    }

    /** @return true if somebody, whichever feed it has, sees the events only when they are synced. */
    boolean wantsSync()
    {
        return wantsSync;
    }

    /** @return number of the change of the table of subscriptions that it knows. */
    int generation()
    {
        return generation;
    }

    /** @return true if a subscription wants the events, whichever feed it has. */
    boolean has(final Subscription subscription)
    {
        return contains(all, subscription);
    }

    /** @return true if a rule names the subscription, so that its filter is not asked. */
    boolean names(final Subscription subscription)
    {
        return contains(named, subscription);
    }

    /** @return true if subscriptions get what rules make of the event. */
    boolean isTransformed()
    {
        return isTransformed;
    }

    Subscription[] journaled()
    {
        return journaled;
    }

    Subscription[] synced()
    {
        return synced;
    }

    boolean isForSynced()
    {
        return synced.length > 0;
    }

    private static boolean contains(final Subscription[] subscriptions, final Subscription subscription)
    {
        for (final Subscription one : subscriptions)
        {
            if (one == subscription)
            {
                return true;
            }
        }
        return false;
    }

    private static Subscription[] of(final List<Subscription> subscriptions, final VisibleAt visibleAt)
    {
        return subscriptions.stream()
            .filter(one -> one.spec().mode() != DeliveryMode.TAILING && one.spec().visibleAt() == visibleAt)
            .toArray(Subscription[]::new);
    }
}
