package io.sluice.perf.tailers;

import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Nothing, tailers, and a burner beside the engine in turn, round by round, and what comes of it. */
final class TailersRun
{
    private static final double MOST_OF_BURNER = 1.2;
    private static final double[] PERCENTILES = {50, 99, 99.9};
    private static final double NS_PER_US = 1e3;
    private static final String ALONE = "alone";
    private static final String TAILERS = "tailers";
    private static final String BURNER = "burner";

    private final RawOutput output;
    private final PrintStream progress;
    private final TailersSetting setting;
    private final Map<String, double[][]> values = new LinkedHashMap<>();
    private final Map<String, Histogram> totals = new LinkedHashMap<>();
    private final double[] tailerShares;
    private final double[] burnerShares;
    private long delivered;

    TailersRun(final RawOutput output, final PrintStream progress, final TailersSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        tailerShares = new double[setting.rounds()];
        burnerShares = new double[setting.rounds()];
        for (final String side : List.of(ALONE, TAILERS, BURNER))
        {
            values.put(side, new double[PERCENTILES.length][setting.rounds()]);
            totals.put(side, Histograms.create(side));
        }
    }

    void run(final FigureReport report)
    {
        String failure = "";
        Histogram hiccups = Histograms.create("hiccup");
        try (HiccupMeter meter = HiccupMeter.start())
        {
            // The first one warms up.
            for (int round = -1; round < setting.rounds(); round++)
            {
                measure(round);
            }
            hiccups = meter.stop();
        }
        catch (final MeasurementException ex)
        {
            failure = ex.getMessage();
        }
        final List<Histogram> raw = new ArrayList<>(totals.values());
        raw.add(hiccups);
        output.writeHistograms("tailers", raw);
        add(report, failure, hiccups);
    }

    private void measure(final int round)
    {
        run(round, ALONE, Beside.NOTHING);
        final TailersBeside tailers = new TailersBeside(setting.members());
        final double share = run(round, TAILERS, tailers);
        final double burnt = run(round, BURNER, new CpuBurner(share));
        if (round >= 0)
        {
            delivered += tailers.delivered();
            tailerShares[round] = share;
            burnerShares[round] = burnt;
            progress.printf(
                "F11/tailers round %d of %d: %s%n", round + 1, setting.rounds(), describe(round, share, burnt));
        }
    }

    private double run(final int round, final String side, final Beside beside)
    {
        final Path directory = output.scratch("tailers-" + side);
        try
        {
            final TailedRun run = new TailedRun(setting, beside, side);
            final Histogram histogram = run.run(directory);
            if (round >= 0)
            {
                totals.get(side).add(histogram);
                for (int i = 0; i < PERCENTILES.length; i++)
                {
                    values.get(side)[i][round] = histogram.getValueAtPercentile(PERCENTILES[i]) / NS_PER_US;
                }
            }
            return run.cpuShare();
        }
        finally
        {
            output.discard(directory);
        }
    }

    private String describe(final int round, final double share, final double burnt)
    {
        final StringBuilder text = new StringBuilder();
        values.forEach((side, percentiles) -> text.append(side)
            .append(" p50 ").append(Figure.plain(percentiles[0][round]))
            .append(" p99 ").append(Figure.plain(percentiles[1][round])).append(" us, "));
        return text.append("processor ").append(Figure.plain(share)).append(" and ").append(Figure.plain(burnt))
            .toString();
    }

    private void add(final FigureReport report, final String failure, final Histogram hiccups)
    {
        if (!failure.isEmpty())
        {
            report.add(Figure.atMost(
                "F11", "conditions of F11 on tailers that were missed", Double.NaN, "missed", 0, Double.NaN, "")
                .failed(failure));
            return;
        }
        final List<Figure> judged = new ArrayList<>();
        final List<Figure> details = new ArrayList<>();
        for (int i = 0; i < PERCENTILES.length; i++)
        {
            final String percentile = "p" + Figure.plain(PERCENTILES[i]);
            final double[] beside = values.get(TAILERS)[i];
            final Spread ratio = Spread.ratios(beside, values.get(BURNER)[i]);
            judged.add(Figure.atMost("F11/tailers/" + percentile + "/of-burner",
                percentile + " beside " + setting.members() + " tailers / beside a thread that burns as much time",
                ratio.median(), "x", MOST_OF_BURNER, 1, ratio.toString()));
            details.add(Figure.detail("F11/tailers/" + percentile + "/of-alone",
                percentile + " beside the tailers / with nothing beside",
                Spread.ratios(beside, values.get(ALONE)[i]).median(), "x"));
            final int index = i;
            values.forEach((side, percentiles) -> details.add(spread(
                "F11/tailers/" + side + "/" + percentile, "publish to handled", percentiles[index], "us")));
        }
        final long missed = judged.stream().filter((figure) -> !figure.ok()).count();
        report.add(Figure.atMost("F11", "conditions of F11 on tailers that were missed, of those below with a target",
            (double)missed, "missed", 0, Double.NaN, missed == 0 ? "" : "see the rows F11/… that are not ok"));
        judged.forEach(report::add);
        details.forEach(report::add);
        report.add(spread("F11/tailers/cpu", "share of one processor that the tailers take", tailerShares, "of one"));
        report.add(spread("F11/tailers/burner/cpu", "share that the burner took", burnerShares, "of one"));
        report.add(new Figure("F11/tailers/delivered", "events handed out to members, each as its filter says",
            (double)delivered, "events", "", Double.NaN, true,
            "counted apart from journal and filter language, " + setting.members() + " members in each round"));
        report.add(Figure.detail("F11/tailers/hiccup/p99.9", "stalls of the machine itself",
            hiccups.getValueAtPercentile(99.9) / NS_PER_US, "us"));
    }

    private static Figure spread(final String id, final String name, final double[] rounds, final String unit)
    {
        final Spread spread = Spread.of(rounds);
        return new Figure(id, name, spread.median(), unit, "", Double.NaN, true, spread.toString());
    }
}
