package io.sluice.index;

import io.sluice.event.EventStorageException;

/** A file of an index is not what was written. What it stands for is to be read from the journal. */
public final class IndexDamagedException extends EventStorageException
{
    private static final long serialVersionUID = 1L;

    IndexDamagedException(final String message)
    {
        super(message);
    }
}
