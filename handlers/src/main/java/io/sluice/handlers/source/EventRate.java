package io.sluice.handlers.source;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * Events per second, as people write it: {@code 250}, {@code 10k}, {@code 1.5M}.
 *
 * @param perSecond 1 to {@link #MAX_PER_SECOND}.
 */
public record EventRate(long perSecond)
{
    /** Greatest rate: one event per nanosecond. */
    public static final long MAX_PER_SECOND = 1_000_000_000L;

    private static final String REMEDY =
        "use events per second from 1 to " + MAX_PER_SECOND + ", for example 250, 10k or 1.5M";

    /** Check the range. */
    public EventRate
    {
        if (perSecond < 1 || perSecond > MAX_PER_SECOND)
        {
            throw new IllegalArgumentException("rate " + perSecond + " is out of range: " + REMEDY);
        }
    }

    /**
     * Read a rate.
     *
     * @param text a decimal number, then nothing, {@code k} for thousand or {@code M} for million, in any case.
     * @return the rate.
     * @throws IllegalArgumentException if it is none, is out of range, or is no whole number of events.
     */
    public static EventRate parse(final String text)
    {
        final String trimmed = text.trim().toLowerCase(Locale.ROOT);
        final boolean isThousands = trimmed.endsWith("k");
        final boolean isMillions = trimmed.endsWith("m");
        final String digits = isThousands || isMillions ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
        if (!digits.matches("[0-9]{1,12}(\\.[0-9]{1,9})?"))
        {
            throw new IllegalArgumentException("rate '" + text + "' is not a number: " + REMEDY);
        }
        final BigDecimal value = new BigDecimal(digits).movePointRight(isMillions ? 6 : isThousands ? 3 : 0);
        try
        {
            return new EventRate(value.longValueExact());
        }
        catch (final ArithmeticException ex)
        {
            throw new IllegalArgumentException("rate '" + text + "' is no whole number of events: " + REMEDY, ex);
        }
    }

    /**
     * When an event of an even schedule is due.
     *
     * @param index of the event, from 0.
     * @return nanoseconds after the start of the schedule.
     */
    public long dueNs(final long index)
    {
        final long seconds = index / perSecond;
        return seconds * 1_000_000_000L + (index % perSecond) * 1_000_000_000L / perSecond;
    }

    @Override
    public String toString()
    {
        return perSecond + "/s";
    }
}
