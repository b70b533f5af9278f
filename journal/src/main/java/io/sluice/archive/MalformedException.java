package io.sluice.archive;

/**
 * What is being decoded breaks a rule of the format. Whoever knows the file turns it into an exception that names it.
 */
final class MalformedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    MalformedException(final String message)
    {
        super(message);
    }
}
