package io.sluice.engine.batch;

/**
 * Merges superseded states: says which events of a batch need not be handed over because a later one stands for them.
 * The journal keeps every event; only what the handler sees is merged. {@link AggregateStateMerger} is the usual one.
 *
 * <p>Called on the worker thread, before the handler, and by several at the same time if batches run in parallel: keep
 * nothing between two calls. What a merger throws fails the whole batch, as if the handler had thrown it.
 */
@FunctionalInterface
public interface StateMerger
{
    /**
     * Look at the events of a batch, and merge.
     *
     * @param batch in the order in which the events were accumulated, valid until the method returns; whatever is not
     *              superseded is handed over as it is.
     */
    void merge(BatchMerge batch);
}
