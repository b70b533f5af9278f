package io.sluice.perf.measure;

import io.sluice.perf.report.Figure;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One value per round: the median judges, the spread says how far to trust it. Immutable. */
public final class Spread
{
    private static final Pattern WRITTEN =
        Pattern.compile("median of \\d+, (-?\\d+(?:\\.\\d+)?) to (-?\\d+(?:\\.\\d+)?)");

    private final double[] sorted;

    private Spread(final double[] sorted)
    {
        this.sorted = sorted;
    }

    /**
     * @param values of the rounds, at least one.
     * @return their spread.
     */
    public static Spread of(final double... values)
    {
        if (values.length == 0)
        {
            throw new IllegalArgumentException("no rounds");
        }
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(sorted);
    }

    /**
     * Ratios round by round: a machine that is slow for one round is slow for both sides of it.
     *
     * @param values    of the rounds.
     * @param baselines of the same rounds.
     * @return spread of value / baseline.
     */
    public static Spread ratios(final double[] values, final double[] baselines)
    {
        if (values.length != baselines.length)
        {
            throw new IllegalArgumentException(values.length + " rounds against " + baselines.length);
        }
        final double[] ratios = new double[values.length];
        for (int i = 0; i < ratios.length; i++)
        {
            ratios[i] = values[i] / baselines[i];
        }
        return of(ratios);
    }

    /**
     * Find in a text what {@link #toString()} says; of the values only the least and the greatest are known then.
     *
     * @param text that may have a spread in it.
     * @return the spread of these two, empty if there is none.
     */
    public static Optional<Spread> parse(final String text)
    {
        final Matcher matcher = WRITTEN.matcher(text);
        return matcher.find() ?
            Optional.of(of(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)))) :
            Optional.empty();
    }

    /** @return the middle value, or the mean of the two in the middle. */
    public double median()
    {
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** @return the least value. */
    public double min()
    {
        return sorted[0];
    }

    /** @return the greatest value. */
    public double max()
    {
        return sorted[sorted.length - 1];
    }

    /** @return {@code median of N rounds, least to greatest}. */
    @Override
    public String toString()
    {
        return "median of " + sorted.length + ", " + Figure.plain(min()) + " to " + Figure.plain(max());
    }
}
