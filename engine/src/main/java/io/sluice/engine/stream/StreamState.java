package io.sluice.engine.stream;

/** Where the events of a stream come from, or why none come any more. */
public enum StreamState
{
    /** From the engine, as they are handled. */
    LIVE,
    /** From the journal, until it has caught up; {@link StreamOverflow#WAIT} only. */
    CATCHING_UP,
    /** It was ended because it was full for too long. What is buffered can still be read. */
    DISCONNECTED,
    /** The streams were closed. What is buffered can still be read. */
    ENDED,
    /** The subscriber closed it. */
    CLOSED
}
