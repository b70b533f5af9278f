package io.sluice.perf.plot;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers with units as people read them. */
public final class Quantity
{
    private static final int DIGITS = 3;
    private static final double[] TIME_FACTORS = {1e6, 1e3, 1, 1e-3};
    private static final String[] TIME_UNITS = {" s", " ms", " µs", " ns"};
    private static final double[] COUNT_FACTORS = {1e9, 1e6, 1e3};
    private static final String[] COUNT_UNITS = {" G", " M", " K"};

    private Quantity()
    {
    }

    /**
     * A time.
     *
     * @param us microseconds.
     * @return three digits and a unit from nanoseconds to seconds.
     */
    public static String time(final double us)
    {
        for (int i = 0; i < TIME_FACTORS.length; i++)
        {
            if (rounded(us) >= TIME_FACTORS[i])
            {
                return digits(us / TIME_FACTORS[i]) + TIME_UNITS[i];
            }
        }
        return Double.isNaN(us) ? "–" : us == 0 ? "0" : digits(us * 1e3) + " ns";
    }

    /**
     * A number of something.
     *
     * @param value to write.
     * @return three digits, from a thousand on with K, M or G.
     */
    public static String count(final double value)
    {
        for (int i = 0; i < COUNT_FACTORS.length; i++)
        {
            if (Math.abs(rounded(value)) >= COUNT_FACTORS[i])
            {
                return digits(value / COUNT_FACTORS[i]) + COUNT_UNITS[i];
            }
        }
        return digits(value);
    }

    private static double rounded(final double value)
    {
        return Double.isNaN(value) || Double.isInfinite(value) ?
            value : new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
    }

    private static String digits(final double value)
    {
        return Double.isNaN(value) || Double.isInfinite(value) ?
            "–" : new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros().toPlainString();
    }
}
