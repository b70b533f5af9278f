package io.sluice.perf.soak;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether things are at the end as they were in the middle: the median of the last third of the samples against that of
 * the second, warm-up left out of all three. The first third is left to what fills up at first. Immutable.
 */
final class FlatVerdict
{
    private static final double SECONDS_PER_HOUR = 3600;
    private static final int THIRDS = 3;

    private final double warmUpS;

    /**
     * @param warmUpS seconds at the start that do not count.
     */
    FlatVerdict(final double warmUpS)
    {
        this.warmUpS = warmUpS;
    }

    /**
     * Judge all series.
     *
     * @param samples of the run.
     * @return the headline, then two details for each series.
     */
    List<Figure> judge(final SoakSamples samples)
    {
        final List<Figure> details = new ArrayList<>();
        final double[] times = samples.times();
        for (int i = 0; i < samples.series().size(); i++)
        {
            final double[] values = samples.values(i);
            details.add(judge(samples.series().get(i), times, values));
            details.add(Figure.detail("P1/" + samples.series().get(i).id() + "/slope", "least squares over all but " +
                "the warm-up", slope(times, values) * SECONDS_PER_HOUR, samples.series().get(i).unit() + "/h"));
        }
        final List<String> grown = details.stream().filter((figure) -> !figure.ok()).map(Figure::id).toList();
        final long judged = samples.series().stream().filter(Series::isJudged).count();
        final List<Figure> figures = new ArrayList<>();
        figures.add(Figure.atMost("P1", "series that grew from the second to the last third of a soak by more than " +
            "their bound, of " + judged, (double)grown.size(), "series", 0, Double.NaN,
            samples.count() + " samples" + (grown.isEmpty() ? "" : "; grown: " + String.join(", ", grown))));
        figures.addAll(details);
        return figures;
    }

    /** Judge one series. */
    Figure judge(final Series series, final double[] times, final double[] values)
    {
        final int from = firstCounted(times);
        final int counted = times.length - from;
        final double second = median(values, from + counted / THIRDS, from + 2 * counted / THIRDS);
        final double last = median(values, from + 2 * counted / THIRDS, times.length);
        final String id = "P1/" + series.id();
        final String name = series.group() + ", " + series.name() +
            ": median of the last third, baseline: of the second";
        if (!series.isJudged() || Double.isNaN(second) || Double.isNaN(last))
        {
            return new Figure(id, name, last, series.unit(), "", second, true,
                series.isJudged() ? "not there to compare" : "");
        }
        final double most = Math.max(second * (1 + series.mostPart()), second + series.mostMore());
        return new Figure(id, name, last, series.unit(), "<= " + Figure.plain(most), second, last <= most,
            "may grow by " + Figure.plain(series.mostPart() * 100) + " % or " + Figure.plain(series.mostMore()) + " " +
                series.unit());
    }

    /** Growth per second, least squares; NaN for less than two values. */
    double slope(final double[] times, final double[] values)
    {
        double count = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int i = firstCounted(times); i < times.length; i++)
        {
            if (!Double.isNaN(values[i]))
            {
                count++;
                sumX += times[i];
                sumY += values[i];
                sumXx += times[i] * times[i];
                sumXy += times[i] * values[i];
            }
        }
        final double divisor = count * sumXx - sumX * sumX;
        return count < 2 || divisor == 0 ? Double.NaN : (count * sumXy - sumX * sumY) / divisor;
    }

    private int firstCounted(final double[] times)
    {
        int first = 0;
        while (first < times.length && times[first] <= warmUpS)
        {
            first++;
        }
        return first;
    }

    private static double median(final double[] values, final int from, final int to)
    {
        final double[] known =
            Arrays.stream(values, from, to).filter((value) -> !Double.isNaN(value)).toArray();
        return known.length == 0 ? Double.NaN : Spread.of(known).median();
    }
}
