package io.sluice.perf.page;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.plot.BarChart;
import io.sluice.perf.plot.GrowthChart;
import io.sluice.perf.plot.Style;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plots of figures that are alike: rates and costs as bars, what was measured at several sizes as lines. */
final class FigureCharts
{
    private static final String RATE = "events/s";
    private static final String OPERATION = "ns/op";
    private static final String BYTES = "B/op";
    private static final double NS_PER_US = 1000;
    private static final Pattern SIZED = Pattern.compile("([^/]+)/((?:.*/)?)(\\d+)-([a-z]+)((?:/.*)?)");
    // The same of a curve that has a name of its own.
    private static final Pattern POINT = Pattern.compile("[^/]+/([a-z]+)/(\\d+)((?:/.*)?)");
    private static final Map<String, String> GROWING = Map.of(
        "sizes", "bytes of payload",
        "journal", "events in the journal");
    private static final Pattern BASELINE =
        Pattern.compile("(bare|hand-wired|aeron|fdatasync|memory|\\d+-hand-overs).*");

    private FigureCharts()
    {
    }

    /**
     * Rates of all sides, medians of the cost of a call, and what operations take.
     *
     * @param figures of one headline.
     * @return plots, none if there is nothing to compare.
     */
    static List<BarChart> bars(final List<Figure> figures)
    {
        final List<BarChart.Bar> rates = new ArrayList<>();
        final List<BarChart.Bar> costs = new ArrayList<>();
        final List<BarChart.Bar> operations = new ArrayList<>();
        final List<BarChart.Bar> bytes = new ArrayList<>();
        for (final Figure figure : figures)
        {
            final boolean isValue = !figure.isHeadline() && figure.value() >= 0;
            if (isValue && RATE.equals(figure.unit()) && !figure.id().endsWith("/capacity") &&
                !POINT.matcher(figure.id()).matches())
            {
                rates.add(bar(figure, label(figure, "/rate"), 1));
            }
            if (isValue && "ns".equals(figure.unit()) && figure.id().endsWith("/p50"))
            {
                costs.add(bar(figure, label(figure, "/p50"), NS_PER_US));
            }
            if (isValue && OPERATION.equals(figure.unit()))
            {
                operations.add(bar(figure, label(figure, ""), NS_PER_US));
            }
            if (isValue && BYTES.equals(figure.unit()))
            {
                bytes.add(bar(figure, label(figure, "/bytes"), 1));
            }
        }
        final List<BarChart> charts = new ArrayList<>();
        if (rates.size() > 1)
        {
            charts.add(new BarChart("Events per second, median and spread of the rounds", RATE, rates));
        }
        if (costs.size() > 1)
        {
            charts.add(new BarChart("Median cost of a call, without reading the clock, spread of the rounds", "us",
                costs));
        }
        if (!operations.isEmpty())
        {
            charts.add(new BarChart("Mean time of an operation, spread of the iterations", "us", operations));
        }
        if (!bytes.isEmpty())
        {
            charts.add(new BarChart("Bytes allocated for an operation", "B", bytes));
        }
        return charts;
    }

    /**
     * What was measured at several sizes of something.
     *
     * @param figures of one headline.
     * @return plots, none if no two sizes were measured.
     */
    static List<GrowthChart> growth(final List<Figure> figures)
    {
        final Map<String, Map<String, Map<Double, Figure>>> plots = new LinkedHashMap<>();
        for (final Figure figure : figures)
        {
            final Matcher sized = SIZED.matcher(figure.id());
            final Matcher point = POINT.matcher(figure.id());
            if (figure.value() >= 0 && point.matches())
            {
                final String side = point.group(3).isEmpty() ? point.group(1) : point.group(3).substring(1);
                add(plots, GROWING.getOrDefault(point.group(1), point.group(1)), side, point.group(2), figure);
            }
            else if (figure.value() >= 0 && sized.matches())
            {
                final String side = (sized.group(2) + sized.group(5)).replace("//", "/").replaceAll("^/|/$", "");
                add(plots, sized.group(4), side, sized.group(3), figure);
            }
        }
        final List<GrowthChart> charts = new ArrayList<>();
        plots.forEach((key, sides) ->
        {
            sides.values().removeIf((points) -> points.size() < 2);
            if (!sides.isEmpty())
            {
                final String[] names = key.split("\n", -1);
                charts.add(new GrowthChart("By number of " + names[0], names[0], names[1], lines(sides)));
            }
        });
        return charts;
    }

    private static void add(
        final Map<String, Map<String, Map<Double, Figure>>> plots,
        final String growing,
        final String side,
        final String size,
        final Figure figure)
    {
        plots.computeIfAbsent(growing + "\n" + figure.unit(), (key) -> new LinkedHashMap<>())
            .computeIfAbsent(side, (key) -> new TreeMap<>())
            .put(Double.parseDouble(size), figure);
    }

    private static List<GrowthChart.Line> lines(final Map<String, Map<Double, Figure>> sides)
    {
        final List<GrowthChart.Line> lines = new ArrayList<>();
        sides.forEach((side, points) ->
        {
            final List<GrowthChart.Point> values = new ArrayList<>();
            points.forEach((size, figure) ->
            {
                final double[] range = range(figure, 1);
                values.add(new GrowthChart.Point(size, figure.value(), range[0], range[1]));
            });
            values.sort(Comparator.comparingDouble(GrowthChart.Point::size));
            lines.add(new GrowthChart.Line(side, Style.of("", lines.size()), values));
        });
        return lines;
    }

    private static BarChart.Bar bar(final Figure figure, final String label, final double divisor)
    {
        final double[] range = range(figure, divisor);
        return new BarChart.Bar(
            label,
            BASELINE.matcher(label).matches() ? Style.BASELINE : Style.NORMAL,
            figure.value() / divisor,
            range[0],
            range[1]);
    }

    private static String label(final Figure figure, final String end)
    {
        final String label = figure.id().substring(figure.id().indexOf('/') + 1);
        return label.endsWith(end) ? label.substring(0, label.length() - end.length()) : label;
    }

    private static double[] range(final Figure figure, final double divisor)
    {
        return Spread.parse(figure.why())
            .map((spread) -> new double[] {spread.min() / divisor, spread.max() / divisor})
            .orElse(new double[] {Double.NaN, Double.NaN});
    }
}
