package io.sluice.perf.plot;

import java.util.List;

/**
 * What all plots have: a figure with a title, a legend, a picture with two axes and their grid, and below it the
 * numbers as a table. Not thread-safe.
 */
final class ChartFrame
{
    /** Width of a picture. */
    static final double WIDTH = 680;

    private static final double RIGHT = 28;
    private static final double TOP = 12;
    private static final double BOTTOM = 46;
    private static final double TICK_GAP = 6;
    private static final double LABEL_LOW = 18;
    private static final double TITLE_LOW = 38;

    private final Markup markup;
    private final double left;
    private final double height;

    /**
     * @param markup to write to.
     * @param left   room for the labels of the vertical axis.
     * @param height of the picture.
     */
    ChartFrame(final Markup markup, final double left, final double height)
    {
        this.markup = markup;
        this.left = left;
        this.height = height;
    }

    /**
     * An entry of a legend.
     *
     * @param label what is drawn.
     * @param style in which.
     */
    record Key(String label, Style style)
    {
    }

    /**
     * Begin the figure and the picture.
     *
     * @param title  of the plot.
     * @param legend of it.
     */
    void begin(final String title, final List<Key> legend)
    {
        markup.begin("figure").element("figcaption", title);
        markup.begin("ul", "class", "legend");
        for (final Key key : legend)
        {
            markup.begin("li").begin("span", "class", "key " + key.style().cssClass()).end().text(key.label()).end();
        }
        markup.end();
        markup.begin("div", "class", "scroll");
        markup.begin("svg", "viewBox", "0 0 " + Markup.number(WIDTH) + " " + Markup.number(height),
            "role", "img", "aria-label", title);
    }

    /** Lines and labels of a horizontal axis, its title below. */
    void drawX(final Axis axis)
    {
        for (final double tick : axis.ticks())
        {
            final double at = x(axis, tick);
            line(at, TOP, at, bottom());
            label(axis.label(tick), at, bottom() + LABEL_LOW, "middle");
        }
        label(axis.title(), (left + WIDTH - RIGHT) / 2, bottom() + TITLE_LOW, "middle");
    }

    /** Lines and labels of the vertical axis, its title along it. */
    void drawY(final Axis axis)
    {
        for (final double tick : axis.ticks())
        {
            final double at = y(axis, tick);
            line(left, at, WIDTH - RIGHT, at);
            label(axis.label(tick), left - TICK_GAP, at + 4, "end");
        }
        final double middle = (TOP + bottom()) / 2;
        markup.element("text", axis.title(), "text-anchor", "middle", "transform",
            "translate(13 " + Markup.number(middle) + ") rotate(-90)");
    }

    double right()
    {
        return WIDTH - RIGHT;
    }

    /** A grid line. */
    void line(final double x1, final double y1, final double x2, final double y2)
    {
        markup.empty("line", "class", "grid", "x1", Markup.number(x1), "y1", Markup.number(y1),
            "x2", Markup.number(x2), "y2", Markup.number(y2));
    }

    /** A text. */
    void label(final String text, final double x, final double y, final String anchor)
    {
        markup.element(
            "text", text, "x", Markup.number(x), "y", Markup.number(y), "text-anchor", anchor);
    }

    double x(final Axis axis, final double value)
    {
        return left + axis.part(value) * (WIDTH - RIGHT - left);
    }

    double y(final Axis axis, final double value)
    {
        return bottom() - axis.part(value) * (bottom() - TOP);
    }

    double bottom()
    {
        return height - BOTTOM;
    }

    double top()
    {
        return TOP;
    }

    /**
     * End the picture, write the numbers and end the figure.
     *
     * @param head of the table, a word for each column.
     * @param rows of it.
     */
    void end(final List<String> head, final List<List<String>> rows)
    {
        markup.end().end();
        markup.begin("details").element("summary", "Numbers").begin("div", "class", "scroll").begin("table");
        markup.begin("thead").begin("tr");
        head.forEach((word) -> markup.element("th", word));
        markup.end().end().begin("tbody");
        for (final List<String> row : rows)
        {
            markup.begin("tr").element("th", row.get(0), "scope", "row");
            row.subList(1, row.size()).forEach((cell) -> markup.element("td", cell));
            markup.end();
        }
        markup.end().end().end().end().end();
    }
}
