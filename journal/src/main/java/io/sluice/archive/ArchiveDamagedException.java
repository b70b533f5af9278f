package io.sluice.archive;

import io.sluice.event.EventStorageException;

/** Bytes of an archive file are not what was written. The message names the file and the place. */
public final class ArchiveDamagedException extends EventStorageException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public ArchiveDamagedException(final String message)
    {
        super(message);
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public ArchiveDamagedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
