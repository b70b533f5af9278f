package io.sluice.tools.tail;

import io.sluice.engine.control.ControlJson;
import io.sluice.journal.StartPosition;
import io.sluice.tools.UsageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads where to start: {@code SEQ}, {@code TIME}, {@code start} or {@code end}. */
public final class StartText
{
    private static final String REMEDY =
        "use a sequence from 1, a time like 2026-01-31T12:00:00Z (UTC where no zone stands), start or end";
    private static final int DATE_LENGTH = 10;

    private StartText()
    {
    }

    /**
     * @param text of {@code --from}, as typed.
     * @return the position.
     * @throws UsageException if it is none.
     */
    public static StartPosition parse(final String text)
    {
        return parse("--from", text);
    }

    /**
     * @param option as it is written on the command line.
     * @param text   as typed.
     * @return the position.
     * @throws UsageException if it is none.
     */
    public static StartPosition parse(final String option, final String text)
    {
        final String trimmed = text.trim();
        if (trimmed.equals("start"))
        {
            return StartPosition.start();
        }
        if (trimmed.equals("end"))
        {
            return StartPosition.end();
        }
        try
        {
            return isSequence(trimmed) ?
                StartPosition.sequence(Long.parseLong(trimmed)) : StartPosition.timeNs(timeNs(trimmed));
        }
        catch (final DateTimeException | ArithmeticException | IllegalArgumentException ex)
        {
            throw new UsageException(option + " '" + text + "' is not valid: " + REMEDY, ex);
        }
    }

    /**
     * The same for an engine that is asked to go there.
     *
     * @param text      that {@link #parse} takes.
     * @param arguments that get one of {@code to}, {@code sequence} and {@code timeNs}.
     */
    public static void addTo(final String text, final ControlJson arguments)
    {
        final String trimmed = text.trim();
        if (trimmed.equals("start") || trimmed.equals("end"))
        {
            arguments.add("to", trimmed);
        }
        else if (isSequence(trimmed))
        {
            arguments.add("sequence", Long.parseLong(trimmed));
        }
        else
        {
            arguments.add("timeNs", timeNs(trimmed));
        }
    }

    private static boolean isSequence(final String text)
    {
        return text.matches("[0-9]+");
    }

    private static long timeNs(final String text)
    {
        return epochNs(timeOf(text));
    }

    private static Instant timeOf(final String text)
    {
        if (text.length() == DATE_LENGTH)
        {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        final String iso = text.replaceFirst("^([0-9-]{10})[ t]", "$1T");
        final boolean isZoned = iso.matches(".{10}.*[zZ+-].*");
        return isZoned ? OffsetDateTime.parse(iso).toInstant() : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }

    private static long epochNs(final Instant time)
    {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }
}
