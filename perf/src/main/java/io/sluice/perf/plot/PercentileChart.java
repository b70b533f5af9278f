package io.sluice.perf.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Latency by percentile: each further nine is as wide as the one before, times are logarithmic. A curve ends at the
 * percentile of its largest value, so one with few values is short.
 *
 * @param title  of the plot.
 * @param curves of it.
 */
public record PercentileChart(String title, List<Curve> curves)
{
    private static final double HEIGHT = 360;
    private static final double LEFT = 76;
    private static final double STEP = 0.02;
    private static final int MOST_NINES = 6;
    private static final double NS_PER_US = 1000.0;
    private static final double LEAST_US = 0.01;
    private static final double LEAST_MOVE = 0.4;
    private static final double[] TABLE = {50, 90, 99, 99.9, 99.99};

    /**
     * One histogram.
     *
     * @param label     of it.
     * @param style     that it is drawn in.
     * @param histogram of nanoseconds, with a value at least.
     */
    public record Curve(String label, Style style, Histogram histogram)
    {
        private double nines()
        {
            return Math.min(MOST_NINES, Math.log10((double)histogram.getTotalCount()));
        }

        private double us(final double percentile)
        {
            return Math.max(LEAST_US, histogram.getValueAtPercentile(percentile) / NS_PER_US);
        }
    }

    /** Checks. */
    public PercentileChart
    {
        curves = List.copyOf(curves);
        if (curves.isEmpty() || curves.stream().anyMatch((curve) -> curve.histogram().getTotalCount() == 0))
        {
            throw new IllegalArgumentException("'" + title + "' has no curve, or one without a value");
        }
    }

    /** @param markup to write to. */
    public void write(final Markup markup)
    {
        final List<Curve> sides = sides();
        final int nines = Math.max(1, (int)Math.ceil(sides.stream().mapToDouble(Curve::nines).max().orElse(1)));
        final Axis x = Axis.percentiles(nines);
        final Axis y = Axis.logarithmic(
            "time",
            sides.stream().mapToDouble((curve) -> curve.us(0)).min().orElse(1),
            curves.stream().mapToDouble((curve) -> curve.us(100)).max().orElse(1),
            Quantity::time);
        final ChartFrame frame = new ChartFrame(markup, LEFT, HEIGHT);
        frame.begin(title, curves.stream()
            .map((curve) -> new ChartFrame.Key(curve.label(), curve.style())).collect(Collectors.toList()));
        frame.drawX(x);
        frame.drawY(y);
        for (final Curve curve : curves)
        {
            markup.empty("path", "class", "curve " + curve.style().cssClass(), "d",
                path(curve, Math.min(nines, curve.nines()), frame, x, y));
        }
        frame.end(List.of("", "count", "p50", "p90", "p99", "p99.9", "p99.99", "max"),
            curves.stream().map(PercentileChart::row).collect(Collectors.toList()));
    }

    // What the machine does by itself is to be compared with, and may be far from the rest: it is cut, not shown whole.
    private List<Curve> sides()
    {
        final List<Curve> sides =
            curves.stream().filter((curve) -> curve.style() != Style.MACHINE).collect(Collectors.toList());
        return sides.isEmpty() ? curves : sides;
    }

    private static String path(
        final Curve curve, final double last, final ChartFrame frame, final Axis x, final Axis y)
    {
        final StringBuilder path = new StringBuilder();
        double drawn = Double.NaN;
        for (double at = 0; at < last; at += STEP)
        {
            final double above = Math.pow(10, -at);
            final double next = frame.y(y, curve.us(100 * (1 - above)));
            // Most steps change nothing that could be seen.
            if (!(Math.abs(next - drawn) < LEAST_MOVE))
            {
                add(path, frame.x(x, above), next);
                drawn = next;
            }
        }
        final double above = Math.pow(10, -last);
        // The largest value ends a curve that is whole.
        add(path, frame.x(x, above), frame.y(y, curve.us(last < curve.nines() ? 100 * (1 - above) : 100)));
        return path.toString();
    }

    private static void add(final StringBuilder path, final double x, final double y)
    {
        path.append(path.length() == 0 ? "M" : "L").append(Markup.number(x)).append(' ').append(Markup.number(y));
    }

    private static List<String> row(final Curve curve)
    {
        final List<String> row = new ArrayList<>();
        row.add(curve.label());
        row.add(Long.toString(curve.histogram().getTotalCount()));
        for (final double percentile : TABLE)
        {
            row.add(Quantity.time(curve.us(percentile)));
        }
        row.add(Quantity.time(curve.us(100)));
        return row;
    }
}
