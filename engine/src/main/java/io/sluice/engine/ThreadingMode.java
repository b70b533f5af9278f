package io.sluice.engine;

/** Which threads run the stages sequencing, routing and handling. */
public enum ThreadingMode
{
    /**
     * None: the host calls {@link Engine#invoke()}, always from one thread at a time. Deterministic with a manual
     * clock. That thread also forces: what is to be durable, and once a second, while positions move, the checkpoint
     * that a power loss goes back to; each takes as long as the device does, milliseconds.
     */
    INVOKER,
    /** One thread, {@code sluice-engine}, runs all stages. */
    SHARED,
    /** {@code sluice-seq} sequences, {@code sluice-handle} routes and handles. */
    PAIRED,
    /** {@code sluice-seq}, {@code sluice-route}, {@code sluice-handle}, and {@code sluice-crit} for CRITICAL events. */
    DEDICATED
}
