package io.sluice.perf.isolation;

import io.sluice.engine.ThreadingMode;
import io.sluice.event.Priority;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A probe of each class alone and beside a flood of each other; then all classes flooded at once. */
final class ClassesRun
{
    private static final double NS_PER_US = 1000.0;
    private static final long LEAD_NS = 10_000_000L;
    private static final double MOST_OF_ALONE = 2;
    // The stages that share the handling thread: routing and handling.
    private static final int STAGES = 2;
    // Shares of the engine unless it is told otherwise; CRITICAL needs none.
    private static final int[] SHARES = {0, 8, 16, 32};

    private final RawOutput output;
    private final PrintStream progress;
    private final IsolationSetting setting;
    private final List<Histogram> histograms = new ArrayList<>();
    private ThreadTimes times = new ThreadTimes();
    private double worstRatio;
    private String worstProfile = "";

    ClassesRun(final RawOutput output, final PrintStream progress, final IsolationSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
    }

    void run(final FigureReport report)
    {
        final UnitCounts units = new UnitCounts();
        double worst = 0;
        try
        {
            for (final ThreadingMode mode : List.of(ThreadingMode.PAIRED, ThreadingMode.DEDICATED))
            {
                for (final Priority priority : Priority.values())
                {
                    final double ratio = probe(report, mode, priority, mode == ThreadingMode.PAIRED ? units : null);
                    worst = priority == Priority.CRITICAL ? Math.max(worst, ratio) : worst;
                }
            }
            report.add(Figure.atMost("F5", "CRITICAL p99.9 beside a flood / alone, the worst of all floods", worst, "x",
                MOST_OF_ALONE, 1, ""));
            report.explain("F5", worstProfile, String.format(Locale.ROOT,
                "%d units of other classes passed before a CRITICAL event at most, of %.1f us each (counted in " +
                "PAIRED): the rest is no other unit's",
                units.mostBeforeCritical(), setting.callNs() / NS_PER_US));
            judgeInversion(report, units);
            final UnitCounts flooded = new UnitCounts();
            floodAll(flooded);
            judgeShares(report, flooded);
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.atMost("F5", "CRITICAL p99.9 beside a flood / alone", Double.NaN, "x", MOST_OF_ALONE, 1,
                "").failed(e.getMessage()));
        }
        output.writeHistograms("isolation-classes", histograms);
    }

    /** Judge the bound of CRITICAL. */
    static void judgeInversion(final FigureReport report, final UnitCounts units)
    {
        final Figure figure = Figure.atMost("C7-inversion", "units of other classes that began after a CRITICAL " +
            "event was journaled and before it was handled, at most one a stage; PAIRED",
            (double)units.mostBeforeCritical(), "units", STAGES, Double.NaN,
            units.criticalCalls() + " CRITICAL events");
        report.add(units.criticalCalls() == 0 ? figure.missed("no CRITICAL event was handled") : figure);
    }

    /** Judge the bounds of the others. */
    static void judgeShares(final FigureReport report, final UnitCounts units)
    {
        boolean isKept = true;
        for (final Priority priority : List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW))
        {
            final int most = SHARES[priority.code()];
            final Figure figure = Figure.atMost("C7-starvation/" + priority.label(), "units of others between two of " +
                "it, all classes flooded", (double)units.longestGap(priority), "units", most, Double.NaN,
                units.gaps(priority) + " gaps");
            isKept &= figure.ok() && units.gaps(priority) > 0;
            report.add(units.gaps(priority) == 0 ? figure.missed("there was no flood to speak of") : figure);
        }
        report.add(new Figure("C7-starvation", "every class has its share while all are flooded; LOW's longest wait",
            (double)units.longestGap(Priority.LOW), "units", "8, 16, 32", Double.NaN, isKept, ""));
    }

    private double probe(
        final FigureReport report, final ThreadingMode mode, final Priority priority, final UnitCounts units)
    {
        final Histogram alone = play(mode, priority, null, units);
        double worst = 0;
        for (final Priority flood : Priority.values())
        {
            if (flood != priority)
            {
                final Histogram beside = play(mode, priority, flood, units);
                add(report, mode, priority, "beside-" + flood.label(), beside, alone);
                final double ratio = beside.getValueAtPercentile(99.9) / (double)alone.getValueAtPercentile(99.9);
                worst = Math.max(worst, ratio);
                if (priority == Priority.CRITICAL && ratio > worstRatio)
                {
                    worstRatio = ratio;
                    worstProfile = mode + " beside a flood of " + flood.label() + ": " + times.partOfTime();
                }
            }
        }
        add(report, mode, priority, "alone", alone, alone);
        progress.printf(Locale.ROOT, "F5 %-9s %-8s p99.9 alone %,10.1f us, worst beside a flood %.1f x%n",
            mode, priority.label(), alone.getValueAtPercentile(99.9) / NS_PER_US, worst);
        return worst;
    }

    private static void add(
        final FigureReport report,
        final ThreadingMode mode,
        final Priority priority,
        final String where,
        final Histogram latencies,
        final Histogram alone)
    {
        final String id = "F5/" + mode.name().toLowerCase(Locale.ROOT) + "/" + priority.label() + "/" + where;
        for (final double percentile : new double[] {50.0, 99.0, 99.9, 100.0})
        {
            report.add(new Figure(
                id + (percentile == 100.0 ? "/max" : "/p" + Figure.plain(percentile)),
                "intended time to handled",
                latencies.getValueAtPercentile(percentile) / NS_PER_US,
                "us",
                "",
                alone.getValueAtPercentile(percentile) / NS_PER_US,
                true,
                ""));
        }
    }

    private Histogram play(
        final ThreadingMode mode, final Priority priority, final Priority flood, final UnitCounts units)
    {
        final String tag = mode.name().toLowerCase(Locale.ROOT) + "." + priority.label() + "." +
            (flood == null ? "alone" : "beside-" + flood.label());
        final Path directory = output.scratch(tag);
        try (ProbedEngine engine = new ProbedEngine(directory, mode, setting.callNs(), units, tag))
        {
            final long startNs = System.nanoTime() + LEAD_NS;
            engine.recordFrom(startNs + setting.warmUpNs());
            times = new ThreadTimes();
            times.begin();
            OpenLoop.run(engine::probe, priority, setting.rate(), startNs, setting.warmUpNs() + setting.durationNs(),
                flood == null ? Thread::onSpinWait : () -> engine.flood(flood));
            times.end();
            engine.finish();
            histograms.add(engine.probes());
            return engine.probes();
        }
        finally
        {
            output.discard(directory);
        }
    }

    private void floodAll(final UnitCounts units)
    {
        final Path directory = output.scratch("flood");
        try (ProbedEngine engine =
            new ProbedEngine(directory, ThreadingMode.PAIRED, setting.callNs(), units, "flood"))
        {
            final long beginNs = System.nanoTime();
            boolean isFull = false;
            while (System.nanoTime() - beginNs < setting.warmUpNs() + setting.durationNs())
            {
                boolean isEachRefused = true;
                for (final Priority priority : Priority.values())
                {
                    engine.flood(priority);
                    isEachRefused &= engine.wasRefused(priority);
                }
                if (isEachRefused && !isFull)
                {
                    isFull = true;
                    engine.flooded(true);
                }
            }
            engine.flooded(false);
            engine.finish();
        }
        finally
        {
            output.discard(directory);
        }
    }
}
