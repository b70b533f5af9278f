package io.sluice.engine;

import io.sluice.journal.VisibleAt;
import java.util.List;

/**
 * The subscriptions that want the events of one type and priority, in the order in which they subscribed: those that
 * see an event when it is journaled, and those that see it when it is synced. Immutable.
 */
final class Route
{
    static final Subscription[] NONE = {};

    private final TypeRecord type;
    private final Subscription[] journaled;
    private final Subscription[] synced;

    Route(final TypeRecord type, final List<Subscription> subscriptions)
    {
        this.type = type;
        journaled = of(subscriptions, VisibleAt.JOURNALED);
        synced = of(subscriptions, VisibleAt.SYNCED);
    }

    TypeRecord type()
    {
        return type;
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

    private static Subscription[] of(final List<Subscription> subscriptions, final VisibleAt visibleAt)
    {
        return subscriptions.stream()
            .filter(subscription -> subscription.spec().visibleAt() == visibleAt)
            .toArray(Subscription[]::new);
    }
}
