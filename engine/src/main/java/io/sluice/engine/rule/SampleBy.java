package io.sluice.engine.rule;

import io.sluice.event.EventValidationException;
import java.util.Locale;

/** What decides whether a sample has an event in it. Every feed, every redelivery and every process decides alike. */
public enum SampleBy
{
    /** Its sequence in the journal: exactly one in n, of whatever content. */
    SEQUENCE,
    /** Type, source and payload: a copy in another journal is decided alike, and so are all that say the same. */
    CONTENT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** @return the name in lower case, as it stands in JSON. */
    public String label()
    {
        return label;
    }

    /**
     * @param name in lower case.
     * @return what has that name.
     * @throws EventValidationException if there is none.
     */
    public static SampleBy parse(final String name)
    {
        for (final SampleBy by : values())
        {
            if (by.label.equals(name))
            {
                return by;
            }
        }
        throw new EventValidationException("by", name, "use sequence or content");
    }
}
