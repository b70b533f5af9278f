package io.sluice.tools.tail;

import io.sluice.tools.UsageException;
import java.util.Locale;

/** How an event is printed; always one line. */
public enum OutputFormat
{
    /** For people. */
    TEXT,
    /** The event as JSON. */
    JSON,
    /** The event as a CloudEvent in JSON. */
    CLOUDEVENTS;

    /**
     * @param text name of a format, in any case.
     * @return the format.
     * @throws UsageException if there is none of that name.
     */
    public static OutputFormat parse(final String text)
    {
        for (final OutputFormat format : values())
        {
            if (format.name().equals(text.toUpperCase(Locale.ROOT)))
            {
                return format;
            }
        }
        throw new UsageException("--format '" + text + "' is not known: use text, json or cloudevents");
    }
}
