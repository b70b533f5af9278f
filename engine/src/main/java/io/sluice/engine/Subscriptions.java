package io.sluice.engine;

import io.sluice.journal.VisibleAt;
import java.util.Arrays;
import java.util.List;

/** The subscriptions of an engine: changed by any thread, read by the routing threads as one immutable array. */
final class Subscriptions
{
    private volatile Subscription[] current = Route.NONE;
    private long lastId;

    synchronized Subscription add(final SubscriptionSpec spec)
    {
        final Subscription subscription = new Subscription(++lastId, spec);
        final Subscription[] next = Arrays.copyOf(current, current.length + 1);
        next[current.length] = subscription;
        current = next;
        return subscription;
    }

    synchronized void remove(final Subscription subscription)
    {
        subscription.deactivate();
        current = Arrays.stream(current).filter(other -> other != subscription).toArray(Subscription[]::new);
    }

    Subscription[] current()
    {
        return current;
    }

    boolean isAnyForSynced()
    {
        return Arrays.stream(current).anyMatch(one -> one.spec().visibleAt() == VisibleAt.SYNCED);
    }

    List<Subscription> list()
    {
        return List.of(current);
    }
}
