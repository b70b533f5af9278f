package io.sluice.journal;

import io.sluice.event.EventStreamException;

/** A position does not fit the journal: it lies beyond its end, or belongs to a run that the journal does not know. */
public final class PositionException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public PositionException(final String message)
    {
        super(message);
    }
}
