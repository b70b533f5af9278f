package io.sluice.engine;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.RecordHandler;

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
    private final RouteTable routes;
    private final RecordHandler handler = this::redeliver;
    private final long syncedSequence;
    private Redelivery redelivery;
    private boolean isSyncRequested;

    /**
     * @param core       of the engine.
     * @param calls      of the handling thread.
     * @param redelivery to do.
     */
    RedeliveryStage(final EngineCore core, final HandlerCalls calls, final Redelivery redelivery)
    {
        this.core = core;
        this.calls = calls;
        this.redelivery = redelivery;
        routes = core.newRouteTable();
        syncedSequence = core.subscriptions().isAnyForSynced() && !redelivery.isDone() ? redelivery.lastSequence() : 0L;
    }

    int doWork()
    {
        if (redelivery == null || !isVisible())
        {
            return 0;
        }
        int count = 0;
        try
        {
            if (!redelivery.isDone())
            {
                calls.start();
                count = redelivery.poll(handler, MOST_PER_CYCLE);
            }
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
            core.onRedelivered();
            count++;
        }
        return count;
    }

    void close()
    {
        if (redelivery != null)
        {
            redelivery.close();
            redelivery = null;
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
        if (record.verdict() != Verdict.ACCEPTED || sequence <= core.positions().watermark(code))
        {
            return;
        }
        calls.start();
        final long startNs = calls.nowNs();
        final Route route = routes.find(record);
        final int failures = callAll(route.journaled(), record) + callAll(route.synced(), record);
        final boolean anyFailed = failures > 0;
        route.type().record(calls.lane(), anyFailed, calls.nowNs() - startNs);
        core.counts().onRedelivered(code);
        if (anyFailed)
        {
            core.counts().onFailed(code);
        }
        core.positions().watermark(code, sequence);
    }

    // While events are redelivered no other handling thread calls anybody, but a call leaves the subscription as
    // entered.
    private int callAll(final Subscription[] subscriptions, final EventFlyweight record)
    {
        int failures = 0;
        for (final Subscription subscription : subscriptions)
        {
            calls.event().wrap(record.buffer(), record.offset()).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
            failures += calls.tryEnter(subscription) && calls.call(subscription) ? 0 : 1;
        }
        return failures;
    }
}
