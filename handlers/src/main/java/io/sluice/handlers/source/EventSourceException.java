package io.sluice.handlers.source;

import io.sluice.event.EventStreamException;

/** A source can't be opened as it was named. Nothing was read. */
public final class EventSourceException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message with the source, what is wrong, and what to do next.
     */
    public EventSourceException(final String message)
    {
        super(message);
    }

    /**
     * @param message with the source, what is wrong, and what to do next.
     * @param cause   of it.
     */
    public EventSourceException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
