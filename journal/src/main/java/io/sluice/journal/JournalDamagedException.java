package io.sluice.journal;

import io.sluice.event.EventStreamException;
import java.nio.file.Path;

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

    JournalDamagedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }

    static JournalDamagedException at(final Path file, final String place, final String text)
    {
        return new JournalDamagedException(file + " is damaged at " + place + ": " + text + "; run `sluice verify`");
    }
}
