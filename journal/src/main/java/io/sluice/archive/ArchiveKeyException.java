package io.sluice.archive;

import io.sluice.event.EventStorageException;

/** A key is missing, wrong or not kept safely. The message names the key, never its bytes. */
public final class ArchiveKeyException extends EventStorageException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public ArchiveKeyException(final String message)
    {
        super(message);
    }
}
