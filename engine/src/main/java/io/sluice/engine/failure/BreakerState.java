package io.sluice.engine.failure;

/** State of a {@link CircuitBreaker}. */
public enum BreakerState
{
    /** Calls are made. */
    CLOSED,
    /** No calls are made. */
    OPEN,
    /** One call at a time is tried. */
    HALF_OPEN
}
