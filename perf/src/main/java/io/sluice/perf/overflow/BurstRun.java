package io.sluice.perf.overflow;

import io.sluice.engine.AdmissionContext;
import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.event.Priority;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The bursts of F9: amid a steady rate, once a second, many events as fast as one more thread publishes them, to an
 * engine at its defaults whose policy refuses nothing. Nothing may be refused, and every budget is kept at p99.99.
 */
final class BurstRun
{
    private static final List<OverflowPolicy> POLICIES = List.of(OverflowPolicy.BLOCK, OverflowPolicy.SPILL);
    private static final int RATE = 10_000;
    private static final long INTERVAL_NS = 1_000_000_000L;
    private static final long LEAD_NS = 10_000_000L;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;

    private final RawOutput output;
    private final PrintStream progress;
    private final ThreadingMode threadingMode;
    private final long durationNs;
    private final int burst;
    private final List<Histogram> histograms = new ArrayList<>();
    private final List<Figure> details = new ArrayList<>();
    private final List<String> profiles = new ArrayList<>();

    /**
     * @param durationNs of the steady rate; half a second more comes before, without a burst.
     * @param burst      events at once.
     */
    BurstRun(
        final RawOutput output,
        final PrintStream progress,
        final ThreadingMode threadingMode,
        final long durationNs,
        final int burst)
    {
        this.output = output;
        this.progress = progress;
        this.threadingMode = threadingMode;
        this.durationNs = durationNs;
        this.burst = burst;
    }

    void run(final FigureReport report)
    {
        String failure = "";
        for (final OverflowPolicy policy : POLICIES)
        {
            final Path directory = output.scratch("burst-" + policy.name().toLowerCase(Locale.ROOT));
            try
            {
                play(directory, policy);
            }
            catch (final MeasurementException e)
            {
                failure = policy + ": " + e.getMessage();
            }
            finally
            {
                output.discard(directory);
            }
        }
        output.writeHistograms("burst", histograms);
        final long missed = details.stream().filter((figure) -> !figure.ok()).count();
        final Figure figure = Figure.atMost("F9-burst", "conditions missed of bursts of " + burst + " events amid " +
            RATE + "/s: nothing refused, every budget at p99.99", (double)missed, "missed", 0, Double.NaN, "");
        report.add(failure.isEmpty() ? figure : figure.failed(failure));
        report.explain("F9-burst", String.join("; ", profiles), "who publishes all priorities from one thread is " +
            "late with CRITICAL while it waits for room in LOW");
        details.forEach(report::add);
    }

    private void play(final Path directory, final OverflowPolicy policy)
    {
        final AdmissionContext admission = new AdmissionContext();
        for (final Priority priority : Priority.values())
        {
            admission.overflow(priority, policy);
        }
        final EngineContext context =
            new EngineContext().directory(directory).threadingMode(threadingMode).admission(admission);
        try (BurstEngine engine = new BurstEngine(context, policy.name().toLowerCase(Locale.ROOT)))
        {
            final BurstEngine.Source steady = engine.source("steady");
            final BurstEngine.Source bursts = engine.source("burst");
            final long startNs = System.nanoTime() + LEAD_NS + INTERVAL_NS / 2;
            final int count = (int)Math.max(1, durationNs / INTERVAL_NS);
            final long[] mostNs = new long[1];
            final AtomicReference<RuntimeException> failure = new AtomicReference<>();
            final Thread thread = new Thread(
                () ->
                {
                    try
                    {
                        publish(bursts, startNs, count, mostNs);
                    }
                    catch (final RuntimeException e)
                    {
                        failure.set(e);
                    }
                },
                "perf-burst");
            thread.start();
            OpenLoop.run(steady::publish, RATE, startNs - INTERVAL_NS / 2, INTERVAL_NS / 2 + durationNs);
            ThreadEnd.await(thread);
            if (failure.get() != null)
            {
                throw failure.get();
            }
            engine.closeAndCheck();
            addFigures(context, policy, List.of(steady, bursts), mostNs[0]);
        }
    }

    private void publish(final BurstEngine.Source source, final long startNs, final int count, final long[] mostNs)
    {
        for (int i = 0; i < count; i++)
        {
            final long atNs = startNs + i * INTERVAL_NS;
            long leftNs = atNs - System.nanoTime();
            while (leftNs > 0)
            {
                LockSupport.parkNanos(leftNs);
                leftNs = atNs - System.nanoTime();
            }
            final long beginNs = System.nanoTime();
            for (int k = 0; k < burst; k++)
            {
                source.publish(System.nanoTime(), OpenLoop.priorityOf(k));
            }
            mostNs[0] = Math.max(mostNs[0], System.nanoTime() - beginNs);
        }
    }

    private void addFigures(
        final EngineContext context,
        final OverflowPolicy policy,
        final List<BurstEngine.Source> sources,
        final long mostNs)
    {
        final String id = "F9/burst/" + policy.name().toLowerCase(Locale.ROOT);
        details.add(Figure.detail(id + "/published", "longest time to publish a burst", mostNs / NS_PER_MS, "ms"));
        for (final BurstEngine.Source source : sources)
        {
            final String at = id + "/" + source.name();
            details.add(Figure.atMost(at + "/refused", "publish calls that were refused", (double)source.refused(),
                "calls", 0, Double.NaN, source.published() + " events accepted"));
            for (final Priority priority : Priority.values())
            {
                final Histogram latency = source.latency(priority);
                histograms.add(latency);
                details.add(Figure.detail(at + "/" + priority.label() + "/p50", "steady: intended time, burst: call, " +
                    "to handled", latency.getValueAtPercentile(50.0) / NS_PER_US, "us"));
                details.add(Figure.detail(at + "/" + priority.label() + "/longest-call", "longest call of publish, " +
                    "waiting for room included", source.longestCallNs(priority) / NS_PER_MS, "ms"));
                details.add(Figure.atMost(at + "/" + priority.label() + "/p99.99", "tail against the budget",
                    latency.getValueAtPercentile(99.99) / NS_PER_US, "us", context.budgetNs(priority) / NS_PER_US,
                    Double.NaN, "max " + Figure.plain(latency.getMaxValue() / NS_PER_US) + " us of " +
                        latency.getTotalCount()));
            }
            profiles.add(String.format(Locale.ROOT, "%s, %s: longest calls of publish %s", policy, source.name(),
                Arrays.stream(Priority.values()).map((priority) -> String.format(Locale.ROOT, "%s %.0f ms",
                    priority, source.longestCallNs(priority) / NS_PER_MS)).collect(Collectors.joining(", "))));
            progress.printf(Locale.ROOT, "F9 burst %-6s %-6s %,9d events, refused %d, CRITICAL p99.99 %,.0f us, " +
                "LOW %,.0f us%n", policy, source.name(), source.published(), source.refused(),
                source.latency(Priority.CRITICAL).getValueAtPercentile(99.99) / NS_PER_US,
                source.latency(Priority.LOW).getValueAtPercentile(99.99) / NS_PER_US);
        }
    }
}
