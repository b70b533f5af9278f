package io.sluice.perf.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When something took long: a lane for each side, in it a stick for each time, as high as it took.
 *
 * @param title  of the plot.
 * @param xTitle of the horizontal axis, with its unit.
 * @param lanes  of it.
 */
public record TimelineChart(String title, String xTitle, List<Lane> lanes)
{
    private static final double LANE = 84;
    private static final double GAP = 14;
    private static final double EDGES = 58;
    private static final double LEFT = 76;
    private static final double SHORTEST = 3;
    private static final int TICKS = 8;
    private static final double LEAST_US = 1000;

    /**
     * One side.
     *
     * @param label  of it.
     * @param style  of its sticks.
     * @param events in their order.
     */
    public record Lane(String label, Style style, List<Event> events)
    {
        private List<Event> some(final boolean isExpected)
        {
            return events.stream().filter((event) -> event.isExpected() == isExpected).collect(Collectors.toList());
        }

        private double longest()
        {
            return events.stream().mapToDouble(Event::tookUs).max().orElse(0);
        }
    }

    /**
     * It took long.
     *
     * @param at         place on the horizontal axis.
     * @param tookUs     microseconds.
     * @param isExpected whether it is known for taking long, such as a roll.
     */
    public record Event(double at, double tookUs, boolean isExpected)
    {
    }

    /** Checks. */
    public TimelineChart
    {
        lanes = List.copyOf(lanes);
        if (lanes.isEmpty())
        {
            throw new IllegalArgumentException("'" + title + "' has no lane");
        }
    }

    /**
     * @param markup to write to.
     * @param most   place on the horizontal axis that all lanes reach.
     */
    public void write(final Markup markup, final double most)
    {
        final ChartFrame frame = new ChartFrame(markup, LEFT, EDGES + lanes.size() * (LANE + GAP));
        final Axis x = Axis.linear(xTitle, most, TICKS, Quantity::count);
        final Axis y = Axis.logarithmic(
            "", LEAST_US, Math.max(10 * LEAST_US, lanes.stream().mapToDouble(Lane::longest).max().orElse(0)),
            Quantity::time);
        final List<ChartFrame.Key> legend = new ArrayList<>();
        lanes.forEach((lane) -> legend.add(new ChartFrame.Key(lane.label() + ": calls over 1 ms", lane.style())));
        legend.add(new ChartFrame.Key("rolls", Style.MACHINE));
        frame.begin(title, legend);
        frame.drawX(x);
        double bottom = frame.top() + LANE;
        for (final Lane lane : lanes)
        {
            drawLane(markup, frame, y, lane, bottom);
            draw(markup, frame, x, y, lane.some(true), "stick " + Style.MACHINE.cssClass(), bottom);
            draw(markup, frame, x, y, lane.some(false), "stick " + lane.style().cssClass(), bottom);
            bottom += LANE + GAP;
        }
        frame.end(List.of("", "over 1 ms", "over 10 ms", "longest", "rolls", "longest roll"),
            lanes.stream().map(TimelineChart::row).collect(Collectors.toList()));
    }

    private static void drawLane(
        final Markup markup, final ChartFrame frame, final Axis y, final Lane lane, final double bottom)
    {
        for (final double tick : y.ticks())
        {
            final double at = bottom - y.part(tick) * (LANE - GAP);
            frame.line(LEFT, at, frame.right(), at);
            frame.label(y.label(tick), LEFT - 6, at + 4, "end");
        }
        markup.element("text", lane.label(), "class", "lane", "x", Markup.number(LEFT + 4),
            "y", Markup.number(bottom - LANE + GAP / 2 + 4));
    }

    // One path for all: a side may have thousands.
    private static void draw(
        final Markup markup,
        final ChartFrame frame,
        final Axis x,
        final Axis y,
        final List<Event> events,
        final String style,
        final double bottom)
    {
        final StringBuilder path = new StringBuilder();
        for (final Event event : events)
        {
            path.append('M').append(Markup.number(frame.x(x, event.at()))).append(' ').append(Markup.number(bottom))
                .append('v').append(Markup.number(-Math.max(SHORTEST, y.part(event.tookUs()) * (LANE - GAP))));
        }
        if (path.length() > 0)
        {
            markup.empty("path", "class", style, "d", path.toString());
        }
    }

    private static List<String> row(final Lane lane)
    {
        final List<Event> stalls = lane.some(false);
        final List<Event> rolls = lane.some(true);
        return List.of(
            lane.label(),
            Integer.toString(stalls.size()),
            Long.toString(stalls.stream().filter((event) -> event.tookUs() > 10 * LEAST_US).count()),
            longest(stalls),
            Integer.toString(rolls.size()),
            longest(rolls));
    }

    private static String longest(final List<Event> events)
    {
        return events.isEmpty() ? "–" : Quantity.time(events.stream().mapToDouble(Event::tookUs).max().orElse(0));
    }
}
