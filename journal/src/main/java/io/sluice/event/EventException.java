package io.sluice.event;

/**
 * Root of everything that Sluice throws at its users. The message says what happened, with the value, and what to do
 * next.
 */
public class EventException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public EventException(final String message)
    {
        super(message);
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public EventException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
