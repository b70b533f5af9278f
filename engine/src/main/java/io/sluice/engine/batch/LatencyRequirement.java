package io.sluice.engine.batch;

/** How soon somebody needs to know of an event. */
public enum LatencyRequirement
{
    /** Seconds later is soon enough. */
    LOW,
    /** Soon: something may go on only then. */
    MEDIUM,
    /** Somebody waits for it. */
    HIGH,
    /** At once. */
    CRITICAL
}
