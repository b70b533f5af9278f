package io.sluice.engine.stream;

/** What happens to a stream whose buffer has no room for an event. Nobody else is affected, the feed never waits. */
public enum StreamOverflow
{
    /**
     * Nothing is missed: the subscriber goes on from the journal, by itself and on its own thread, and comes back to
     * the live events when it has caught up. Events come in the order of the journal meanwhile. Needs a journal.
     */
    WAIT,
    /** The oldest events in the buffer go; the subscriber gets a notice of them in their place. */
    DROP_OLDEST,
    /** As {@link #DROP_OLDEST}, but a stream that stays full for the slow-subscriber time-out is ended. */
    DISCONNECT
}
