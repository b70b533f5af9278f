package io.sluice.engine.control;

/** A message is none: it is counted and ignored. */
final class MalformedMessageException extends Exception
{
    private static final long serialVersionUID = 1L;

    MalformedMessageException(final String message)
    {
        super(message);
    }

    MalformedMessageException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
