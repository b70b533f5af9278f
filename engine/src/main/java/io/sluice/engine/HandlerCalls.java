package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Calls handlers on one handling thread, never two of a subscription at a time, and lets nothing that they throw go any
 * further.
 */
final class HandlerCalls
{
    private final EngineCore core;
    private final int lane;
    private final boolean exclusive;
    private final EpochNanoClock clock;
    private final EventFlyweight event = new EventFlyweight();
    private PublishScratch scratch;
    private long nowNs;

    /**
     * @param core      of the engine.
     * @param lane      0, or 1 for the thread of CRITICAL events beside another.
     * @param exclusive true if another thread may call the same subscriptions.
     */
    HandlerCalls(final EngineCore core, final int lane, final boolean exclusive)
    {
        this.core = core;
        this.lane = lane;
        this.exclusive = exclusive;
        clock = core.clock();
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
     * Call a handler that was entered.
     *
     * @return false if it threw, which is counted.
     */
    boolean call(final Subscription subscription)
    {
        scratch.enterHandler(event);
        try
        {
            subscription.spec().handler().onEvent(event);
            nowNs = clock.nanoTime();
            subscription.onDelivered(nowNs);
            return true;
        }
        catch (final Throwable ex)
        {
            nowNs = clock.nanoTime();
            subscription.onError();
            core.onHandlerError(subscription, ex);
            return false;
        }
        finally
        {
            scratch.exitHandler();
            event.unwrap();
            if (exclusive)
            {
                subscription.exit();
            }
        }
    }
}
