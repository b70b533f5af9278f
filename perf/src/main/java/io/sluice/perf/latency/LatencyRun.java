package io.sluice.perf.latency;

import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.perf.measure.CompilerRest;
import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Plays all rates and sizes, engine and baseline in turn, and judges. */
final class LatencyRun
{
    private static final double MOST_P50_US = 100;
    private static final double MOST_P50_SPINNING_US = 2;
    private static final double MOST_OF_BASELINE_TAIL = 0.2;
    private static final double MOST_OF_UNLOADED = 2;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double MOST_COMPILING = 0.01;
    private static final int MAX_WARM_UP_ROUNDS = 6;

    private final RawOutput output;
    private final PrintStream progress;
    private final LatencySetting setting;
    private final List<Integer> rates;
    private final List<Integer> payloads;
    private final SluiceLatency sluice;
    private final HandWiredLatency handWired;
    private final EngineContext defaults = new EngineContext();
    private final List<Histogram> raw = new ArrayList<>();
    private final List<Figure> details = new ArrayList<>();
    private final Map<Integer, String> profiles = new TreeMap<>();
    private String floodProfile = "";

    LatencyRun(
        final RawOutput output,
        final PrintStream progress,
        final LatencySetting setting,
        final List<Integer> rates,
        final List<Integer> payloads)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        this.rates = rates;
        this.payloads = payloads;
        sluice = new SluiceLatency(output, setting);
        handWired = new HandWiredLatency(output, setting);
    }

    void run(final FigureReport report)
    {
        String failure = "";
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (final int payloadLength : payloads)
            {
                measure(payloadLength);
            }
            final int missedOfF4 = missed();
            measureFlood(payloads.get(0));
            final Histogram hiccups = meter.stop();
            raw.add(hiccups);
            addHiccups(hiccups);
            explain(report, hiccups);
            report.add(Figure.atMost("F4", "conditions of F4 that were missed, of those below with a target",
                missedOfF4, "missed", 0, Double.NaN, missedOfF4 == 0 ? "" : "see the rows F4/… that are not ok"));
        }
        catch (final MeasurementException e)
        {
            failure = e.getMessage();
        }
        output.writeHistograms("latency", raw);
        if (!failure.isEmpty())
        {
            report.add(Figure.atMost("F4", "latency", Double.NaN, "missed", 0, Double.NaN, "").failed(failure));
        }
        details.forEach(report::add);
    }

    // A method that is compiled amid a run, on one of the cores that the run needs, is seen in the tail. So both sides
    // play short runs until the compilers do next to nothing.
    private void warmUp(final int payloadLength)
    {
        final LatencySetting brief = setting.brief();
        final SluiceLatency engine = new SluiceLatency(output, brief);
        final HandWiredLatency baseline = new HandWiredLatency(output, brief);
        final CompilerRest compilers = new CompilerRest();
        long mostMs;
        int round = 0;
        do
        {
            compilers.workedMs();
            final long startNs = System.nanoTime();
            engine.mixed(rates.get(rates.size() - 1), payloadLength);
            baseline.run(rates.get(0), payloadLength);
            mostMs = (long)((System.nanoTime() - startNs) / NS_PER_MS * MOST_COMPILING);
            round++;
        }
        while (compilers.workedMs() > mostMs && round < MAX_WARM_UP_ROUNDS);
        progress.printf("warm-up for %d B: %d rounds%n", payloadLength, round);
    }

    private int missed()
    {
        int missed = 0;
        for (final Figure detail : details)
        {
            missed += detail.ok() ? 0 : 1;
        }
        return missed;
    }

    private void measure(final int payloadLength)
    {
        warmUp(payloadLength);
        final int baselineRate = rates.get(0);
        final double[] sluiceTails = new double[setting.rounds()];
        final double[] baselineTails = new double[setting.rounds()];
        final List<LatencyRecorder> totals = new ArrayList<>();
        for (final int rate : rates)
        {
            totals.add(new LatencyRecorder("sluice." + payloadLength + "B." + rate));
        }
        Histogram baseline = null;
        for (int round = 0; round < setting.rounds(); round++)
        {
            for (int i = 0; i < rates.size(); i++)
            {
                final int rate = rates.get(i);
                final LatencyRecorder recorder = sluice.mixed(rate, payloadLength);
                totals.get(i).add(recorder);
                profiles.put(rate, sluice.times().partOfTime());
                final Histogram all = recorder.all("all");
                tell(round, "sluice", payloadLength, rate, all);
                if (rate == baselineRate)
                {
                    sluiceTails[round] = all.getValueAtPercentile(99.9);
                    final Histogram other = handWired.run(rate, payloadLength);
                    tell(round, "hand-wired", payloadLength, rate, other);
                    baselineTails[round] = other.getValueAtPercentile(99.9);
                    baseline = add(baseline, other);
                }
            }
        }
        for (int i = 0; i < rates.size(); i++)
        {
            addRate("F4/" + payloadLength + "B/" + rates.get(i), totals.get(i));
        }
        addBaseline("F4/" + payloadLength + "B/" + baselineRate, sluiceTails, baselineTails, baseline);
    }

    private void addRate(final String id, final LatencyRecorder total)
    {
        final Histogram all = total.all(id.replace('/', '.') + ".all");
        raw.add(all);
        details.add(Figure.atMost(id + "/p50", "median of all priorities", us(all, 50.0), "us",
            setting.isSpinning() ? MOST_P50_SPINNING_US : MOST_P50_US, Double.NaN, ""));
        details.add(Figure.detail(id + "/p99.9", "tail of all priorities", us(all, 99.9), "us"));
        for (final Priority priority : Priority.values())
        {
            final Histogram histogram = total.of(priority);
            raw.add(histogram);
            final double budgetUs = defaults.budgetNs(priority) / NS_PER_US;
            final long over = histogram.getTotalCount() == 0 ? 0 :
                histogram.getCountBetweenValues(defaults.budgetNs(priority) + 1, Long.MAX_VALUE);
            final String count = over + " of " + histogram.getTotalCount() + " events over budget, max " +
                Figure.plain(histogram.getMaxValue() / NS_PER_US) + " us";
            details.add(Figure.atMost(id + "/" + priority.label() + "/p99.99", "tail against the budget",
                us(histogram, 99.99), "us", budgetUs, Double.NaN, count));
        }
    }

    private void addBaseline(
        final String id, final double[] sluiceTails, final double[] baselineTails, final Histogram baseline)
    {
        raw.add(baseline);
        final Spread ratio = Spread.ratios(sluiceTails, baselineTails);
        details.add(Figure.atMost(id + "/of-hand-wired", "p99.9 / p99.9 of hand-wired Disruptor and bare Chronicle",
            ratio.median(), "x", MOST_OF_BASELINE_TAIL, 1, ratio.toString()));
        details.add(Figure.detail(id + "/hand-wired/p50", "median of the baseline", us(baseline, 50.0), "us"));
        details.add(Figure.detail(id + "/hand-wired/p99.9", "tail of the baseline", us(baseline, 99.9), "us"));
    }

    private void measureFlood(final int payloadLength)
    {
        final double[] unloaded = new double[setting.rounds()];
        final double[] flooded = new double[setting.rounds()];
        Histogram allUnloaded = null;
        Histogram allFlooded = null;
        for (int round = 0; round < setting.rounds(); round++)
        {
            final Histogram quiet = sluice.critical(payloadLength, false);
            final Histogram loud = sluice.critical(payloadLength, true);
            floodProfile = sluice.times().partOfTime();
            unloaded[round] = quiet.getValueAtPercentile(99.9);
            flooded[round] = loud.getValueAtPercentile(99.9);
            allUnloaded = add(allUnloaded, quiet);
            allFlooded = add(allFlooded, loud);
            tell(round, "CRITICAL unloaded", payloadLength, 1000, quiet);
            tell(round, "CRITICAL beside LOW", payloadLength, 1000, loud);
        }
        raw.add(allUnloaded);
        raw.add(allFlooded);
        final Spread ratio = Spread.ratios(flooded, unloaded);
        final int without = sluice.roundsWithoutFlood();
        final Figure figure = Figure.atMost("F5/critical", "p99.9 of CRITICAL beside a flood of LOW / unloaded",
            ratio.median(), "x", MOST_OF_UNLOADED, 1, ratio.toString());
        details.add(without == 0 ? figure : figure.missed(
            "the engine took every LOW event in " + without + " of " + setting.rounds() + " rounds: no flood"));
        details.add(new Figure("F5/critical/p99.9", "p99.9 of CRITICAL beside a flood of LOW",
            us(allFlooded, 99.9), "us", "", us(allUnloaded, 99.9), true, "baseline: unloaded"));
    }

    private void addHiccups(final Histogram hiccups)
    {
        for (final double percentile : new double[]{99.0, 99.9, 99.99})
        {
            details.add(Figure.detail("F4/hiccup/p" + Figure.plain(percentile),
                "hiccups of the machine in the same run", us(hiccups, percentile), "us"));
        }
    }

    // The tail is where a thread that is needed has no processor: the last round of each rate, of the last size.
    private void explain(final FigureReport report, final Histogram hiccups)
    {
        final String bound = String.format(Locale.ROOT,
            "what the machine does to a thread that only sleeps: woken late by %.0f us at p99.9, %.0f us at p99.99, " +
            "%.0f us at most",
            us(hiccups, 99.9), us(hiccups, 99.99), hiccups.getMaxValue() / NS_PER_US);
        report.explain("F4", profiles.entrySet().stream()
            .map((entry) -> "at " + entry.getKey() + "/s " + entry.getValue())
            .collect(Collectors.joining("; ")), bound);
        report.explain("F5/critical", "beside the flood " + floodProfile, bound);
    }

    private void tell(
        final int round, final String side, final int payloadLength, final int rate, final Histogram histogram)
    {
        progress.printf(
            "round %d of %d: %-20s %5d B %7d/s p50 %9.1f us, p99.9 %9.1f us, p99.99 %9.1f us, max %9.1f us%n",
            round + 1, setting.rounds(), side, payloadLength, rate, us(histogram, 50.0), us(histogram, 99.9),
            us(histogram, 99.99), histogram.getMaxValue() / NS_PER_US);
    }

    private static Histogram add(final Histogram sum, final Histogram other)
    {
        if (sum == null)
        {
            return other;
        }
        sum.add(other);
        return sum;
    }

    private static double us(final Histogram histogram, final double percentile)
    {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / NS_PER_US;
    }
}
