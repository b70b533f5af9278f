package io.sluice.perf.throughput;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.perf.baseline.BareChronicleLoop;
import io.sluice.perf.baseline.HandWiredThroughput;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.measure.SteadyState;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.PublishPath;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** F1: all sides in turn, round after round; ratios are taken within a round. */
final class ThroughputRun
{
    private static final double LEAST_OF_HAND_WIRED = 0.8;
    private static final double LEAST_OF_BARE = 0.9;
    private static final double FAST_BARE = 1_200_000;
    private static final double LEAST_WHERE_BARE_IS_FAST = 1_000_000;
    private static final double STEADY = 0.05;
    private static final int WARM_UP_PART = 5;
    private static final double MILLION = 1e6;

    private final RawOutput output;
    private final PrintStream progress;
    private final int events;
    private final int rounds;
    private final int warmUpRounds;
    private final Contender bare;
    private final Contender handWired;
    private final List<SluiceThroughput> sluices = new ArrayList<>();
    private final List<SluiceThroughput> judged = new ArrayList<>();
    private final Map<Contender, double[]> rates = new LinkedHashMap<>();

    ThroughputRun(
        final RawOutput output,
        final PrintStream progress,
        final int payloadLength,
        final int events,
        final int rounds,
        final int warmUpRounds)
    {
        this.output = output;
        this.progress = progress;
        this.events = events;
        this.rounds = rounds;
        this.warmUpRounds = warmUpRounds;
        bare = new BareChronicleLoop(payloadLength);
        handWired = new HandWiredThroughput(payloadLength);
        final ThreadingMode byDefault = new EngineContext().threadingMode();
        for (final ThreadingMode mode : new ThreadingMode[]{ThreadingMode.SHARED, ThreadingMode.PAIRED})
        {
            for (final PublishPath path : PublishPath.values())
            {
                final SluiceThroughput sluice = new SluiceThroughput(payloadLength, mode, path);
                sluices.add(sluice);
                if (mode == byDefault)
                {
                    judged.add(sluice);
                }
            }
        }
        rates.put(bare, new double[rounds]);
        rates.put(handWired, new double[rounds]);
        for (final Contender sluice : sluices)
        {
            rates.put(sluice, new double[rounds]);
        }
    }

    void run(final FigureReport report)
    {
        try
        {
            warmUp();
            for (int round = 0; round < rounds; round++)
            {
                for (final Map.Entry<Contender, double[]> side : rates.entrySet())
                {
                    side.getValue()[round] = play(side.getKey(), events);
                    progress.printf("F1 round %d of %d: %-24s %,12.0f events/s%n",
                        round + 1, rounds, side.getKey().name(), side.getValue()[round]);
                }
            }
            judge(report);
        }
        catch (final MeasurementException e)
        {
            report.add(
                Figure.detail("F1", "events per second, publish to handled", Double.NaN, "events/s")
                    .failed(e.getMessage()));
        }
    }

    private void warmUp()
    {
        for (final Contender side : rates.keySet())
        {
            final SteadyState steady = new SteadyState(STEADY, warmUpRounds);
            boolean goesOn = true;
            while (goesOn)
            {
                goesOn = steady.goesOn(play(side, Math.max(events / WARM_UP_PART, 1)));
            }
            progress.printf("F1 warm-up: %-24s %s after %d rounds%n",
                side.name(), steady.isSteady() ? "steady" : "not yet steady", steady.rounds());
        }
    }

    private double play(final Contender side, final int count)
    {
        // What the last side left behind must not be collected on this side's time.
        System.gc();
        final Path directory = output.scratch(side.name());
        try
        {
            return side.eventsPerSecond(directory, Math.max(count / WARM_UP_PART, 1), count);
        }
        finally
        {
            output.discard(directory);
        }
    }

    private void judge(final FigureReport report)
    {
        final double bareRate = Spread.of(rates.get(bare)).median();
        final double handWiredRate = Spread.of(rates.get(handWired)).median();
        SluiceThroughput slowest = judged.get(0);
        for (final SluiceThroughput sluice : judged)
        {
            if (Spread.of(rates.get(sluice)).median() < Spread.of(rates.get(slowest)).median())
            {
                slowest = sluice;
            }
        }
        final Spread rate = Spread.of(rates.get(slowest));
        final Spread ofHandWired = Spread.ratios(rates.get(slowest), rates.get(handWired));
        final Spread ofBare = Spread.ratios(rates.get(slowest), rates.get(bare));
        final boolean isFastEnough = bareRate < FAST_BARE || rate.median() >= LEAST_WHERE_BARE_IS_FAST;
        report.add(new Figure(
            "F1",
            "events per second, publish to handled, 256 B, JOURNALED, the slower path of the default threading mode",
            rate.median(),
            "events/s",
            ">= 0.8 x hand-wired, >= 0.9 x bare Chronicle" + (bareRate < FAST_BARE ? "" : ", >= 1000000"),
            handWiredRate,
            ofHandWired.median() >= LEAST_OF_HAND_WIRED && ofBare.median() >= LEAST_OF_BARE && isFastEnough,
            slowest.name() + ", " + rate));
        report.explain("F1", slowest.profile(), String.format(Locale.ROOT,
            "the processors of this machine, if they never rested: %.2f M/s, %.2f x hand-wired",
            slowest.mostPerSecond() / MILLION, slowest.mostPerSecond() / handWiredRate));
        report.add(Figure.atLeast("F1/of-hand-wired", "rate of F1 / hand-wired, round by round",
            ofHandWired.median(), "x", LEAST_OF_HAND_WIRED, Double.NaN, ofHandWired.toString()));
        report.add(Figure.atLeast("F1/of-bare-chronicle", "rate of F1 / bare Chronicle loop, round by round",
            ofBare.median(), "x", LEAST_OF_BARE, Double.NaN, ofBare.toString()));
        for (final Map.Entry<Contender, double[]> side : rates.entrySet())
        {
            final Spread spread = Spread.of(side.getValue());
            report.add(new Figure("F1/" + side.getKey().name(), "events per second", spread.median(), "events/s", "",
                handWiredRate, true, spread.toString()));
        }
    }
}
