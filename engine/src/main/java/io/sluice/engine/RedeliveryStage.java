package io.sluice.engine;

import io.sluice.engine.failure.RetryOrder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.RecordHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands out again what an earlier run left unhandled, before the handling thread does anything else. Where a
 * subscription sees events only when they are synced, that begins when the journal that was found is on the device as a
 * whole.
 */
final class RedeliveryStage
{
    private static final int MOST_PER_CYCLE = 64;

    private final EngineCore core;
    private final HandlerCalls calls;
    private final LiveWatermarks watermarks;
    private final HandlingPass.Leaving leaving;
    private final RuleRouter routes;
    private final RecordHandler handler = this::redeliver;
    private final long syncedSequence;
    private final boolean isAnyCatchingUp;
    // Those that have had the event that is being redelivered, for a thread that takes over in the middle of it.
    private final List<Subscription> served = new ArrayList<>();
    private Redelivery redelivery;
    private boolean isSyncRequested;
    private boolean hasBegun;
    private boolean isTakenOver;
    private long lastDone;
    private int failures;

    /**
     * @param core       of the engine.
     * @param calls      of the handling thread.
     * @param watermarks of the handling thread.
     * @param leaving    told of subscriptions that are to go on from the journal.
     * @param redelivery to do.
     */
    RedeliveryStage(
        final EngineCore core,
        final HandlerCalls calls,
        final LiveWatermarks watermarks,
        final HandlingPass.Leaving leaving,
        final Redelivery redelivery)
    {
        this.core = core;
        this.calls = calls;
        this.watermarks = watermarks;
        this.leaving = leaving;
        this.redelivery = redelivery;
        routes = core.newRouter(true);
        isAnyCatchingUp = core.subscriptions().isAnyCatchingUp();
        syncedSequence = core.subscriptions().isAnyForSynced() && !redelivery.isDone() ? redelivery.lastSequence() : 0L;
    }

    int doWork()
    {
        if (redelivery == null || !isVisible())
        {
            return 0;
        }
        if (!hasBegun)
        {
            hasBegun = true;
            leaveBehindFailures();
        }
        calls.failures().flush();
        if (!calls.failures().isFlushed())
        {
            return 0;
        }
        int count = 0;
        final Redelivery own = redelivery;
        try
        {
            if (!own.isDone())
            {
                calls.start();
                count = own.poll(handler, MOST_PER_CYCLE);
            }
        }
        catch (final FencedException ex)
        {
            own.close();
            throw ex;
        }
        catch (final Throwable ex)
        {
            close();
            core.fail(ex);
            return 0;
        }
        if (redelivery.isDone())
        {
            redelivery = null;
            routes.close();
            core.onRedelivered();
            count++;
        }
        return count;
    }

    /** The thread that takes over from one that was fenced: it goes on behind the call that hung. */
    void takeOver(final HungCall call)
    {
        final int code = call.event().priorityCode();
        leaving.onRedelivering(call.subscription(), code, calls.failed(call, call.event()));
        failures++;
        isTakenOver = true;
        redelivery = redelivery.again(core.positions().lowest() + 1);
    }

    void close()
    {
        if (redelivery != null)
        {
            redelivery.close();
            redelivery = null;
        }
    }

    // The run before may have ended when a failure was noted and its subscription was not off the rings yet. Only the
    // journal feed has later events of the same key wait.
    private void leaveBehindFailures()
    {
        for (final Subscription subscription : core.subscriptions().current().all())
        {
            if (subscription.gate().phase() == LiveGate.LIVE &&
                subscription.spec().retry().order() == RetryOrder.HOLD_KEY && core.isAnyToBeRetried(subscription))
            {
                leaving.onRedelivering(subscription, 0, core.positions().watermark(0));
            }
        }
    }

    private boolean isVisible()
    {
        if (syncedSequence <= core.syncedSequence())
        {
            return true;
        }
        if (!isSyncRequested)
        {
            isSyncRequested = true;
            core.requestSync(syncedSequence);
        }
        return false;
    }

    private void redeliver(final EventFlyweight record)
    {
        final int code = record.priorityCode();
        final long sequence = record.sequence();
        if (record.verdict() != Verdict.ACCEPTED ||
            sequence <= core.positions().watermark(code) || sequence <= lastDone)
        {
            return;
        }
        if (!isTakenOver)
        {
            served.clear();
            failures = 0;
        }
        calls.start();
        final long startNs = calls.nowNs();
        final Route route = routes.find(record);
        callAll(route, route.journaled(), record);
        callAll(route, route.synced(), record);
        lastDone = sequence;
        isTakenOver = false;
        final boolean anyFailed = failures > 0;
        route.type().record(calls.lane(), anyFailed, calls.nowNs() - startNs);
        core.counts().onRedelivered(code);
        if (anyFailed)
        {
            core.counts().onFailed(code);
        }
        if (calls.failures().isFlushed() && !isAnyCatchingUp)
        {
            watermarks.watermark(code, sequence);
        }
    }

    // While events are redelivered no other handling thread calls anybody, but a call leaves the subscription as
    // entered.
    private void callAll(final Route route, final Subscription[] subscriptions, final EventFlyweight record)
    {
        for (final Subscription subscription : subscriptions)
        {
            if (isTakenOver && served.contains(subscription))
            {
                continue;
            }
            served.add(subscription);
            // Where others hold the watermarks back, one may have had more than these say, or have begun later.
            if (subscription.gate().isLive(record.priorityCode()) &&
                subscription.position().isDue(record.priorityCode(), record.sequence()) &&
                !core.isToBeRetried(subscription, record.sequence()) && calls.tryEnter(subscription))
            {
                calls.event().wrap(record.buffer(), record.offset()).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
                failures += !calls.wants(subscription, route) || call(subscription, record) ? 0 : 1;
            }
        }
    }

    private boolean call(final Subscription subscription, final EventFlyweight record)
    {
        if (!calls.mayCall(subscription))
        {
            if (subscription.waitsForBreaker())
            {
                leaving.onRedelivering(subscription, record.priorityCode(), record.sequence() - 1);
                return true;
            }
            return false;
        }
        final boolean isDone = calls.call(subscription);
        if (!isDone && subscription.position() != null && subscription.spec().retry().order() == RetryOrder.HOLD_KEY)
        {
            leaving.onRedelivering(subscription, record.priorityCode(), record.sequence());
        }
        return isDone;
    }
}
