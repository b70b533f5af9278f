package io.sluice.handlers.exchange;

import io.sluice.event.EventException;

/** An export or import could not be done, or could not go on. Says what is in the way and what to do about it. */
public class ExchangeException extends EventException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is in the way, and the remedy.
     */
    public ExchangeException(final String message)
    {
        super(message);
    }

    /**
     * @param message what is in the way, and the remedy.
     * @param cause   of it.
     */
    public ExchangeException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
