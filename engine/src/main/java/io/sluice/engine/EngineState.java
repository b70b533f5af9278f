package io.sluice.engine;

/**
 * Life of an engine.
 *
 * <pre>
 *   STARTING ──► RUNNING ◄──► DRAINING ──► CLOSED
 *       │         ▲    │         ▲
 *       │         │    ▼         │
 *       │       DEGRADED ────────┤
 *       └───────────┴────────────┴──► FAILED ──► CLOSED
 * </pre>
 *
 * An engine that drains stays DRAINING when its storage gets into trouble; {@link Engine#storage()} tells.
 */
public enum EngineState
{
    /** Redelivering what an earlier run left unhandled; admission is closed. */
    STARTING,
    /** Admission is open. */
    RUNNING,
    /** Admission is closed; what was accepted is being handled. */
    DRAINING,
    /** The journal can't be trusted with another append; nothing more is acknowledged. */
    FAILED,
    /** All threads ended, all files closed. */
    CLOSED,
    /**
     * The journal can't be appended to or forced for now: the disk is full, or the device does not confirm. Admission
     * is open; what is accepted waits in the rings, and publishers see back pressure when those are full. What was
     * journaled before is handled. Goes on by itself when the cause is gone: nothing is lost and nothing is repeated.
     */
    DEGRADED
}
