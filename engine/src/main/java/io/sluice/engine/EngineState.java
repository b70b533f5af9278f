package io.sluice.engine;

/**
 * Life of an engine.
 *
 * <pre>
 *   STARTING ──► RUNNING ◄──► DRAINING ──► CLOSED
 *       └───────────┴────────────┴──► FAILED ──► CLOSED
 * </pre>
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
    CLOSED
}
