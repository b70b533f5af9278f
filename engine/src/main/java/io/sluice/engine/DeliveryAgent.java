package io.sluice.engine;

import io.sluice.engine.failure.BreakerState;
import io.sluice.engine.failure.CircuitBreaker;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.TailerContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;

/**
 * Serves subscriptions from the journal: those that always read it, and those that are away from the rings for a while.
 * Sees to it that they leave the rings and come back without losing or repeating an event, see {@link LiveGate}.
 *
 * <p>On a thread of its own, or, in {@link ThreadingMode#INVOKER}, on the one that invokes.
 */
final class DeliveryAgent implements Agent
{
    /** Records that a subscription may be behind the journal when it asks to come back to the rings. */
    static final int JOIN_DISTANCE = 64;

    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    private final EngineCore core;
    private final Supplier<TailerContext> tails;
    private final DurableSubscriptions durable;
    private final DeliveryWorkers workers;
    private final Retries retries;
    private final Runnable checkpoint;
    private final RuleRouter routes;
    private final BatchedDelivery batched;
    private final Map<Subscription, JournalFeed> feeds = new HashMap<>();
    private final ReadingPauses pauses;
    private volatile long closeDeadline = System.nanoTime();
    private long pausesAfterNs = Long.MIN_VALUE;
    private long retriesAfterNs = Long.MIN_VALUE;
    private int seenAttention = -1;
    private boolean isAnyAway = true;

    /**
     * @param core       of the engine.
     * @param tails      settings to read the journal with.
     * @param durable    subscriptions of the data directory.
     * @param workers    call handlers.
     * @param retries    of what they could not handle.
     * @param checkpoint has where subscriptions stand on the device, and what failed before that.
     */
    DeliveryAgent(
        final EngineCore core,
        final Supplier<TailerContext> tails,
        final DurableSubscriptions durable,
        final DeliveryWorkers workers,
        final Retries retries,
        final Runnable checkpoint)
    {
        this.retries = retries;
        this.checkpoint = checkpoint;
        retries.dispatch(new DeliveryDispatch(core, feeds, workers));
        this.core = core;
        this.tails = tails;
        this.durable = durable;
        this.workers = workers;
        routes = core.newRouter(false);
        batched = new BatchedDelivery(core, workers);
        pauses = new ReadingPauses(core, retries);
    }

    @Override
    public String roleName()
    {
        return EngineRole.DELIVERY.threadName();
    }

    @Override
    public int doWork()
    {
        int count = retries.maintain();
        if (core.failure() != null)
        {
            retries.fail();
            closeSeeks();
            return count;
        }
        if (!core.isRedelivered())
        {
            return count;
        }
        core.observeHandled();
        final int attention = core.attention();
        count += retry() + batched.doWork();
        if (isAnyAway || attention != seenAttention)
        {
            seenAttention = attention;
            isAnyAway = false;
            for (final Subscription subscription : core.subscriptions().current().all())
            {
                count += serve(subscription);
            }
        }
        return count + workers.runSome();
    }

    /** @return whether there is a subscription to serve, so that it is worth to look often. */
    boolean isAnyAway()
    {
        return isAnyAway || retries.isWaiting() || batched.isBusy();
    }

    @Override
    public void onClose()
    {
        for (final JournalFeed feed : feeds.values())
        {
            feed.stop();
        }
        batched.stop();
        while (workers.hasThreads() && !isAtRest() && System.nanoTime() - closeDeadline < 0)
        {
            LockSupport.parkNanos(PAUSE_NS);
        }
        workers.close(closeDeadline - System.nanoTime());
        // What is not completed by now is delivered again by the next run.
        final ErrorHandler errors = core::onError;
        feeds.values().forEach(feed -> CloseHelper.close(errors, feed::close));
        feeds.clear();
        CloseHelper.closeAll(errors, batched::close, this::closeSeeks, this::endSubscriptions, retries::close);
    }

