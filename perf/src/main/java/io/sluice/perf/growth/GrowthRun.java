package io.sluice.perf.growth;

import io.sluice.engine.EngineContext;
import io.sluice.perf.fanout.ManySubscriptions;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.PublishPath;
import io.sluice.perf.throughput.SluiceThroughput;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** F11: the curves one after the other, and the verdict over those that promise something. */
final class GrowthRun
{
    /** Payload of all events where it is not what grows. */
    static final int PAYLOAD_LENGTH = 256;

    private static final double LEAST = 0.9;
    private static final double NOTHING_PROMISED = Double.NaN;
    private static final int MATCHING_SUBSCRIPTIONS = 10;
    private static final int MATCHING_PART = 10;
    // Of large events fewer are enough, and all of a round have to fit on the disk.
    private static final long MOST_BYTES = 256_000_000L;

    private final RawOutput output;
    private final PrintStream progress;
    private final GrowthSetting setting;
    private final List<Figure> details = new ArrayList<>();

    GrowthRun(final RawOutput output, final PrintStream progress, final GrowthSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
    }

    void run(final FigureReport report, final Set<String> picked)
    {
        for (final GrowthDimension dimension : GrowthDimension.values())
        {
            if (picked.contains(dimension.label()))
            {
                measure(dimension);
            }
        }
        report.add(verdict(details));
        details.forEach(report::add);
    }

    /** Judge by all that has a target. */
    static Figure verdict(final List<Figure> figures)
    {
        final long judged = figures.stream().filter(figure -> !figure.target().isEmpty()).count();
        final List<String> missed = figures.stream().filter(figure -> !figure.ok()).map(Figure::id).toList();
        final String why = judged == 0 && missed.isEmpty() ? "no curve that promises anything was measured" :
            judged + " conditions" + (missed.isEmpty() ? "" : "; missed: " + String.join(", ", missed));
        return Figure.atMost("F11", "conditions of growth that were missed: throughput within 10 % of the first " +
            "point of a curve, restart time as over a shorter journal", (double)missed.size(), "missed", 0, Double.NaN,
            why);
    }

    private void measure(final GrowthDimension dimension)
    {
        try
        {
            if (dimension == GrowthDimension.JOURNAL)
            {
                details.addAll(new JournalCurve(JournalCurve.lengthsTo(setting.journalEvents()), setting.events(),
                    setting.warmUp(), setting.rounds(), PAYLOAD_LENGTH).measure(output, progress));
            }
            else
            {
                details.addAll(new GrowthCurve(dimension.label(), points(dimension, setting))
                    .measure(output, progress, setting.warmUp(), setting.rounds()));
            }
        }
        catch (final MeasurementException e)
        {
            details.add(Figure.detail("F11/" + dimension.label(), "growth by " + dimension.label(), Double.NaN, "x")
                .failed(e.getMessage()));
        }
    }

    /** Points of a curve. */
    static List<CurvePoint> points(final GrowthDimension dimension, final GrowthSetting setting)
    {
        final List<CurvePoint> points = new ArrayList<>();
        switch (dimension)
        {
            case PUBLISHERS -> setting.publishers().forEach(count -> points.add(point(
                setting, count, "", new ManyPublishers(count, PAYLOAD_LENGTH), 0, NOTHING_PROMISED)));
            case SUBSCRIPTIONS -> addSubscriptions(points, setting);
            case RULES -> addRules(points, setting);
            case SIZES -> setting.sizes().forEach(bytes -> points.add(new CurvePoint(bytes, "",
                new SluiceThroughput(bytes, new EngineContext().threadingMode(), PublishPath.EVERYDAY),
                (int)Math.min(setting.events(), Math.max(1, MOST_BYTES / bytes)), 0, NOTHING_PROMISED, bytes)));
            default -> throw new IllegalArgumentException(dimension + " has no points of this kind");
        }
        return points;
    }

    // One that matches among more and more; and ten, from where there are as many.
    private static void addSubscriptions(final List<CurvePoint> points, final GrowthSetting setting)
    {
        for (final int matching : new int[] {1, MATCHING_SUBSCRIPTIONS})
        {
            final int first = points.size();
            for (final int count : setting.subscriptions())
            {
                if (count >= matching)
                {
                    points.add(point(setting, count, matching == 1 ? "one-matches" : "ten-match",
                        new ManySubscriptions(count + "-subscriptions-" + matching + "-match", matching,
                            count - matching, ManySubscriptions.Miss.PATTERN), first, LEAST));
                }
            }
        }
    }

    // A tenth matches each event, as the target has it; where that is more than one, also with only one that does, so
    // that the rules that match can be told from those that do not.
    private static void addRules(final List<CurvePoint> points, final GrowthSetting setting)
    {
        for (final int count : setting.rules())
        {
            final int matching = (count + MATCHING_PART - 1) / MATCHING_PART;
            points.add(point(setting, count, "tenth-matches",
                new ManyRules(count, matching, PAYLOAD_LENGTH), 0, LEAST));
            if (matching > 1)
            {
                points.add(point(setting, count, "one-matches",
                    new ManyRules(count, 1, PAYLOAD_LENGTH), 0, NOTHING_PROMISED));
            }
        }
    }

    private static CurvePoint point(
        final GrowthSetting setting,
        final long size,
        final String side,
        final Contender contender,
        final int first,
        final double least)
    {
        return new CurvePoint(size, side, contender, setting.events(), first, least, 0);
    }
}
