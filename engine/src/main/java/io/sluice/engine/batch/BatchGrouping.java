package io.sluice.engine.batch;

/** Which events share a batch. */
public enum BatchGrouping
{
    /** All of them: order holds among all events of the subscription, and its batches come one after the other. */
    NONE,
    /**
     * Those of one type: order holds among the events of a type, not between types. Batches of different types may run
     * in parallel.
     */
    BY_TYPE
}
