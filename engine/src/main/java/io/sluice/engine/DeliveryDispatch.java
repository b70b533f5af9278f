package io.sluice.engine;

import java.util.Map;

/**
 * Has handlers called again for events that they could not handle: in the turn of the feed that serves the
 * subscription. Delivery thread only.
 */
final class DeliveryDispatch implements RetryDispatch
{
    private final EngineCore core;
    private final Map<Subscription, JournalFeed> feeds;
    private final DeliveryWorkers workers;

    /**
     * @param core    of the engine.
     * @param feeds   of the subscriptions that the journal serves, as they are at any time.
     * @param workers call handlers.
     */
    DeliveryDispatch(
        final EngineCore core, final Map<Subscription, JournalFeed> feeds, final DeliveryWorkers workers)
    {
        this.core = core;
        this.feeds = feeds;
        this.workers = workers;
    }

    @Override
    public Subscription find(final long retryId)
    {
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (subscription.retryId() == retryId && subscription.isActive())
            {
                return subscription;
            }
        }
        return null;
    }

    @Override
    public Subscription find(final String name)
    {
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (subscription.isActive() && subscription.name().equals(name))
            {
                return subscription;
            }
        }
        return null;
    }

    @Override
    public boolean canCall(final Subscription subscription)
    {
        // While one of the same name before it still hands over what it has, a second call would run beside that.
        if (!subscription.calls().isCallable(core.nowNs()) || subscription.hasToWait())
        {
            return false;
        }
        if (subscription.spec().mode() == DeliveryMode.BATCHED)
        {
            return subscription.batches().hasRoomForRetry();
        }
        final JournalFeed feed = feeds.get(subscription);
        return feed == null ? subscription.gate().phase() == LiveGate.LIVE && subscription.calls().hung() == 0 :
            feed.hasRoomForRetry();
    }

    @Override
    public boolean hasRoom(final RetryCall call)
    {
        final JournalFeed feed = feeds.get(call.subscription());
        return feed == null || call.subscription().spec().mode() == DeliveryMode.BATCHED || feed.hasRoomFor(call);
    }

    // Where the journal serves the subscription, in the turn of its own calls; where the rings do, between theirs.
    @Override
    public boolean call(final RetryCall call)
    {
        final Subscription subscription = call.subscription();
        if (subscription.spec().mode() == DeliveryMode.BATCHED)
        {
            return !subscription.hasToWait() && subscription.batches().retry(call);
        }
        final JournalFeed feed = feeds.get(subscription);
        if (feed != null)
        {
            return feed.retry(call);
        }
        if (!canCall(subscription))
        {
            return false;
        }
        workers.execute(() -> WorkerCalls.callBesideRings(core, workers, call));
        return true;
    }
}
