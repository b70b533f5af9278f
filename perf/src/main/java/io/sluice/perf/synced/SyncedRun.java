package io.sluice.perf.synced;

import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.PublishPath;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** F6: all sides in turn, round after round; ratios are taken within a round. */
final class SyncedRun
{
    private static final double MOST_OF_FORCE = 3;
    private static final double LEAST_OF_ONE_FORCE = 50;
    private static final double LEAST_OF_AERON = 1;
    private static final double MOST_BESIDE = 2;
    private static final double NS_PER_US = 1e3;
    private static final double MILLION = 1e6;
    private static final String PREALLOCATED = "fdatasync/preallocated";
    private static final String GROWING = "fdatasync/growing";
    private static final String ONE = "1-publisher";
    private static final String AERON = "aeron-archive";
    private static final String ALONE = "journaled/alone";
    private static final String BESIDE = "journaled/beside";

    private final RawOutput output;
    private final PrintStream progress;
    private final SyncedSetting setting;
    private final int rounds;
    private final SyncedSides sides;
    private final String many;
    private final String handOvers;
    private final String outstanding;
    private final Map<String, double[]> rates = new LinkedHashMap<>();
    private final Map<String, double[]> medians = new LinkedHashMap<>();
    private final Map<String, double[]> tails = new LinkedHashMap<>();
    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private final List<Figure> details = new ArrayList<>();

