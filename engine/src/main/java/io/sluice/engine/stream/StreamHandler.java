package io.sluice.engine.stream;

import io.sluice.event.EventFlyweight;

/** Receives what a stream holds, on the thread that polls it. What it throws comes out of the poll. */
@FunctionalInterface
public interface StreamHandler
{
    /**
     * One event. It counts as handed out even if the handler throws.
     *
     * @param event view of it, valid until the method returns; {@link EventFlyweight#copyTo} keeps it.
     */
    void onEvent(EventFlyweight event);

    /**
     * Events that the stream missed, before the event that comes next.
     *
     * @param missed how many, and where to find them.
     */
    default void onMissed(final MissedEvents missed)
    {
    }
}
