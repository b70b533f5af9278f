package io.sluice.tools.text;

import java.util.Locale;

/** Numbers as people read them. */
public final class Quantity
{
    private static final String[] BYTE_UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

    private Quantity()
    {
    }

    /**
     * @param value any.
     * @return with commas between thousands.
     */
    public static String count(final long value)
    {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * @param ns nanoseconds, 0 or more.
     * @return three digits and a unit from ns to s.
     */
    public static String duration(final long ns)
    {
        if (ns < 1_000)
        {
            return ns + " ns";
        }
        if (ns < 1_000_000)
        {
            return digits(ns / 1e3) + " µs";
        }
        if (ns < 1_000_000_000)
        {
            return digits(ns / 1e6) + " ms";
        }
        return digits(ns / 1e9) + " s";
    }

    /**
     * @param bytes 0 or more.
     * @return three digits and a unit, powers of 1000.
     */
    public static String bytes(final long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTE_UNITS.length - 1)
        {
            value /= 1000;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : digits(value)) + ' ' + BYTE_UNITS[unit];
    }

    private static String digits(final double value)
    {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
}
