package io.sluice.journal;

import io.sluice.event.EventStreamException;

/** A sequence is missing that no retention or repair removed. The tailer stays before the gap. */
public final class JournalGapException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public JournalGapException(final String message)
    {
        super(message);
    }
}