    SyncedRun(final RawOutput output, final PrintStream progress, final SyncedSetting setting, final int rounds)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        this.rounds = rounds;
        sides = new SyncedSides(output, setting);
        many = setting.publishers() + "-publishers";
        handOvers = setting.publishers() + "-hand-overs";
        outstanding = setting.publishers() + "-outstanding";
    }

    void run(final FigureReport report)
    {
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (int round = 0; round < rounds; round++)
            {
                play(round);
            }
            histograms.put("hiccup", meter.stop());
            judge();
            int missed = 0;
            for (final Figure detail : details)
            {
                missed += detail.ok() ? 0 : 1;
            }
            report.add(Figure.atMost("F6", "conditions of F6 that were missed, of those below with a target", missed,
                "missed", 0, Double.NaN, missed == 0 ? "" : "see the rows F6/… that are not ok"));
            explain(report);
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.atMost("F6", "SYNCED", Double.NaN, "missed", 0, Double.NaN,
                "").failed(e.getMessage()));
        }
        details.forEach(report::add);
        output.writeHistograms("synced", histograms.values());
    }

    private void play(final int round)
    {
        timed(round, PREALLOCATED, () -> sides.forces(false));
        timed(round, GROWING, () -> sides.forces(true));
        timed(round, ONE, () -> sides.waiting(1));
        timed(round, many, () -> sides.waiting(setting.publishers()));
        timed(round, handOvers, () -> sides.handOvers(setting.publishers()));
        timed(round, outstanding, () -> sides.outstanding(setting.publishers()));
        for (final PublishPath path : PublishPath.values())
        {
            streamed(round, "pipelined/" + path.label(), () -> sides.pipelined(path));
        }
        streamed(round, AERON, sides::aeron);
        if (round == 0)
        {
            progress.println(sides.aeronSettings());
        }
        for (final String name : new String[]{ALONE, BESIDE})
        {
            final Histogram latency = sides.journaled(BESIDE.equals(name));
            keep(round, name, latency);
            progress.printf("F6 round %d of %d: %-24s JOURNALED at %d/s, p50 %.1f us, p99.9 %.1f us%n",
                round + 1, rounds, name, setting.rate(), us(latency, 50.0), us(latency, 99.9));
        }
    }

    private void timed(final int round, final String name, final Supplier<SyncedSides.Result> side)
    {
        final SyncedSides.Result result = side.get();
        keep(round, name, result.latency());
        series(rates, name)[round] = result.eventsPerSecond();
        progress.printf("F6 round %d of %d: %-24s %,12.0f events/s, p50 %.1f us, p99.9 %.1f us%n", round + 1, rounds,
            name, result.eventsPerSecond(), us(result.latency(), 50.0), us(result.latency(), 99.9));
    }

    private void streamed(final int round, final String name, final Supplier<Double> side)
    {
        final double rate = side.get();
        series(rates, name)[round] = rate;
        progress.printf("F6 round %d of %d: %-24s %,12.0f events/s%n", round + 1, rounds, name, rate);
    }

    private void keep(final int round, final String name, final Histogram latency)
    {
        series(medians, name)[round] = us(latency, 50.0);
        series(tails, name)[round] = us(latency, 99.9);
        final Histogram sum = histograms.putIfAbsent(name, latency);
        if (sum != null)
        {
            sum.add(latency);
        }
    }

    private double[] series(final Map<String, double[]> all, final String name)
    {
        return all.computeIfAbsent(name, (key) -> new double[rounds]);
    }

    private void judge()
    {
        final double[] force = best(medians.get(PREALLOCATED), medians.get(GROWING), false);
        final double[] oneForce = best(rates.get(PREALLOCATED), rates.get(GROWING), true);
        final Spread latency = Spread.ratios(medians.get(ONE), force);
        details.add(Figure.atMost("F6/" + ONE + "/of-fdatasync",
            "p50 of one publisher that waits for SYNCED / of a bare write and fdatasync, the faster of the two files",
            latency.median(), "x", MOST_OF_FORCE, 1, latency.toString()));
        final Spread group = Spread.ratios(rates.get(many), oneForce);
        details.add(Figure.atLeast("F6/" + many + "/of-one-force",
            "events/s of " + setting.publishers() + " publishers that each wait / of one force per event",
            group.median(), "x", LEAST_OF_ONE_FORCE, 1, group.toString()));
        final Spread wakes = Spread.ratios(rates.get(many), rates.get(handOvers));
        details.add(new Figure("F6/" + many + "/of-hand-overs",
            "events/s of " + setting.publishers() + " publishers that each wait / of as many threads that wait for " +
                "nothing in turn, without events, journal and device: what the processors permit",
            wakes.median(), "x", "", 1, true, wakes.toString()));
        final Spread async = Spread.ratios(rates.get(outstanding), oneForce);
        details.add(new Figure("F6/" + outstanding + "/of-one-force",
            "events/s of one publisher with " + setting.publishers() + " events outstanding / of one force per event",
            async.median(), "x", "", 1, true, async.toString()));
        judgePipelined();
        final Spread beside = Spread.ratios(tails.get(BESIDE), tails.get(ALONE));
        details.add(Figure.atMost("F6/journaled/beside-of-alone",
            "p99.9 of JOURNALED at " + setting.rate() + "/s beside a publisher that waits for SYNCED / without",
            beside.median(), "x", MOST_BESIDE, 1, beside.toString()));
        for (final Map.Entry<String, double[]> rate : rates.entrySet())
        {
            final Spread spread = Spread.of(rate.getValue());
            details.add(new Figure("F6/" + rate.getKey() + "/rate", "events per second", spread.median(), "events/s",
                "", Double.NaN, true, AERON.equals(rate.getKey()) ? sides.aeronSettings() : spread.toString()));
        }
        for (final Map.Entry<String, Histogram> side : histograms.entrySet())
        {
            for (final double percentile : new double[]{50.0, 99.9})
            {
                details.add(Figure.detail("F6/" + side.getKey() + "/p" + Figure.plain(percentile),
                    "hiccup".equals(side.getKey()) ? "hiccups of the machine in the same run" : "latency, all rounds",
                    us(side.getValue(), percentile), "us"));
            }
        }
    }

    private void judgePipelined()
    {
        Spread worst = null;
        String name = "";
        for (final PublishPath path : PublishPath.values())
        {
            final Spread ratio = Spread.ratios(rates.get("pipelined/" + path.label()), rates.get(AERON));
            if (worst == null || ratio.median() < worst.median())
            {
                worst = ratio;
                name = path.label();
            }
        }
        details.add(Figure.atLeast("F6/pipelined/of-aeron-archive",
            "events/s until the last is synced, the slower publish path (" + name +
                ") / of Aeron Archive at sync level 1",
            worst.median(), "x", LEAST_OF_AERON, 1, worst.toString()));
    }

    private void explain(final FigureReport report)
    {
        final double[] oneForce = best(rates.get(PREALLOCATED), rates.get(GROWING), true);
        report.explain(
            "F6",
            "the last stream, " + sides.streamProfile(),
            String.format(Locale.ROOT,
                "%d threads that wait for nothing hand over %.0f x as often as one force takes; a stream at that " +
                "processor time has %.2f M events/s if no processor ever rests",
                setting.publishers(), Spread.ratios(rates.get(handOvers), oneForce).median(),
                sides.mostStreamedPerSecond() / MILLION));
    }

    private static double[] best(final double[] some, final double[] others, final boolean isGreatest)
    {
        final double[] best = some.clone();
        Arrays.setAll(best, (i) -> isGreatest ? Math.max(some[i], others[i]) : Math.min(some[i], others[i]));
        return best;
    }

    private static double us(final Histogram histogram, final double percentile)
    {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / NS_PER_US;
    }
}
