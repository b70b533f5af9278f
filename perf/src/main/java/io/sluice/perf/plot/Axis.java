package io.sluice.perf.plot;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/** From values to places in a picture, with the ticks at which lines and labels are drawn. Immutable. */
final class Axis
{
    private final String title;
    private final List<Double> ticks;
    private final DoubleFunction<String> labels;
    private final DoubleUnaryOperator scale;

    private Axis(
        final String title,
        final List<Double> ticks,
        final DoubleFunction<String> labels,
        final DoubleUnaryOperator scale)
    {
        this.title = title;
        this.ticks = List.copyOf(ticks);
        this.labels = labels;
        this.scale = scale;
    }

    /**
     * @param title  with the unit.
     * @param most   value to show, from 0 on.
     * @param count  of ticks at most, about.
     * @param labels of values.
     * @return an axis from 0 on.
     */
    static Axis linear(final String title, final double most, final int count, final DoubleFunction<String> labels)
    {
        return new Axis(title, Ticks.linear(most > 0 ? most : 1, count), labels, (value) -> value);
    }

    /**
     * @param title  with the unit.
     * @param least  value to show, above 0.
     * @param most   value to show.
     * @param labels of values.
     * @return an axis of whole decades; what is below its begin is drawn at the begin.
     */
    static Axis logarithmic(
        final String title, final double least, final double most, final DoubleFunction<String> labels)
    {
        return new Axis(title, Ticks.logarithmic(least, most), labels, Math::log10);
    }

    /**
     * An axis of percentiles, on which each further nine is as wide as the one before. Its values are fractions of 1
     * that lie above: 0.01 for the percentile 99.
     *
     * @param nines to show, at least 1.
     * @return the axis.
     */
    static Axis percentiles(final int nines)
    {
        final List<Double> ticks = new java.util.ArrayList<>(List.of(1.0, 0.5));
        for (int i = 1; i <= nines; i++)
        {
            ticks.add(Math.pow(10, -i));
        }
        return new Axis("percentile", ticks, Axis::percentile, (above) -> -Math.log10(above));
    }

    String title()
    {
        return title;
    }

    List<Double> ticks()
    {
        return ticks;
    }

    String label(final double tick)
    {
        return labels.apply(tick);
    }

    double first()
    {
        return ticks.get(0);
    }

    double last()
    {
        return ticks.get(ticks.size() - 1);
    }

    /**
     * @param value on the axis; beyond its ends it is taken for the end.
     * @return 0 at the first tick to 1 at the last.
     */
    double part(final double value)
    {
        final double from = scale.applyAsDouble(first());
        final double to = scale.applyAsDouble(last());
        final double part = (scale.applyAsDouble(value) - from) / (to - from);
        return Double.isNaN(part) ? 0 : Math.min(1, Math.max(0, part));
    }

    // As many nines as the tick has, without what a floating point number adds to them.
    private static String percentile(final double above)
    {
        return new java.math.BigDecimal(100 * (1 - above)).round(new java.math.MathContext(9)).stripTrailingZeros()
            .toPlainString();
    }
}
