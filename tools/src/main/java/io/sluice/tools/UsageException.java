package io.sluice.tools;

/** A command was given something that it can't do. Ends with {@link ExitCode#WRONG_USAGE}. */
public final class UsageException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String detail;

    /**
     * @param message what was given, what is wrong with it, what is allowed.
     */
    public UsageException(final String message)
    {
        this(message, "");
    }

    /**
     * @param message what was given, what is wrong with it, what is allowed.
     * @param detail  lines of text without control characters, to be printed below it.
     */
    public UsageException(final String message, final String detail)
    {
        super(message);
        this.detail = detail;
    }

    /**
     * @param message what was given, what is wrong with it, what is allowed.
     * @param cause   of it.
     */
    public UsageException(final String message, final Throwable cause)
    {
        super(message, cause);
        detail = "";
    }

    /** @return lines to be printed below the message, may be empty. */
    String detail()
    {
        return detail;
    }
}
