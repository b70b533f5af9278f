package io.sluice.engine;

import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.batch.SealedBatch;
import io.sluice.engine.failure.FailureCause;
import io.sluice.event.EventFlyweight;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls the batch handler of a subscription, one batch after the other, and records each event of a batch that failed
 * before any position passes it. A subscription has as many of these as batches may be handled at once. It occupies a
 * thread only while there are batches.
 *
 * <p>The delivery thread schedules it; one worker at a time runs it.
 */
final class BatchRunner implements Runnable
{
    private static final int MOST_AT_A_TIME = 64;

    private final EngineCore core;
    private final Subscription subscription;
    private final SubscriptionBatches batches;
    private final DeliveryWorkers workers;
    private final FailureRecorder failures;
    private final CallGuard guard;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final EventFlyweight event = new EventFlyweight();
    // What the breaker refused: it comes first when it would not any more.
    private SealedBatch batch;
    private RetryCall retry;
    // Handled, and what failed of it has no room in the retry log yet.
    private SealedBatch unrecorded;
    private volatile boolean isHolding;
    private volatile boolean isStopped;

    /**
     * @param core         of the engine.
     * @param subscription to call.
     * @param workers      run it.
     */
    BatchRunner(final EngineCore core, final Subscription subscription, final DeliveryWorkers workers)
    {
        this.core = core;
        this.subscription = subscription;
        this.workers = workers;
        batches = subscription.batches();
        failures = core.newFailureRecorder();
        guard = core.watch().newBatchGuard(workers::onHung);
    }

    /** Delivery thread: run if there is something to do. */
    void schedule()
    {
        if (!isStopped && (isHolding || batches.isWaiting()) && isScheduled.compareAndSet(false, true))
        {
            workers.execute(this);
        }
    }

    /** Any thread: call no more. */
    void stop()
    {
        isStopped = true;
    }

    /** Delivery thread: is no call in progress, but one that does not return? */
    boolean isAtRest()
    {
        return guard.isHung() || !isScheduled.get();
    }

    /** Delivery thread, after {@link #stop} and at rest: what was not called will not be. */
    void close()
    {
        core.watch().remove(guard);
        if (!guard.isHung())
        {
            if (retry != null)
            {
                retry.drop();
                retry = null;
            }
            tryRecord();
        }
    }

    @Override
    public void run()
    {
        for (int i = 0; i < MOST_AT_A_TIME && !isStopped && tryRecord() && mayCall(); i++)
        {
            call();
        }
        isHolding = batch != null || retry != null || unrecorded != null;
        isScheduled.set(false);
    }

    private boolean mayCall()
    {
        if (batch == null && retry == null)
        {
            retry = batches.beginRetry();
            batch = retry == null ? batches.beginBatch() : null;
        }
        return (batch != null || retry != null) && subscription.calls().mayCallShared(core.nowNs());
    }

    private void call()
    {
        if (retry != null)
        {
            final RetryCall call = retry;
            retry = null;
            if (!WorkerCalls.call(core, subscription, call, event, guard))
            {
                workers.onReturned();
            }
            batches.endRetry();
        }
        else
        {
            final SealedBatch called = batch;
            batch = null;
            handle(called);
            unrecorded = called;
        }
    }

    private void handle(final SealedBatch called)
    {
        final PublishScratch scratch = core.scratch();
        final long startedNs = core.nowNs();
        Throwable thrown = null;
        guard.enter(subscription, startedNs);
        try
        {
            final EventBatch events = called.events();
            // What it publishes belongs to the first of them.
            scratch.enterHandler(events.event(0));
            subscription.spec().batchHandler().onBatch(events);
        }
        catch (final Throwable ex)
        {
            thrown = ex;
            called.fail(ex);
        }
        finally
        {
            scratch.exitHandler();
        }
        if (!guard.exit())
        {
            workers.onReturned();
            subscription.calls().onReturned(core.nowNs());
        }
        onHandled(called, thrown, startedNs, core.nowNs());
    }

    private void onHandled(final SealedBatch called, final Throwable thrown, final long startedNs, final long nowNs)
    {
        final int size = called.size();
        int failed = 0;
        int undecodable = 0;
        for (int i = 0; i < size; i++)
        {
            final Throwable failure = called.failure(i);
            if (failure != null)
            {
                if (failed++ == 0)
                {
                    core.onHandlerError(subscription, failure);
                }
                undecodable += FailureRecorder.causeOf(failure) == FailureCause.UNDECODABLE ? 1 : 0;
                failures.failed(subscription, called.event(i), 1, nowNs, nowNs, FailureCause.THREW, failure);
            }
        }
        batches.onCalled(size, failed);
        if (undecodable > 0 && undecodable == failed)
        {
            subscription.calls().onNotCalled();
        }
        else
        {
            subscription.calls().onBatchCall(thrown == null && failed < size, startedNs, nowNs);
        }
    }

    private boolean tryRecord()
    {
        failures.flush();
        if (unrecorded != null && failures.isFlushed())
        {
            final SealedBatch done = unrecorded;
            unrecorded = null;
            batches.endBatch(done);
        }
        return unrecorded == null;
    }
}
