package io.sluice.handlers.exchange;

/** An export or import was asked for in a way that can't be done; nothing was changed. */
public final class ExchangeRefusedException extends ExchangeException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was asked, what is wrong with it, and the remedy.
     */
    public ExchangeRefusedException(final String message)
    {
        super(message);
    }

    /**
     * @param message what was asked, what is wrong with it, and the remedy.
     * @param cause   of it.
     */
    public ExchangeRefusedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
