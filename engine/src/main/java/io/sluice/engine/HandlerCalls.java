package io.sluice.engine;

import io.sluice.engine.failure.FailureCause;
import io.sluice.event.EventFlyweight;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Calls handlers on one handling thread, never two of a subscription at a time, and lets nothing that they throw go any
 * further. A thread whose handler does not return is fenced where another can go on with its state: that one takes over
 * with {@link #takeOver}.
 */
final class HandlerCalls
{
    private final EngineCore core;
    private final int lane;
    private final boolean exclusive;
    private final EpochNanoClock clock;
    private final FailureRecorder failures;
    private final Supplier<CallGuard> guards;
    private EventFlyweight event = new EventFlyweight();
    private CallGuard guard;
    private final RuleView rules;
    private PublishScratch scratch;
    private long nowNs;

    /**
     * @param core      of the engine.
     * @param lane      0, or 1 for the thread of CRITICAL events beside another.
     * @param exclusive true if another thread may call the same subscriptions.
     * @param guards    make the guard of a thread.
     */
    HandlerCalls(
        final EngineCore core, final int lane, final boolean exclusive, final Supplier<CallGuard> guards)
    {
        this.guards = guards;
        guard = guards.get();
        this.core = core;
        this.lane = lane;
        this.exclusive = exclusive;
        clock = core.clock();
        failures = core.newFailureRecorder();
        rules = new RuleView(core.rules().newQuietRun());
    }

    int lane()
    {
        return lane;
    }

    /** Before a run of calls, on the handling thread. */
    void start()
    {
        scratch = core.scratch();
        nowNs = clock.nanoTime();
    }

    /**
     * Watch, when the thread has been fenced and before another one starts: what the fenced one has in its hands is
     * left to it.
     *
     * @return what the handler was given, whose event will be gone as soon as the next thread goes on.
     */
    EventFlyweight takeOver()
    {
        final EventFlyweight left = event;
        event = new EventFlyweight();
        guard = guards.get();
        return left;
    }

    /** @return time at the start, or after the last call. */
    long nowNs()
    {
        return nowNs;
    }

    /** @return the view that the next handler gets; to be wrapped before each call. */
    EventFlyweight event()
    {
        return event;
    }

    /** @return false if another thread is calling the subscription, or should go first. */
    boolean tryEnter(final Subscription subscription)
    {
        return !exclusive || subscription.tryEnter(lane);
    }

    /**
     * Is the event, which is wrapped, one for a subscription that was entered? If not, the subscription is left. If it
     * is, the view is turned to what rules make of it.
     *
     * @return true if it is to be handed to it.
     */
    boolean wants(final Subscription subscription, final Route route)
    {
        if (subscription.gate().isDue(event.sequence()))
        {
            if (route.isTransformed())
            {
                rules.turn(event);
            }
            if (route.names(subscription) || subscription.wants(lane, event))
            {
                return true;
            }
        }
        leave(subscription);
        return false;
    }

    /**
     * Does the breaker of a subscription that was entered let a call through? If not, the subscription is left; where
     * it can't go on later, what it does not get becomes a dead letter.
     *
     * @return true if it is to be called.
     */
    boolean mayCall(final Subscription subscription)
    {
        if (subscription.calls().mayCall(nowNs))
        {
            return true;
        }
        if (failures != null && !subscription.waitsForBreaker())
        {
            failures.failed(subscription, event, 0, nowNs, nowNs, FailureCause.BREAKER_OPEN, null);
        }
        leave(subscription);
        return false;
    }

    /** Is the event, which a subscription that was entered wants, to go into one of its batches? */
    boolean isBatched(final Subscription subscription)
    {
        return subscription.batches().isBatched(lane, event, core.pressure().load());
    }

    /** @return false if the batches of a subscription that was entered have no room; it is left in any case. */
    boolean offer(final Subscription subscription)
    {
        final boolean isTaken = subscription.batches().offer(event, nowNs);
        leave(subscription);
        return isTaken;
    }

    /** @return takes what handlers could not handle; null without a journal. */
    FailureRecorder failures()
    {
        return failures;
    }

    private void leave(final Subscription subscription)
    {
        event.unwrap();
        if (exclusive)
        {
            subscription.exit();
        }
    }

    /**
     * Call a handler that was entered.
     *
     * @return false if it threw, which is counted.
     */
    boolean call(final Subscription subscription)
    {
        final long startedNs = nowNs;
        final CallGuard own = guard;
        final Throwable failure = callGuarded(subscription, own, startedNs);
        final boolean isInTime = own.exit();
        if (!isInTime && own.isFencing())
        {
            endFenced(subscription);
        }
        nowNs = clock.nanoTime();
        if (failure == null)
        {
            subscription.calls().onDelivered(nowNs);
        }
        else
        {
            subscription.calls().onError();
            core.onHandlerError(subscription, failure);
        }
        if (!isInTime)
        {
            subscription.calls().onReturned(nowNs);
        }
        else if (failure == null)
        {
            subscription.calls().tellBreaker(true, startedNs, nowNs);
        }
        else
        {
            subscription.calls().tellBreakerOf(failure, startedNs, nowNs);
        }
        if (failure != null && failures != null)
        {
            failures.failed(subscription, event, 1, nowNs, nowNs, FailureCause.THREW, failure);
        }
        leave(subscription);
        return failure == null;
    }

    /** The thread that has taken over: the event is not done; its sequence. */
    long failed(final HungCall call, final EventFlyweight record)
    {
        final long sequence = record.sequence();
        if (failures != null)
        {
            failures.failed(call.subscription(), record, 1, nowNs, nowNs, FailureCause.TIMED_OUT, call.report());
        }
        event.unwrap();
        return sequence;
    }

    private Throwable callGuarded(final Subscription subscription, final CallGuard own, final long startedNs)
    {
        final PublishScratch ownScratch = scratch;
        final EventFlyweight handed = event;
        ownScratch.enterHandler(handed);
        own.enter(subscription, startedNs);
        try
        {
            subscription.spec().handler().onEvent(handed);
            return null;
        }
        catch (final Throwable ex)
        {
            return ex;
        }
        finally
        {
            ownScratch.exitHandler();
        }
    }

    // Nothing here is this thread's any more but the right to call the subscription.
    private void endFenced(final Subscription subscription)
    {
        subscription.calls().onReturned(clock.nanoTime());
        subscription.exit();
        throw new FencedException();
    }
}
