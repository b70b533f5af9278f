package io.sluice.event;

/** An expression or a topic pattern is not valid. */
public class EventFilterException extends EventException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public EventFilterException(final String message)
    {
        super(message);
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public EventFilterException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
