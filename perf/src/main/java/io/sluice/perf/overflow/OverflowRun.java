package io.sluice.perf.overflow;

import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
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

/** Each overflow policy in turn, on an engine and a directory of its own. */
final class OverflowRun
{
    private static final double OVERLOAD = 1.5;
    private static final long NS_PER_US = 1000L;

    private final RawOutput output;
    private final PrintStream progress;
    private final ThreadingMode threadingMode;
    private final long durationNs;
    private final long callNs;
    private final int limit;
    private final List<Histogram> histograms = new ArrayList<>();

    OverflowRun(
        final RawOutput output,
        final PrintStream progress,
        final ThreadingMode threadingMode,
        final long durationNs,
        final int callUs,
        final int limit)
    {
        this.output = output;
        this.progress = progress;
        this.threadingMode = threadingMode;
        this.durationNs = durationNs;
        callNs = callUs * NS_PER_US;
        this.limit = limit;
    }

    void run(final FigureReport report)
    {
        long wrong = 0;
        String failure = "";
        for (final OverflowPolicy policy : OverflowPolicy.values())
        {
            final Path directory = output.scratch(policy.name().toLowerCase(Locale.ROOT));
            try
            {
                final OverflowResult result = play(directory, policy);
                progress.printf(Locale.ROOT, "F9 %-12s offered %,9d accepted %,9d refused %s%n",
                    policy, result.offered(), result.accepted(), result.refusals());
                result.addTo(report);
                histograms.add(result.latencies());
                wrong += result.wrong();
            }
            catch (final MeasurementException e)
            {
                wrong++;
                failure = policy + ": " + e.getMessage();
            }
            finally
            {
                output.discard(directory);
            }
        }
        output.writeHistograms("overflow", histograms);
        final Figure figure = Figure.atMost("F9", "events treated wrongly, all policies, at 1.5 of capacity",
            (double)wrong, "events", 0, Double.NaN, "");
        report.add(wrong == 0 ? figure :
            figure.failed(failure.isEmpty() ? "see the rows F9/… that are not ok" : failure));
    }

    private OverflowResult play(final Path directory, final OverflowPolicy policy)
    {
        try (OverloadedEngine engine = new OverloadedEngine(directory, threadingMode, policy, callNs, limit))
        {
            final double capacity = engine.closedLoop(durationNs / 2);
            return engine.openLoop(capacity, (int)Math.ceil(capacity * OVERLOAD), durationNs);
        }
    }
}
