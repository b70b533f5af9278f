package io.sluice.event;

/** A subscription, tailer or replay could not go on. */
public class EventStreamException extends EventException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public EventStreamException(final String message)
    {
        super(message);
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public EventStreamException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
