package io.sluice.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * Sees to it that the batches of all subscriptions are handed over in time, whoever feeds them. Delivery thread only.
 */
final class BatchedDelivery
{
    private final EngineCore core;
    private final DeliveryWorkers workers;
    private final Map<Subscription, BatchRunner[]> runners = new HashMap<>();
    private boolean isBusy;

    BatchedDelivery(final EngineCore core, final DeliveryWorkers workers)
    {
        this.core = core;
        this.workers = workers;
    }

    /** Seal what is due, and have workers call what is sealed. */
    int doWork()
    {
        isBusy = false;
        int count = 0;
        final Subscription[] all = core.subscriptions().current().all();
        for (final Subscription subscription : all)
        {
            final SubscriptionBatches batches = subscription.batches();
            if (batches != null && (batches.pending() > 0 || batches.isRetryOpen()))
            {
                isBusy = true;
                count += seal(subscription, batches);
                schedule(subscription);
            }
        }
        return count;
    }

    /** @return whether there is a batch, so that it is worth to look often. */
    boolean isBusy()
    {
        return isBusy;
    }

    /** The subscription has ended, and nothing of it is pending, or will be called. */
    void end(final Subscription subscription)
    {
        final BatchRunner[] ended = runners.remove(subscription);
        if (ended != null)
        {
            for (final BatchRunner runner : ended)
            {
                runner.stop();
                if (runner.isAtRest())
                {
                    runner.close();
                }
            }
        }
        if (subscription.batches() != null)
        {
            subscription.batches().close();
        }
    }

    /** Call no more. */
    void stop()
    {
        for (final BatchRunner[] some : runners.values())
        {
            for (final BatchRunner runner : some)
            {
                runner.stop();
            }
        }
    }

    boolean isAtRest()
    {
        for (final BatchRunner[] some : runners.values())
        {
            for (final BatchRunner runner : some)
            {
                if (!runner.isAtRest())
                {
                    return false;
                }
            }
        }
        return true;
    }

    /** After {@link #stop}: what is not handled is delivered again by the next run. */
    void close()
    {
        runners.keySet().stream().toList().forEach(this::end);
    }

    // Where the rings may feed it, the right to do so is needed.
    private int seal(final Subscription subscription, final SubscriptionBatches batches)
    {
        final long nowNs = core.nowNs();
        final boolean isEverything = core.isFlushing() || !subscription.isActive() || subscription.isPaused();
        if (!isEverything && !batches.isDue(nowNs))
        {
            return 0;
        }
        if (subscription.isHeldByFeed() || subscription.gate().phase() == LiveGate.AWAY)
        {
            return batches.seal(isEverything, nowNs);
        }
        if (!subscription.tryEnter(Subscription.JOURNAL_LANE))
        {
            return 0;
        }
        try
        {
            return batches.seal(isEverything, nowNs);
        }
        finally
        {
            subscription.exit();
        }
    }

    private void schedule(final Subscription subscription)
    {
        if (subscription.calls().isCallable(core.nowNs()))
        {
            for (final BatchRunner runner : runners.computeIfAbsent(subscription, this::newRunners))
            {
                runner.schedule();
            }
        }
    }

    private BatchRunner[] newRunners(final Subscription subscription)
    {
        final BatchRunner[] some = new BatchRunner[subscription.spec().batches().parallelBatches()];
        for (int i = 0; i < some.length; i++)
        {
            some[i] = new BatchRunner(core, subscription, workers);
        }
        return some;
    }
}
