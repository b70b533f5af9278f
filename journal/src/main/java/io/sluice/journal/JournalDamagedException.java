package io.sluice.journal;

import io.sluice.event.EventStreamException;

/** Bytes of the journal are not what was written. The tailer stays before the damage. */
public final class JournalDamagedException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened and what to do next.
     */
    public JournalDamagedException(final String message)
    {
        super(message);
    }
}
