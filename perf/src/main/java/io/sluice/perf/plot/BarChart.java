package io.sluice.perf.plot;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Values side by side as lying bars, each with a line from the least to the greatest of its rounds.
 *
 * @param title of the plot.
 * @param unit  of the values.
 * @param bars  of it.
 */
public record BarChart(String title, String unit, List<Bar> bars)
{
    private static final double ROW = 28;
    private static final double THICK = 16;
    private static final double EDGES = 58;
    private static final double WHISKER = 5;
    private static final double CHARACTER = 7;
    private static final int LONGEST = 34;
    private static final int TICKS = 6;
    private static final double ROOM_FOR_VALUE = 1.12;

    /**
     * One value.
     *
     * @param label of it.
     * @param style that it is drawn in.
     * @param value measured.
     * @param least of the rounds, NaN if it is not known.
     * @param most  of the rounds, NaN if it is not known.
     */
    public record Bar(String label, Style style, double value, double least, double most)
    {
        private double end()
        {
            return Double.isNaN(most) ? value : Math.max(value, most);
        }
    }

    /** Checks. */
    public BarChart
    {
        bars = List.copyOf(bars);
        if (bars.isEmpty() || bars.stream().anyMatch((bar) -> !(bar.value() >= 0)))
        {
            throw new IllegalArgumentException("'" + title + "' has no bar, or one without a value");
        }
    }

    /** @param markup to write to. */
    public void write(final Markup markup)
    {
        final int longest = bars.stream().mapToInt((bar) -> Math.min(LONGEST, bar.label().length())).max().orElse(0);
        final double left = 14 + longest * CHARACTER;
        final DoubleFunction<String> text = "us".equals(unit) ? Quantity::time : Quantity::count;
        final Axis x = Axis.linear("us".equals(unit) ? "time" : unit,
            ROOM_FOR_VALUE * bars.stream().mapToDouble(Bar::end).max().orElse(1), TICKS, text);
        final ChartFrame frame = new ChartFrame(markup, left, EDGES + bars.size() * ROW);
        frame.begin(title, List.of());
        frame.drawX(x);
        double middle = frame.top() + ROW / 2;
        for (final Bar bar : bars)
        {
            draw(markup, frame, x, bar, left, middle, text);
            middle += ROW;
        }
        frame.end(List.of("", unit, "least", "most"), bars.stream()
            .map((bar) -> List.of(bar.label(), text.apply(bar.value()), text.apply(bar.least()),
                text.apply(bar.most())))
            .collect(Collectors.toList()));
    }

    private static void draw(
        final Markup markup,
        final ChartFrame frame,
        final Axis x,
        final Bar bar,
        final double left,
        final double middle,
        final DoubleFunction<String> text)
    {
        final String label = bar.label().length() > LONGEST ?
            bar.label().substring(0, LONGEST - 1) + "…" : bar.label();
        frame.label(label, left - 6, middle + 4, "end");
        markup.empty("rect", "class", "bar " + bar.style().cssClass(),
            "x", Markup.number(left), "y", Markup.number(middle - THICK / 2),
            "width", Markup.number(frame.x(x, bar.value()) - left), "height", Markup.number(THICK));
        if (!Double.isNaN(bar.least()) && !Double.isNaN(bar.most()))
        {
            final String from = Markup.number(frame.x(x, bar.least()));
            final String to = Markup.number(frame.x(x, bar.most()));
            final String high = Markup.number(middle - WHISKER);
            final String low = Markup.number(middle + WHISKER);
            markup.empty("path", "class", "whisker", "d", "M" + from + " " + high + "V" + low + "M" + from + " " +
                Markup.number(middle) + "H" + to + "M" + to + " " + high + "V" + low);
        }
        frame.label(text.apply(bar.value()), frame.x(x, bar.end()) + 6, middle + 4, "start");
    }
}
