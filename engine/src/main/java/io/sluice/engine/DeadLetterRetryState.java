package io.sluice.engine;

/** Where a {@link DeadLetterRetry} stands. */
public enum DeadLetterRetryState
{
    /** Letters are being handed to their handlers. */
    RUNNING,
    /** Each letter has had its turn. */
    DONE,
    /** As many in a row failed again as were to end it; the others were left as they are. */
    STOPPED_BY_FAILURES,
    /** Somebody stopped it; the letters that had not had their turn were left as they are. */
    STOPPED,
    /** The engine was closed, or has failed; the letters that had not had their turn were left as they are. */
    CLOSED
}
