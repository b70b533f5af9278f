package io.sluice.perf.growth;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Throughput at each size of one thing: all points in turn, round after round; ratios are taken within a round. */
final class GrowthCurve
{
    private static final int WARM_UP_PART = 10;
    private static final double BYTES_PER_MB = 1e6;

    private final String name;
    private final List<CurvePoint> points;

    /**
     * @param name   of what grows, one word.
     * @param points of the curve.
     */
    GrowthCurve(final String name, final List<CurvePoint> points)
    {
        this.name = name;
        this.points = List.copyOf(points);
    }

    /**
     * Measure it.
     *
     * @param output   for scratch journals.
     * @param progress told each round.
     * @param warmUp   rounds that come first and do not count.
     * @param rounds   that count.
     * @return its figures.
     * @throws io.sluice.perf.report.MeasurementException if an answer was wrong.
     */
    List<Figure> measure(final RawOutput output, final PrintStream progress, final int warmUp, final int rounds)
    {
        final double[][] rates = new double[points.size()][rounds];
        for (int round = -warmUp; round < rounds; round++)
        {
            for (int turn = 0; turn < rates.length; turn++)
            {
                // There and back: a machine that gets slower, or a JVM that gets faster, favours no end of the curve.
                final int i = round % 2 == 0 ? turn : rates.length - 1 - turn;
                final double rate = play(output, points.get(i));
                if (round >= 0)
                {
                    rates[i][round] = rate;
                    progress.printf(Locale.ROOT, "F11 %s round %d of %d: %-28s %,12.0f events/s%n",
                        name, round + 1, rounds, points.get(i).contender().name(), rate);
                }
            }
        }
        return figures(rates);
    }

    /** What rates say, a row for each point. */
    List<Figure> figures(final double[][] rates)
    {
        final List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < rates.length; i++)
        {
            final CurvePoint point = points.get(i);
            final String id = point.id(name);
            final Spread spread = Spread.of(rates[i]);
            figures.add(new Figure(id, "publish to handled by all that match", spread.median(), "events/s", "",
                Spread.of(rates[point.first()]).median(), true, spread.toString()));
            if (point.bytes() > 0)
            {
                figures.add(Figure.detail(id + "/payload", "payload that passes in these events",
                    spread.median() * point.bytes() / BYTES_PER_MB, "MB/s"));
            }
            if (point.first() != i)
            {
                figures.add(ratio(point, id, Spread.ratios(rates[i], rates[point.first()])));
            }
        }
        return figures;
    }

    private Figure ratio(final CurvePoint point, final String id, final Spread ratio)
    {
        final String what = "throughput of it / that of " + points.get(point.first()).contender().name();
        if (Double.isNaN(point.least()))
        {
            return new Figure(id + "/of-first", what, ratio.median(), "x", "", 1, true, ratio.toString());
        }
        final Figure figure =
            Figure.atLeast(id + "/of-first", what, ratio.median(), "x", point.least(), 1, ratio.toString());
        final String profile = point.contender().profile();
        return figure.ok() || profile.isEmpty() ? figure : figure.noted("profile: " + profile +
            "; the first: " + points.get(point.first()).contender().profile());
    }

    private static double play(final RawOutput output, final CurvePoint point)
    {
        // What the last point left behind must not be collected on this one's time.
        System.gc();
        final Path directory = output.scratch(point.contender().name());
        try
        {
            return point.contender().eventsPerSecond(
                directory, Math.max(1, point.events() / WARM_UP_PART), point.events());
        }
        finally
        {
            output.discard(directory);
        }
    }
}