    private void endSubscriptions()
    {
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (!subscription.isActive())
            {
                leave(subscription);
            }
        }
    }

    private void closeSeeks()
    {
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (subscription.seek() != null)
            {
                subscription.seek().close(subscription.name());
            }
        }
    }

    /** Any thread, before it is closed: wait for calls in progress until then ({@link System#nanoTime}). */
    void closeDeadline(final long deadline)
    {
        closeDeadline = deadline;
    }

    private boolean isAtRest()
    {
        for (final JournalFeed feed : feeds.values())
        {
            if (!feed.isAtRest())
            {
                return false;
            }
        }
        return batched.isAtRest();
    }

    // While the dead letters, or the retry log, can't be used, subscriptions are served all the same.
    private int retry()
    {
        final long nowNs = core.nowNs();
        if (nowNs < retriesAfterNs)
        {
            return 0;
        }
        try
        {
            return retries.doWork();
        }
        catch (final RuntimeException ex)
        {
            retriesAfterNs = nowNs + RETRY_NS;
            core.onError(ex);
            return 0;
        }
    }

    private int serve(final Subscription subscription)
    {
        try
        {
            keepPause(subscription);
            final int count = step(subscription);
            pauses.served(subscription);
            return count;
        }
        catch (final RuntimeException ex)
        {
            // The journal can't be read there just now: the others are served, this one again later.
            isAnyAway = true;
            if (pauses.failed(subscription))
            {
                core.onHandlerError(subscription, ex);
            }
            return 0;
        }
    }

    private int step(final Subscription subscription)
    {
        final SubscriptionSeek seek = subscription.seek();
        final boolean isWanted = subscription.isActive() && !subscription.isPaused() && seek == null;
        if (subscription.hasToWait())
        {
            isAnyAway = true;
            return 0;
        }
        final LiveGate gate = subscription.gate();
        switch (gate.phase())
        {
            case LiveGate.LIVE:
                return isWanted && !subscription.isAwayWanted() ? 0 : askToLeave(subscription);
            case LiveGate.LEAVING:
                isAnyAway = true;
                return gate.isAnswered() ? goAway(subscription) : 0;
            case LiveGate.AWAY:
                if (seek != null)
                {
                    return seek(subscription, seek);
                }
                return isWanted ? read(subscription) : rest(subscription);
            case LiveGate.JOINING:
                isAnyAway = true;
                return isWanted && mayJoin(subscription) ? join(subscription) : giveUpJoining(subscription);
            default:
                return askToLeave(subscription);
        }
    }

    // Paused or not is what it is all the same where it can't be written; the next run learns of it when it can.
    private void keepPause(final Subscription subscription)
    {
        if (!subscription.spec().isDurable() || !subscription.isActive() || subscription.hasToWait() ||
            durable.isPaused(subscription.spec().name()) == subscription.isPaused())
        {
            return;
        }
        try
        {
            if (core.nowNs() >= pausesAfterNs)
            {
                durable.paused(subscription.spec().name(), subscription.isPaused());
                return;
            }
        }
        catch (final EventStorageException ex)
        {
            pausesAfterNs = core.nowNs() + RETRY_NS;
            core.onHandlerError(subscription, ex);
        }
        isAnyAway = true;
    }

    private int askToLeave(final Subscription subscription)
    {
        isAnyAway = true;
        subscription.gate().leave();
        core.raiseAttention();
        return 1;
    }

    private int goAway(final Subscription subscription)
    {
        // Now it says for every priority what it has had, which until now the pipeline's watermarks did.
        subscription.position().live(false);
        // A call from the ring may be in progress in another handling thread, or this thread has the right already.
        if (!subscription.isHeldByFeed() && !subscription.tryEnter(Subscription.JOURNAL_LANE))
        {
            return 0;
        }
        subscription.heldByFeed(true);
        if (!isEmpty(subscription))
        {
            return 0;
        }
        subscription.gate().away();
        subscription.onAway();
        return 1;
    }

    // What it has from the rings in batches is handled before it has anything from the journal.
    private boolean isEmpty(final Subscription subscription)
    {
        return subscription.batches() == null || feeds.containsKey(subscription) ||
            subscription.batches().tryEmpty(subscription.position(), core.nowNs());
    }

    private int read(final Subscription subscription)
    {
        isAnyAway = true;
        final boolean isResting = pauses.isResting(subscription);
        if (isResting && !feeds.containsKey(subscription))
        {
            return 0;
        }
        final JournalFeed feed = feed(subscription);
        resume(subscription, feed);
        final int count = feed.doWork(!isResting && pauses.mayFail(subscription));
        if (!isResting && mayJoin(subscription) && isNearEnd(feed))
        {
            if (!subscription.isHeldByFeed() && !subscription.tryEnter(Subscription.JOURNAL_LANE))
            {
                return count;
            }
            subscription.heldByFeed(true);
            subscription.gate().join();
            core.raiseAttention();
            return count + 1;
        }
        return count;
    }

    // Calls that the breaker refused, from the time on when it would not.
    private void resume(final Subscription subscription, final JournalFeed feed)
    {
        final CircuitBreaker breaker = subscription.calls().breaker();
        if (breaker.state() == BreakerState.CLOSED || core.nowNs() >= breaker.nextCallNs())
        {
            feed.resume();
        }
    }

    private int rest(final Subscription subscription)
    {
        final JournalFeed feed = feeds.get(subscription);
        if (feed == null)
        {
            if (!subscription.isActive())
            {
                end(subscription);
                return 1;
            }
            return 0;
        }
        if (!subscription.isActive())
        {
            return finish(subscription, feed);
        }
        resume(subscription, feed);
        final int count = feed.doWork(false);
        if (!feed.isEmpty())
        {
            isAnyAway = true;
        }
        return count;
    }

    // No call starts any more; the one in progress decides where the position ends.
    private int finish(final Subscription subscription, final JournalFeed feed)
    {
        feed.stop();
        isAnyAway = true;
        if (!feed.isAtRest())
        {
            return 0;
        }
        if (subscription.batches() != null && subscription.batches().pending() > 0)
        {
            return 0;
        }
        feed.doWork(false);
        if (retries.recorder().isFlushed())
        {
            feed.close();
            end(subscription);
        }
        return 1;
    }

    // Nothing comes from the rings, and no call is in progress: the position may go anywhere.
    private int seek(final Subscription subscription, final SubscriptionSeek seek)
    {
        isAnyAway = true;
        final JournalFeed feed = feeds.get(subscription);
        if (feed != null)
        {
            feed.stop();
            // One that hangs must return first: its next call would overlap.
            if (!feed.isAtRest() || feed.isHung())
            {
                return 0;
            }
            feed.close();
            feeds.remove(subscription);
        }
        if (!isEmpty(subscription))
        {
            return 0;
        }
        // An attempt that waits, for an event that comes again anyway, would be a second delivery.
        final boolean isMoved = retries.isForgottenFrom(subscription.retryId(), seek.sequence(), () ->
        {
            subscription.position().live(false);
            subscription.position().restart(seek.sequence() - 1);
            checkpoint.run();
        });
        if (isMoved)
        {
            subscription.sought(seek);
        }
        return 1;
    }

    private int join(final Subscription subscription)
    {
        final LiveGate gate = subscription.gate();
        final JournalFeed feed = feed(subscription);
        final int count = feed.doWork(true);
        if (!gate.isAnswered() || feed.nextSequence() <= gate.highestBoundary() || !feed.isEmpty())
        {
            return count;
        }
        final SubscriptionBatches batches = subscription.batches();
        if (batches != null)
        {
            // From when it is live on this is done by others.
            batches.fedUpTo(feed.nextSequence() - 1);
            position(subscription, batches.limit(feed.nextSequence() - 1));
        }
        if (gate.tryLive(feed.nextSequence() - 1))
        {
            if (batches == null)
            {
                position(subscription, feed.nextSequence() - 1);
                subscription.position().live(true);
            }
            feeds.remove(subscription).close();
            subscription.heldByFeed(false);
            subscription.exit();
            core.raiseAttention();
        }
        return count + 1;
    }

    private static void position(final Subscription subscription, final long sequence)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            subscription.position().advance(code, sequence);
        }
    }

    private int giveUpJoining(final Subscription subscription)
    {
        subscription.gate().takeBack();
        return 1;
    }

    private void end(final Subscription subscription)
    {
        feeds.remove(subscription);
        pauses.forget(subscription);
        batched.end(subscription);
        core.subscriptions().forget(subscription);
        leave(subscription);
    }

    private void leave(final Subscription subscription)
    {
        if (!subscription.spec().isDurable())
        {
            retries.ended(subscription);
        }
    }

    private boolean mayJoin(final Subscription subscription)
    {
        final SubscriptionSpec spec = subscription.spec();
        return spec.mode() != DeliveryMode.TAILING && !subscription.isAwayWanted() &&
            subscription.calls().breaker().state() == BreakerState.CLOSED &&
            (spec.retry().order() == RetryOrder.SKIP_AHEAD || retries.isCaughtUp() && retries.open(subscription) == 0);
    }

    private boolean isNearEnd(final JournalFeed feed)
    {
        return feed.isEmpty() && core.journaledSequence() - feed.nextSequence() < JOIN_DISTANCE;
    }

    private JournalFeed feed(final Subscription subscription)
    {
        JournalFeed feed = feeds.get(subscription);
        if (feed == null)
        {
            feed = new JournalFeed(core, subscription, tails.get(), routes, workers, retries);
            feeds.put(subscription, feed);
        }
        return feed;
    }
}
