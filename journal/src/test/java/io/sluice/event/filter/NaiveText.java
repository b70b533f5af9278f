package io.sluice.event.filter;

import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** A text, and what else it can be read as; that is found out once. Not thread-safe. */
final class NaiveText
{
    private static final Object NOTHING = new Object();
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final int UNKNOWN_TRUTH = -1;
    private static final int UNREAD_TRUTH = -2;

    private final String string;
    private final int ordinal;
    private Object number;
    private Object time;
    private int truth = UNREAD_TRUTH;
    private NaiveText upper;
    private NaiveText lower;

    private NaiveText(final String string, final int ordinal)
    {
        this.string = string;
        this.ordinal = ordinal;
    }

    /** @return a text that {@link NaiveTexts} knows. */
    static NaiveText known(final String string, final int ordinal)
    {
        return new NaiveText(string, ordinal);
    }

    /** @return a text that was made on the way. */
    static NaiveText made(final String string)
    {
        return new NaiveText(string, -1);
    }

    String string()
    {
        return string;
    }

    /** @return its number among the known texts, -1 if it is none of them. */
    int ordinal()
    {
        return ordinal;
    }

    boolean isWhole()
    {
        return WHOLE.matcher(string).matches();
    }

    /** @return Long, Double or null. */
    Object number()
    {
        if (number == null)
        {
            final Long whole = isWhole() ? NaiveValues.whole(new BigInteger(string)) : null;
            number = whole != null ? whole : DECIMAL.matcher(string).matches() ? Double.valueOf(string) : NOTHING;
        }
        return number == NOTHING ? null : number;
    }

    /** @return null if it is none. */
    NaiveTime time()
    {
        if (time == null)
        {
            try
            {
                time = new NaiveTime(Timestamps.parse(string));
            }
            catch (final EventValidationException ex)
            {
                time = NOTHING;
            }
        }
        return time == NOTHING ? null : (NaiveTime)time;
    }

    /** @return null if it is neither. */
    Boolean truth()
    {
        if (truth == UNREAD_TRUTH)
        {
            truth = "true".equalsIgnoreCase(string) ? 1 : "false".equalsIgnoreCase(string) ? 0 : UNKNOWN_TRUTH;
        }
        return truth == UNKNOWN_TRUTH ? null : Boolean.valueOf(truth == 1);
    }

    NaiveText upper()
    {
        upper = upper == null ? made(string.toUpperCase(Locale.ROOT)) : upper;
        return upper;
    }

    NaiveText lower()
    {
        lower = lower == null ? made(string.toLowerCase(Locale.ROOT)) : lower;
        return lower;
    }

    @Override
    public boolean equals(final Object other)
    {
        return this == other || other instanceof NaiveText text && text.string.equals(string);
    }

    @Override
    public int hashCode()
    {
        return string.hashCode();
    }

    @Override
    public String toString()
    {
        return string;
    }
}
