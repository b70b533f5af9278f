package io.sluice.event;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Times between their text (ISO-8601, UTC where no zone stands) and nanoseconds since 1970 UTC, from 1677-09-21 to
 * 2262-04-11. Stateless.
 */
public final class Timestamps
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_DAY = 86_400L;
    private static final int DATE_LENGTH = 10;
    private static final String REMEDY =
        "use ISO-8601 like 2024-01-20T10:30:00Z, or milliseconds since 1970, between 1677-09-21 and 2262-04-11";
    private static final DateTimeFormatter PARSER = new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .append(DateTimeFormatter.ISO_LOCAL_DATE)
        .optionalStart()
        .appendLiteral('T')
        .append(DateTimeFormatter.ISO_LOCAL_TIME)
        .optionalStart()
        .appendOffset("+HH:MM", "Z")
        .optionalEnd()
        .optionalStart()
        .appendOffset("+HHMM", "Z")
        .optionalEnd()
        .optionalStart()
        .appendOffset("+HH", "Z")
        .optionalEnd()
        .optionalEnd()
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);

    private Timestamps()
    {
    }

    /**
     * Read a time.
     *
     * @param text a date, or date and time, with or without a zone, for example {@code 2024-01-20T10:30:00+01:00}.
     * @return nanoseconds since 1970 UTC.
     * @throws EventValidationException if it is no time, or out of range. Says what is allowed.
     */
    public static long parse(final String text)
    {
        final String trimmed = text.trim();
        final boolean spaced = trimmed.length() > DATE_LENGTH && trimmed.charAt(DATE_LENGTH) == ' ';
        final String iso =
            spaced ? trimmed.substring(0, DATE_LENGTH) + 'T' + trimmed.substring(DATE_LENGTH + 1) : trimmed;
        try
        {
            final TemporalAccessor parsed = PARSER.parse(iso);
            final long day = parsed.getLong(ChronoField.EPOCH_DAY);
            final long nsOfDay =
                parsed.isSupported(ChronoField.NANO_OF_DAY) ? parsed.getLong(ChronoField.NANO_OF_DAY) : 0;
            final long offsetSeconds =
                parsed.isSupported(ChronoField.OFFSET_SECONDS) ? parsed.getLong(ChronoField.OFFSET_SECONDS) : 0;
            return join(day * SECONDS_PER_DAY + nsOfDay / NS_PER_SECOND - offsetSeconds, nsOfDay % NS_PER_SECOND);
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw new EventValidationException("timestamp", text, REMEDY);
        }
    }

    /** @return nanoseconds since 1970 UTC of a number of milliseconds, which may have decimals. */
    static long parseMillis(final String number)
    {
        try
        {
            final BigDecimal millis = new BigDecimal(number);
            // Without this a number like 1e999999999 would be written out with all its digits.
            if (millis.precision() - (long)millis.scale() > 19)
            {
                throw new ArithmeticException("too large");
            }
            return millis.movePointRight(6).setScale(0, RoundingMode.FLOOR).longValueExact();
        }
        catch (final NumberFormatException | ArithmeticException ex)
        {
            throw new EventValidationException("timestamp", number, REMEDY);
        }
    }

    static Instant instant(final long epochNs)
    {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_SECOND), Math.floorMod(epochNs, NS_PER_SECOND));
    }

    /**
     * @param instant of the range above.
     * @return nanoseconds since 1970 UTC.
     * @throws EventValidationException if it is out of range.
     */
    public static long epochNs(final Instant instant)
    {
        try
        {
            return join(instant.getEpochSecond(), instant.getNano());
        }
        catch (final ArithmeticException ex)
        {
            throw new EventValidationException("timestamp", instant.toString(), REMEDY);
        }
    }

    /**
     * @param epochNs nanoseconds since 1970 UTC.
     * @return for example {@code 2024-01-20T10:30:00.123Z}, with 0, 3, 6 or 9 decimals as needed. Allocates.
     */
    public static String text(final long epochNs)
    {
        final JsonBuffer out = new JsonBuffer(32);
        append(out, epochNs);
        final String quoted = out.toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    /** Append a string like {@code "2024-01-20T10:30:00.123Z"}, with 0, 3, 6 or 9 decimals as needed. */
    static void append(final JsonBuffer out, final long epochNs)
    {
        final long seconds = Math.floorDiv(epochNs, NS_PER_SECOND);
        final int ns = (int)Math.floorMod(epochNs, NS_PER_SECOND);
        final int secondOfDay = (int)Math.floorMod(seconds, SECONDS_PER_DAY);
        final LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        out.raw('"').digits(date.getYear(), 4).raw('-').digits(date.getMonthValue(), 2);
        out.raw('-').digits(date.getDayOfMonth(), 2);
        out.raw('T').digits(secondOfDay / 3600, 2).raw(':').digits(secondOfDay / 60 % 60, 2);
        out.raw(':').digits(secondOfDay % 60, 2);
        if (ns != 0)
        {
            out.raw('.');
            if (ns % 1_000_000 == 0)
            {
                out.digits(ns / 1_000_000, 3);
            }
            else if (ns % 1_000 == 0)
            {
                out.digits(ns / 1_000, 6);
            }
            else
            {
                out.digits(ns, 9);
            }
        }
        out.raw('Z').raw('"');
    }

    private static long join(final long seconds, final long ns)
    {
        // A second that overflows on its own may hold nanoseconds that do not.
        final long epochNs = seconds < 0 && ns > 0 ?
            Math.addExact(Math.multiplyExact(seconds + 1, NS_PER_SECOND), ns - NS_PER_SECOND) :
            Math.addExact(Math.multiplyExact(seconds, NS_PER_SECOND), ns);
        if (epochNs == EventDescriptor.NO_EVENT_TIME)
        {
            throw new ArithmeticException("stands for no time");
        }
        return epochNs;
    }
}
