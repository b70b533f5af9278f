package io.sluice.perf.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a value changes with the size of something: a line for each side, a point for each size with the least and
 * greatest of its rounds.
 *
 * @param title  of the plot.
 * @param xTitle what grows.
 * @param unit   of the values.
 * @param lines  of it.
 * @param isTime whether what grows is time, which passes evenly; sizes are drawn by their logarithm where they differ
 *               much.
 */
public record GrowthChart(String title, String xTitle, String unit, List<Line> lines, boolean isTime)
{
    private static final double HEIGHT = 300;
    private static final double LEFT = 76;
    private static final int TICKS = 8;
    private static final double WIDE = 50;
    private static final String DOT = "3.5";
    private static final String SMALL_DOT = "1.5";

    /**
     * One side.
     *
     * @param label  of it.
     * @param style  that it is drawn in.
     * @param points by size, ascending.
     */
    public record Line(String label, Style style, List<Point> points)
    {
    }

    /**
     * One size.
     *
     * @param size  of what grows, not below 0.
     * @param value measured.
     * @param least of the rounds, NaN if it is not known.
     * @param most  of the rounds, NaN if it is not known.
     */
    public record Point(double size, double value, double least, double most)
    {
    }

    /** Checks. */
    public GrowthChart
    {
        lines = List.copyOf(lines);
        if (lines.isEmpty() || lines.stream().anyMatch((line) -> line.points().isEmpty()))
        {
            throw new IllegalArgumentException("'" + title + "' has no line, or one without a point");
        }
    }

    /**
     * A plot by size.
     *
     * @param title  of the plot.
     * @param xTitle what grows.
     * @param unit   of the values.
     * @param lines  of it.
     */
    public GrowthChart(final String title, final String xTitle, final String unit, final List<Line> lines)
    {
        this(title, xTitle, unit, lines, false);
    }

    /** @param markup to write to. */
    public void write(final Markup markup)
    {
        final ChartFrame frame = new ChartFrame(markup, LEFT, HEIGHT);
        final List<Point> all =
            lines.stream().flatMap((line) -> line.points().stream()).collect(Collectors.toList());
        final double least = all.stream().mapToDouble(Point::size).min().orElse(0);
        final double most = all.stream().mapToDouble(Point::size).max().orElse(1);
        final Axis x = !isTime && least > 0 && most / least >= WIDE ?
            Axis.logarithmic(xTitle, least, most, Quantity::count) :
            Axis.linear(xTitle, most, TICKS, Quantity::count);
        final Axis y = Axis.linear(unit, all.stream()
            .mapToDouble((point) -> Double.isNaN(point.most()) ? point.value() : point.most()).max().orElse(1),
            TICKS, Quantity::count);
        frame.begin(title, lines.stream()
            .map((line) -> new ChartFrame.Key(line.label(), line.style())).collect(Collectors.toList()));
        frame.drawX(x);
        frame.drawY(y);
        final List<List<String>> rows = new ArrayList<>();
        for (final Line line : lines)
        {
            draw(markup, frame, x, y, line);
            line.points().forEach((point) -> rows.add(List.of(line.label(), Quantity.count(point.size()),
                Quantity.count(point.value()), Quantity.count(point.least()), Quantity.count(point.most()))));
        }
        frame.end(List.of("", xTitle, unit, "least", "most"), rows);
    }

    private void draw(
        final Markup markup, final ChartFrame frame, final Axis x, final Axis y, final Line line)
    {
        final StringBuilder path = new StringBuilder();
        final StringBuilder spreads = new StringBuilder();
        for (final Point point : line.points())
        {
            final String at = Markup.number(frame.x(x, point.size()));
            path.append(path.length() == 0 ? "M" : "L").append(at).append(' ')
                .append(Markup.number(frame.y(y, point.value())));
            if (!Double.isNaN(point.least()) && !Double.isNaN(point.most()))
            {
                spreads.append('M').append(at).append(' ').append(Markup.number(frame.y(y, point.least())))
                    .append('V').append(Markup.number(frame.y(y, point.most())));
            }
            markup.empty("circle", "class", "dot " + line.style().cssClass(), "cx", at,
                "cy", Markup.number(frame.y(y, point.value())), "r", isTime ? SMALL_DOT : DOT);
        }
        markup.empty("path", "class", "curve " + line.style().cssClass(), "d", path.toString());
        if (spreads.length() > 0)
        {
            markup.empty("path", "class", "whisker", "d", spreads.toString());
        }
    }
}
