package io.sluice.event;

/** The journal or another file could not be read, written or trusted. */
public class EventStorageException extends EventException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public EventStorageException(final String message)
    {
        super(message);
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public EventStorageException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
