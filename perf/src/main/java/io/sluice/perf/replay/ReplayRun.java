package io.sluice.perf.replay;

import io.sluice.perf.baseline.BareChronicleAppends;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Writes the journals once, and lets all sides read them in turn, round by round. */
final class ReplayRun
{
    private static final int PAYLOAD_LENGTH = 256;
    private static final int BATCH = 64;
    private static final double WITH_CHECKSUMS = 0.5;
    private static final double WITHOUT_CHECKSUMS = 0.8;
    private static final double OFF_SCHEDULE = 0.01;
    private static final double NS_PER_S = 1e9;
    private static final String BARE = "bare-chronicle";
    private static final String CHECKED = "tail";
    private static final String UNCHECKED = "tail-unchecked";

    private final RawOutput output;
    private final PrintStream progress;
    private final int events;
    private final int rounds;
    private final Map<String, double[]> rates = new LinkedHashMap<>();

    ReplayRun(final RawOutput output, final PrintStream progress, final int events, final int rounds)
    {
        this.output = output;
        this.progress = progress;
        this.events = events;
        this.rounds = rounds;
    }

    void run(final FigureReport report)
    {
        final Path bare = output.scratch("replay-bare");
        final Path single = output.scratch("replay-single");
        final Path batched = output.scratch("replay-batched");
        String failure = "";
        final double[] offSchedule = new double[rounds];
        final Histogram late = Histograms.create("replay-late");
        try
        {
            final RecordTemplate template = new RecordTemplate(PAYLOAD_LENGTH);
            // Numbers in its payload would not agree with the hashes of the journal's.
            fillBare(bare, new RecordTemplate(PAYLOAD_LENGTH));
            RecordedJournal.write(single, template, events, 1);
            RecordedJournal.write(batched, template, events, BATCH);
            // The first one warms up.
            for (int round = -1; round < rounds; round++)
            {
                read(round, bare, single, batched, template);
                final double off = ScheduledReplay.run(single, events, round < 0 ? null : late);
                if (round >= 0)
                {
                    offSchedule[round] = off;
                    progress.printf("F7 round %d of %d%n", round + 1, rounds);
                }
            }
            output.writeHistograms("replay", List.of(late));
        }
        catch (final MeasurementException ex)
        {
            failure = ex.getMessage();
        }
        finally
        {
            List.of(bare, single, batched).forEach(output::discard);
        }
        add(report, failure, offSchedule, late);
    }

    private void fillBare(final Path directory, final RecordTemplate template)
    {
        try (BareChronicleAppends appends = new BareChronicleAppends(directory, template, 0))
        {
            for (int i = 0; i < events; i++)
            {
                appends.append();
            }
        }
    }

    private void read(
        final int round, final Path bare, final Path single, final Path batched, final RecordTemplate template)
    {
        time(round, BARE, bare, (directory) -> JournalReads.bare(directory, template));
        time(round, CHECKED, single, (directory) -> JournalReads.tail(directory, true));
        time(round, UNCHECKED, single, (directory) -> JournalReads.tail(directory, false));
        time(round, "tail-batched", batched, (directory) -> JournalReads.tail(directory, true));
        time(round, "tail-batched-unchecked", batched, (directory) -> JournalReads.tail(directory, false));
        time(round, "replay", single, (directory) -> JournalReads.replay(directory, "TRUE"));
        time(round, "replay-filtered", single,
            (directory) -> JournalReads.replay(directory, "type LIKE 'perf.*' AND source != 'other'"));
    }

    private void time(final int round, final String name, final Path directory, final ToLongFunction<Path> reader)
    {
        final long startNs = System.nanoTime();
        final long sum = reader.applyAsLong(directory);
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        // Events are numbered from 0.
        MeasurementException.require("sum of numbers that " + name + " read", (long)events * (events - 1) / 2, sum);
        if (round >= 0)
        {
            rates.computeIfAbsent(name, (key) -> new double[rounds])[round] = events / seconds;
        }
    }

    private void add(
        final FigureReport report, final String failure, final double[] offSchedule, final Histogram late)
    {
        if (!failure.isEmpty())
        {
            report.add(Figure.atMost("F7", "conditions of F7 that were missed", Double.NaN, "missed", 0, Double.NaN, "")
                .failed(failure));
            return;
        }
        final Spread checked = Spread.ratios(rates.get(CHECKED), rates.get(BARE));
        final Spread unchecked = Spread.ratios(rates.get(UNCHECKED), rates.get(BARE));
        final Spread schedule = Spread.of(offSchedule);
        final List<Figure> judged = List.of(
            Figure.atLeast("F7/tail/of-bare",
                "tail with checksums verified / bare Chronicle tailer, one record to an excerpt",
                checked.median(), "x", WITH_CHECKSUMS, 1, checked.toString()),
            Figure.atLeast("F7/tail-unchecked/of-bare",
                "tail without checksums / bare Chronicle tailer, one record to an excerpt",
                unchecked.median(), "x", WITHOUT_CHECKSUMS, 1, unchecked.toString()),
            Figure.atMost("F7/schedule", "replay at 100 times a recording of 10,000/s: how far its end is off schedule",
                schedule.median(), "of its duration", OFF_SCHEDULE, Double.NaN, schedule.toString()));
        final long missed = judged.stream().filter((figure) -> !figure.ok()).count();
        report.add(Figure.atMost("F7", "conditions of F7 that were missed, of those below with a target",
            (double)missed, "missed", 0, Double.NaN, missed == 0 ? "" : "see the rows F7/… that are not ok"));
        judged.forEach(report::add);
        report.explain(
            "F7",
            String.format(Locale.ROOT,
                "a record takes %.0f ns with checksums, %.0f ns without; the bare tailer %.0f ns",
                nsOf(CHECKED), nsOf(UNCHECKED), nsOf(BARE)),
            String.format(Locale.ROOT, "hashing takes %.0f ns of a record, by the difference",
                nsOf(CHECKED) - nsOf(UNCHECKED)));
        rates.forEach((name, values) -> report.add(new Figure("F7/" + name + "/rate", "events per second",
            Spread.of(values).median(), "events/s", "", Double.NaN, true, Spread.of(values).toString())));
        report.add(Figure.detail("F7/schedule/late/p50", "handed out behind schedule",
            late.getValueAtPercentile(50) / 1e3, "us"));
        report.add(Figure.detail("F7/schedule/late/p99.9", "handed out behind schedule",
            late.getValueAtPercentile(99.9) / 1e3, "us"));
        report.add(Figure.detail("F7/schedule/late/max", "handed out behind schedule",
            late.getMaxValue() / 1e3, "us"));
    }

    private double nsOf(final String name)
    {
        return NS_PER_S / Spread.of(rates.get(name)).median();
    }
}
