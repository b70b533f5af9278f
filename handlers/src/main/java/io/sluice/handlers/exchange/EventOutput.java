package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import java.io.IOException;

/**
 * Writes events one after another. What it writes depends on the events and the options of its format only, never on
 * times or on how often it was interrupted: an export that goes on gives the same bytes. Confined to one thread.
 */
public interface EventOutput
{
    /**
     * Write an event. It may stay in memory until enough of them are together.
     *
     * @param event view of its record, valid until this returns.
     * @throws IOException from the target.
     */
    void write(EventFlyweight event) throws IOException;

    /**
     * @return true if every event written so far is in the stream of the target, so that an output that is opened with
     *         the present {@link #state()} goes on from here.
     */
    default boolean isComplete()
    {
        return true;
    }

    /** @return what {@link OutputTarget#state()} says to the output that goes on from here; asked when complete. */
    default String state()
    {
        return "";
    }

    /**
     * Write what is left, and the end.
     *
     * @throws IOException from the target.
     */
    void finish() throws IOException;
}
