package io.sluice.perf.jmh;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one benchmark took, at one value of its parameters.
 *
 * @param name    for people.
 * @param ns      nanoseconds of an operation, the mean.
 * @param errorNs half of the interval in which the mean lies with 99.9 % probability; NaN if nobody knows.
 * @param spread  of the iterations.
 * @param bytes   allocated for an operation; NaN if nobody knows.
 */
record JmhFigures(String name, double ns, double errorNs, Spread spread, double bytes)
{
    /** Headline of the figures. */
    static final String ID = "JMH";

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /**
     * @param result of JMH.
     * @return what of it is shown.
     */
    static JmhFigures of(final RunResult result)
    {
        final Result<?> primary = result.getPrimaryResult();
        final List<Double> values = new ArrayList<>();
        final Iterator<Map.Entry<Double, Long>> raw = primary.getStatistics().getRawData();
        while (raw.hasNext())
        {
            values.add(raw.next().getKey());
        }
        double bytes = Double.NaN;
        for (final Map.Entry<String, ? extends Result<?>> secondary : secondaries(result).entrySet())
        {
            bytes = secondary.getKey().endsWith(ALLOCATED) ? secondary.getValue().getScore() : bytes;
        }
        return new JmhFigures(
            JmhBenchmark.nameOf(result.getParams()),
            primary.getScore(),
            primary.getScoreError(),
            Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray()),
            bytes);
    }

    /** @return a line for the terminal. */
    String line()
    {
        return String.format(Locale.ROOT, "%-28s %12.2f ns/op ± %10s %12s B/op",
            name, ns, Double.isNaN(errorNs) ? "-" : String.format(Locale.ROOT, "%.2f", errorNs), Figure.plain(whole()));
    }

    /** @return time and bytes as details. */
    List<Figure> figures()
    {
        final String id = ID + "/" + name;
        final String error = Double.isNaN(errorNs) ? "" : ", mean ± " + Figure.plain(errorNs) + " (99.9 %)";
        return List.of(
            Figure.detail(id, "time of an operation, the mean", ns, "ns/op").noted(spread + error),
            Figure.detail(id + "/bytes", "allocated for an operation", whole(), "B/op"));
    }

    // What the harness itself allocates comes out as some millionths of a byte.
    private double whole()
    {
        return Math.round(bytes * 100) / 100.0;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, ? extends Result<?>> secondaries(final RunResult result)
    {
        return (Map)result.getSecondaryResults();
    }
}
