package io.sluice.tools;

/** A command was given something that it can't do. Ends with {@link ExitCode#WRONG_USAGE}. */
public final class UsageException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was given, what is wrong with it, what is allowed.
     */
    public UsageException(final String message)
    {
        super(message);
    }

    /**
     * @param message what was given, what is wrong with it, what is allowed.
     * @param cause   of it.
     */
    public UsageException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
