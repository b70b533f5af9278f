package io.sluice.perf.isolation;

import io.sluice.engine.ThreadingMode;
import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.FailureCause;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** D12: a fast handler alone, and beside bad ones after they were dealt with. */
final class NeighboursRun
{
    private static final double NS_PER_US = 1000.0;
    private static final double NS_PER_MS = 1_000_000.0;
    private static final long LEAD_NS = 10_000_000L;
    private static final long SLACK_NS = 1_000_000_000L;
    private static final double MOST_OF_ALONE = 2;

    private final RawOutput output;
    private final PrintStream progress;
    private final IsolationSetting setting;
    private final List<Histogram> histograms = new ArrayList<>();
    private ThreadTimes times = new ThreadTimes();

    NeighboursRun(final RawOutput output, final PrintStream progress, final IsolationSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
    }

    /**
     * What one run came to.
     *
     * @param latencies    of the fast handler.
     * @param wrong        events that it did not handle once, or that were not journaled.
     * @param wrongLetters events without a dead letter of the right cause, and letters that should not be.
     * @param overBudget   CRITICAL events that were late.
     * @param closeNs      nanoseconds that closing took.
     */
    record Outcome(Histogram latencies, long wrong, long wrongLetters, long overBudget, long closeNs)
    {
    }

    void run(final FigureReport report)
    {
        for (final ThreadingMode mode : List.of(ThreadingMode.PAIRED, ThreadingMode.DEDICATED))
        {
            final String id = "D12-" + mode.name().toLowerCase(Locale.ROOT);
            try
            {
                final Outcome alone = play(mode, false);
                judge(report, mode, alone, play(mode, true));
                report.explain(id, times.partOfTime(), "");
                report.explain(id + "-budget", times.partOfTime(), "");
            }
            catch (final MeasurementException e)
            {
                report.add(Figure.atMost(id, "the fast handler's p99.9 beside bad ones / alone", Double.NaN, "x",
                    MOST_OF_ALONE, 1, "").failed(e.getMessage()));
            }
        }
        output.writeHistograms("isolation-neighbours", histograms);
    }

    /** Judge a run beside bad neighbours by one alone. */
    static void judge(
        final FigureReport report, final ThreadingMode mode, final Outcome alone, final Outcome beside)
    {
        final String id = "D12-" + mode.name().toLowerCase(Locale.ROOT);
        final double aloneUs = alone.latencies().getValueAtPercentile(99.9) / NS_PER_US;
        final double besideUs = beside.latencies().getValueAtPercentile(99.9) / NS_PER_US;
        final long wrong = alone.wrong() + beside.wrong() + alone.wrongLetters() + beside.wrongLetters();
        final Figure ratio = Figure.atMost(id, "the fast handler's p99.9 beside bad ones / alone", besideUs / aloneUs,
            "x", MOST_OF_ALONE, 1, "");
        report.add(wrong == 0 ? ratio :
            ratio.failed(wrong + " events lost or with a wrong dead letter"));
        report.add(Figure.detail(id + "/p99.9", "beside bad ones", besideUs, "us"));
        report.add(Figure.detail(id + "/alone/p99.9", "alone", aloneUs, "us"));
        report.add(Figure.detail(id + "/lost", "not handled once by the fast one, or not journaled",
            (double)(alone.wrong() + beside.wrong()), "events"));
        report.add(Figure.detail(id + "/letters", "events without a dead letter of the right cause, or one too many",
            (double)beside.wrongLetters(), "events"));
        report.add(Figure.atMost(id + "-close", "closing beside bad ones", beside.closeNs() / NS_PER_MS, "ms",
            (Neighbourhood.CLOSE_NS + SLACK_NS) / NS_PER_MS, alone.closeNs() / NS_PER_MS,
            "asked for " + Figure.plain(Neighbourhood.CLOSE_NS / NS_PER_MS)));
        // One thread handles all priorities in PAIRED, so there the others' calls count.
        report.add(mode == ThreadingMode.DEDICATED ?
            Figure.atMost(id + "-budget", "CRITICAL events later than their budget", (double)beside.overBudget(),
                "events", 0, (double)alone.overBudget(), "") :
            Figure.detail(
                id + "/budget", "CRITICAL events later than their budget", (double)beside.overBudget(), "events"));
    }

    private Outcome play(final ThreadingMode mode, final boolean isBad)
    {
        final String tag = mode.name().toLowerCase(Locale.ROOT) + "." + (isBad ? "beside" : "alone");
        final Path directory = output.scratch(tag);
        try (Neighbourhood engine =
            new Neighbourhood(directory, mode, isBad, tag))
        {
            OpenLoop.run(
                engine::publish, setting.rate(), System.nanoTime() + LEAD_NS, Math.max(1, setting.warmUpNs()));
            if (isBad)
            {
                engine.publishHanging();
            }
            engine.await("the hanging handler to be given up", engine::isHangingFenced);
            engine.await("the slow handler to be demoted", engine::isSlowAway);
            engine.await("the fast one to have caught up", () -> engine.handled() >= engine.published());
            final long lateBefore = late(engine);
            final long startNs = System.nanoTime() + LEAD_NS;
            engine.recordFrom(startNs);
            times = new ThreadTimes();
            times.begin();
            OpenLoop.run(engine::publish, setting.rate(), startNs, setting.durationNs());
            engine.awaitHandled();
            times.end();
            final long lateAfter = late(engine);
            final long journaled = engine.engine().journaledSequence();
            final long closeNs = engine.closeInTime();
            final long wrong =
                Math.abs(engine.published() - engine.handled()) + Math.abs(engine.published() - journaled);
            histograms.add(engine.fast());
            progress.printf(Locale.ROOT, "D12 %-20s p99.9 %,10.1f us, closed in %,.0f ms%n", tag,
                engine.fast().getValueAtPercentile(99.9) / NS_PER_US, closeNs / NS_PER_MS);
            return new Outcome(engine.fast(), wrong, wrongLetters(directory, engine), lateAfter - lateBefore, closeNs);
        }
        finally
        {
            output.discard(directory);
        }
    }

    private static long late(final Neighbourhood engine)
    {
        return engine.engine().stats().priority(Priority.CRITICAL).overBudget();
    }

    private static long wrongLetters(final Path directory, final Neighbourhood engine)
    {
        final List<DeadLetter> wrong = new ArrayList<>();
        final long[] right = new long[2];
        if (Files.exists(new DataDirectory(directory).deadLetters()))
        {
            try (DeadLetters letters = DeadLetters.open(directory))
            {
                letters.forEach(new DeadLetterQuery().states(EnumSet.allOf(LetterState.class)), (letter, event) ->
                {
                    final String name = letter.status().subscription();
                    if (Neighbourhood.THROWING.equals(name) &&
                        letter.message().equals("never " + letter.status().sequence()))
                    {
                        right[0]++;
                    }
                    else if (Neighbourhood.HANGING.equals(name) && letter.status().cause() == FailureCause.TIMED_OUT)
                    {
                        right[1]++;
                    }
                    else
                    {
                        wrong.add(letter);
                    }
                });
            }
        }
        return wrong.size() + Math.abs(engine.poisoned() - right[0]) + Math.abs(engine.hung() - right[1]);
    }
}
