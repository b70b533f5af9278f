package io.sluice.engine;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.util.concurrent.locks.LockSupport;

/** Calls a handler on a worker, and lets nothing that it throws go any further. */
final class WorkerCalls
{
    private static final long PAUSE_NS = 50_000L;

    private WorkerCalls()
    {
    }

    /**
     * Call a handler; nobody else does at the same time, or the subscription is concurrent.
     *
     * @param core         of the engine.
     * @param subscription to call.
     * @param call         to make.
     * @param event        view to hand over.
     * @param guard        of the worker.
     * @return false if it was found to hang; if the worker was fenced then, what came of the call has been decided.
     */
    static boolean call(
        final EngineCore core,
        final Subscription subscription,
        final HandlerCall call,
        final EventFlyweight event,
        final CallGuard guard)
    {
        final PublishScratch scratch = core.scratch();
        final long startedNs = core.nowNs();
        Throwable failure = null;
        event.wrap(call.buffer(), 0);
        if (call.isRedelivered())
        {
            event.deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
        }
        scratch.enterHandler(event);
        guard.enter(subscription, startedNs);
        try
        {
            subscription.spec().handler().onEvent(event);
        }
        catch (final Throwable ex)
        {
            failure = ex;
        }
        scratch.exitHandler();
        final long endedNs = core.nowNs();
        final boolean isInTime = guard.exit();
        if (!isInTime)
        {
            subscription.calls().onReturned(endedNs);
            if (guard.isFencing())
            {
                return false;
            }
        }
        event.unwrap();
        try
        {
            if (failure != null)
            {
                core.onHandlerError(subscription, failure);
            }
        }
        finally
        {
            subscription.calls().onSlotCall(failure, startedNs, endedNs);
            call.complete(failure, startedNs, endedNs);
        }
        return isInTime;
    }

    /** Call a handler that the rings serve, between two of their calls; or not at all if they stop serving it. */
    static void callBesideRings(final EngineCore core, final DeliveryWorkers workers, final RetryCall call)
    {
        final Subscription subscription = call.subscription();
        while (!subscription.tryEnter(Subscription.JOURNAL_LANE))
        {
            if (subscription.gate().phase() != LiveGate.LIVE || core.failure() != null || core.isClosing())
            {
                call.drop();
                return;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        // Only now: while others may call, the breaker is theirs.
        if (!subscription.calls().mayCall(core.nowNs()))
        {
            subscription.exit();
            call.drop();
            return;
        }
        final EventFlyweight event = new EventFlyweight();
        final CallGuard guard = core.watch().newWorkerGuard(
            true,
            (hung, report) ->
            {
                workers.onHung();
                call.complete(report, hung.startedNs(), core.nowNs());
                event.unwrap();
            });
        try
        {
            if (!call(core, subscription, call, event, guard))
            {
                workers.onReturned();
            }
        }
        finally
        {
            core.watch().remove(guard);
            subscription.exit();
        }
    }
}
