package io.sluice.engine;

/**
 * The subscriptions that want the events of one type and priority, in the order in which they subscribed. Immutable.
 */
final class Route
{
    static final Subscription[] NONE = {};

    private final TypeRecord type;
    private final Subscription[] subscriptions;

    Route(final TypeRecord type, final Subscription[] subscriptions)
    {
        this.type = type;
        this.subscriptions = subscriptions;
    }

    TypeRecord type()
    {
        return type;
    }

    Subscription[] subscriptions()
    {
        return subscriptions;
    }
}
