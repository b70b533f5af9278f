package io.sluice.tools.tail;

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
     * @param text as typed.
     * @return the position.
     * @throws UsageException if it is none.
     */
    public static StartPosition parse(final String text)
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
            return trimmed.matches("[0-9]+") ?
                StartPosition.sequence(Long.parseLong(trimmed)) : StartPosition.timeNs(epochNs(timeOf(trimmed)));
        }
        catch (final DateTimeException | ArithmeticException | IllegalArgumentException ex)
        {
            throw new UsageException("--from '" + text + "' is not valid: " + REMEDY, ex);
        }
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
