package io.sluice.journal;

import io.sluice.event.EventStorageException;

/** A data directory can't be used. Nothing in it was changed. */
public final class DataDirectoryException extends EventStorageException
{
    private static final long serialVersionUID = 1L;

    private final DirectoryState state;

    /**
     * @param state   why.
     * @param message with the directory, what is wrong, and what to do next.
     */
    public DataDirectoryException(final DirectoryState state, final String message)
    {
        this(state, message, null);
    }

    /**
     * @param state   why.
     * @param message with the directory, what is wrong, and what to do next.
     * @param cause   of it.
     */
    public DataDirectoryException(final DirectoryState state, final String message, final Throwable cause)
    {
        super(message, cause);
        this.state = state;
    }

    /** @return why. */
    public DirectoryState state()
    {
        return state;
    }
}
