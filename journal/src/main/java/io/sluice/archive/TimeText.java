package io.sluice.archive;

import java.time.LocalDate;
import java.time.YearMonth;

/** Times in UTC between the one text that they have with a number of decimals, and nanoseconds since 1970. */
final class TimeText
{
    /** Length without decimals. */
    static final int LENGTH = 20;

    private static final byte[] FORM = ArchiveFormat.utf8("0000-00-00T00:00:00");
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2261;

    private TimeText()
    {
    }

    /** @return number of decimals of the time that begins here, or -1 if none does. */
    static int decimals(final byte[] text, final int from, final int end)
    {
        if (end - from < LENGTH)
        {
            return -1;
        }
        for (int i = 0; i < FORM.length; i++)
        {
            final byte b = text[from + i];
            if (FORM[i] == '0' ? b < '0' || b > '9' : b != FORM[i])
            {
                return -1;
            }
        }
        int at = from + FORM.length;
        int decimals = 0;
        if (text[at] == '.')
        {
            at++;
            while (at + decimals < end && text[at + decimals] >= '0' && text[at + decimals] <= '9')
            {
                decimals++;
            }
            at += decimals;
            if (decimals == 0)
            {
                return -1;
            }
        }
        if (decimals > 9 || decimals % 3 != 0 || at >= end || text[at] != 'Z')
        {
            return -1;
        }
        return isDate(text, from) ? decimals : -1;
    }

    /** @return nanoseconds since 1970 of a time that has {@link #decimals}. */
    static long parse(final byte[] text, final int from, final int decimals)
    {
        final LocalDate date =
            LocalDate.of(digits(text, from, 4), digits(text, from + 5, 2), digits(text, from + 8, 2));
        final long second =
            digits(text, from + 11, 2) * 3600L + digits(text, from + 14, 2) * 60L + digits(text, from + 17, 2);
        final long fraction = decimals == 0 ? 0 : digits(text, from + LENGTH, decimals) * unit(decimals);
        return (date.toEpochDay() * 86_400 + second) * NS_PER_SECOND + fraction;
    }

    static void append(final long epochNs, final int decimals, final ByteSink out)
    {
        final long seconds = Math.floorDiv(epochNs, NS_PER_SECOND);
        final LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400L));
        final int second = (int)Math.floorMod(seconds, 86_400L);
        appendDigits(date.getYear(), 4, out);
        appendDigits(date.getMonthValue(), 2, out.put('-'));
        appendDigits(date.getDayOfMonth(), 2, out.put('-'));
        appendDigits(second / 3600, 2, out.put('T'));
        appendDigits(second / 60 % 60, 2, out.put(':'));
        appendDigits(second % 60, 2, out.put(':'));
        if (decimals > 0)
        {
            appendDigits(Math.floorMod(epochNs, NS_PER_SECOND) / unit(decimals), decimals, out.put('.'));
        }
        out.put('Z');
    }

    /** @return nanoseconds of one in the last decimal. */
    static long unit(final int decimals)
    {
        long unit = NS_PER_SECOND;
        for (int i = 0; i < decimals; i++)
        {
            unit /= 10;
        }
        return unit;
    }

    static void appendDigits(final long number, final int digits, final ByteSink out)
    {
        long divisor = 1;
        for (int i = 1; i < digits; i++)
        {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10)
        {
            out.put((int)('0' + number / divisor % 10));
        }
    }

    private static boolean isDate(final byte[] text, final int from)
    {
        final int year = digits(text, from, 4);
        final int month = digits(text, from + 5, 2);
        final int day = digits(text, from + 8, 2);
        return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 &&
            day <= YearMonth.of(year, month).lengthOfMonth() && digits(text, from + 11, 2) < 24 &&
            digits(text, from + 14, 2) < 60 && digits(text, from + 17, 2) < 60;
    }

    private static int digits(final byte[] text, final int from, final int count)
    {
        int number = 0;
        for (int i = from; i < from + count; i++)
        {
            number = number * 10 + text[i] - '0';
        }
        return number;
    }
}
