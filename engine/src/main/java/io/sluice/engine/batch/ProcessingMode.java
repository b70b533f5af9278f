package io.sluice.engine.batch;

/** How an event reaches a handler that leaves the choice to the {@link ModeTable}. */
public enum ProcessingMode
{
    /** At once, on the handling stage: "real-time". */
    IMMEDIATE,
    /** In a batch, at most the batch's time-out later. */
    BATCHED
}
