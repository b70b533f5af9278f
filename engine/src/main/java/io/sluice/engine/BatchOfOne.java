package io.sluice.engine;

import io.sluice.engine.batch.BatchAccumulator;
import io.sluice.engine.batch.BatchGrouping;
import io.sluice.engine.batch.BatchHandler;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.SealedBatch;
import io.sluice.event.EventFlyweight;
import java.util.Objects;

/**
 * Hands a batch handler one event on its own: one that is tried again, or that can't wait. Thread-safe if the batch
 * handler is. Each call allocates.
 */
final class BatchOfOne implements EventHandler
{
    private static final BatchPolicy POLICY =
        BatchPolicy.defaults().batchSizes(1, 1, 1).maxBytes(1024).openGroups(1).queuedBatches(1);
    private static final BatchPolicy UNGROUPED = POLICY.grouping(BatchGrouping.NONE);

    private final BatchHandler handler;
    private final BatchPolicy policy;

    private BatchOfOne(final BatchHandler handler, final BatchPolicy policy)
    {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.policy = policy;
    }

    /** One that shows batches as they are with that grouping. */
    static BatchOfOne of(final BatchHandler handler, final BatchGrouping grouping)
    {
        return new BatchOfOne(handler, grouping == BatchGrouping.NONE ? UNGROUPED : POLICY);
    }

    @Override
    public void onEvent(final EventFlyweight event) throws Exception
    {
        final BatchAccumulator accumulator = new BatchAccumulator(policy);
        accumulator.offer(event, 0L);
        final SealedBatch batch = accumulator.poll();
        final Throwable failure;
        try
        {
            handler.onBatch(batch.events());
            failure = batch.failure(0);
        }
        finally
        {
            accumulator.complete(batch);
        }
        if (failure instanceof Error)
        {
            throw (Error)failure;
        }
        if (failure != null)
        {
            throw failure instanceof Exception ? (Exception)failure : new IllegalStateException(failure);
        }
    }
}
