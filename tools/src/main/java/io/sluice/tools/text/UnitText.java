package io.sluice.tools.text;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and sizes as people write them. */
public final class UnitText
{
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)\\s*([a-zµ]*)");
    private static final Map<String, Long> NANOSECONDS = Map.of(
        "ns", 1L,
        "us", 1_000L,
        "µs", 1_000L,
        "ms", 1_000_000L,
        "s", 1_000_000_000L,
        "m", 60_000_000_000L,
        "h", 3_600_000_000_000L,
        "d", 86_400_000_000_000L);
    private static final Map<String, Long> BYTES = Map.of(
        "", 1L,
        "b", 1L,
        "kb", 1_000L,
        "mb", 1_000_000L,
        "gb", 1_000_000_000L,
        "kib", 1L << 10,
        "mib", 1L << 20,
        "gib", 1L << 30);

    private UnitText()
    {
    }

    /**
     * @param text such as {@code 30s}, {@code 1.5m} or {@code 500ms}.
     * @return nanoseconds.
     * @throws IllegalArgumentException if it is no duration.
     */
    public static long durationNs(final String text)
    {
        return parse(text, NANOSECONDS, "is no duration: use a number with ns, us, ms, s, m, h or d, for example 30s");
    }

    /**
     * @param text such as {@code 4096}, {@code 100MB} or {@code 16MiB}.
     * @return bytes.
     * @throws IllegalArgumentException if it is no size.
     */
    public static long bytes(final String text)
    {
        return parse(text, BYTES, "is no size: use bytes or a number with KB, MB, GB, KiB, MiB or GiB, such as 100MB");
    }

    private static long parse(final String text, final Map<String, Long> units, final String remedy)
    {
        final Matcher matcher = NUMBER_AND_UNIT.matcher(text.trim().toLowerCase(Locale.ROOT));
        final Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null)
        {
            throw new IllegalArgumentException("'" + text + "' " + remedy);
        }
        try
        {
            return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact();
        }
        catch (final ArithmeticException ex)
        {
            throw new IllegalArgumentException("'" + text + "' " + remedy, ex);
        }
    }
}
