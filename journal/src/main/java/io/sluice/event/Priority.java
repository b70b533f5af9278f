package io.sluice.event;

import java.util.Locale;

/**
 * How urgent an event is: decides its ring, its share of the pipeline and its latency budget.
 *
 * <p>The code is what a record holds; lower is more urgent.
 */
public enum Priority
{
    /** Workflow failures, security violations, alerts. */
    CRITICAL,
    /** Important business events. */
    HIGH,
    /** Standard events. */
    NORMAL,
    /** Logging and metrics. */
    LOW;

    /** Number of priorities. */
    public static final int COUNT = 4;

    private static final Priority[] BY_CODE = values();

    private final String label = name().toLowerCase(Locale.ROOT);

    /** @return the code in the record, 0 for CRITICAL to 3 for LOW. */
    public int code()
    {
        return ordinal();
    }

    /** @return the name in lower case, as it stands in JSON. */
    public String label()
    {
        return label;
    }

    /**
     * Priority of a code.
     *
     * @param code 0 to 3.
     * @return the priority.
     * @throws EventValidationException if the code is out of range.
     */
    public static Priority of(final int code)
    {
        if (code < 0 || code >= COUNT)
        {
            throw new EventValidationException(
                "priority", Integer.toString(code), "use a code from 0 (critical) to 3 (low)");
        }
        return BY_CODE[code];
    }

    /**
     * Priority of a name, in any case, or of its code as text.
     *
     * @param name for example {@code critical} or {@code 0}.
     * @return the priority.
     * @throws EventValidationException if there is no such priority.
     */
    public static Priority parse(final CharSequence name)
    {
        final String wanted = name.toString().trim().toLowerCase(Locale.ROOT);
        for (final Priority priority : BY_CODE)
        {
            if (priority.label.equals(wanted) || (wanted.length() == 1 && wanted.charAt(0) == '0' + priority.ordinal()))
            {
                return priority;
            }
        }
        throw new EventValidationException("priority", name.toString(), "use critical, high, normal or low");
    }
}
