package io.sluice.engine.batch;

/**
 * Receives events in batches, on a worker thread. Two batches of one group (see {@link BatchGrouping}) are never handed
 * over at the same time; with {@link BatchPolicy#parallelBatches} above 1 those of different groups are, so the handler
 * must then bear calls on several threads.
 *
 * <p>A handler that throws fails every event of the batch; {@link EventBatch#fail} fails single ones. The others count
 * as delivered.
 */
@FunctionalInterface
public interface BatchHandler
{
    /**
     * One batch.
     *
     * @param batch with at least one event, valid until the method returns.
     * @throws Exception whatever goes wrong.
     */
    void onBatch(EventBatch batch) throws Exception;
}
