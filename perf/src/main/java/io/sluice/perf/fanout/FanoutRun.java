package io.sluice.perf.fanout;

import io.sluice.perf.measure.Contender;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.measure.SteadyState;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Ten subscriptions alone, and the same ten among a hundred, round after round; the ratio of each round counts. */
final class FanoutRun
{
    private static final int MATCHING = 10;
    private static final int OTHERS = 90;
    private static final double LEAST = 0.9;
    private static final double STEADY = 0.05;
    private static final int WARM_UP_PART = 10;
    private static final String NAME = "throughput with 100 subscriptions of which ten match / with those ten alone";

    private final RawOutput output;
    private final PrintStream progress;
    private final int events;
    private final int rounds;
    private final int warmUpRounds;

    FanoutRun(
        final RawOutput output,
        final PrintStream progress,
        final int events,
        final int rounds,
        final int warmUpRounds)
    {
        this.output = output;
        this.progress = progress;
        this.events = events;
        this.rounds = rounds;
        this.warmUpRounds = warmUpRounds;
    }

    void run(final FigureReport report)
    {
        final List<Contender> sides = List.of(
            new ManySubscriptions("ten", MATCHING, 0, ManySubscriptions.Miss.PATTERN),
            new ManySubscriptions("hundred", MATCHING, OTHERS, ManySubscriptions.Miss.PATTERN),
            new ManySubscriptions("hundred-filtered", MATCHING, OTHERS, ManySubscriptions.Miss.FILTER));
        final double[][] rates = new double[sides.size()][rounds];
        try
        {
            for (final Contender side : sides)
            {
                final SteadyState steady = new SteadyState(STEADY, warmUpRounds);
                boolean goesOn = true;
                while (goesOn)
                {
                    goesOn = steady.goesOn(play(side));
                }
            }
            for (int round = 0; round < rounds; round++)
            {
                for (int side = 0; side < rates.length; side++)
                {
                    rates[side][round] = play(sides.get(side));
                    progress.printf(Locale.ROOT, "F11 round %d of %d: %-18s %,12.0f events/s%n",
                        round + 1, rounds, sides.get(side).name(), rates[side][round]);
                }
            }
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.atLeast("F11", NAME, Double.NaN, "x", LEAST, 1, "").failed(e.getMessage()));
            return;
        }
        final Spread ratio = Spread.ratios(rates[1], rates[0]);
        final Spread filtered = Spread.ratios(rates[2], rates[0]);
        report.add(Figure.atLeast("F11", NAME, ratio.median(), "x", LEAST, 1, ratio.toString()));
        report.add(new Figure("F11/filtered", "the same, but the others' filters are asked for each event",
            filtered.median(), "x", "", 1, true, filtered.toString()));
        for (int side = 0; side < rates.length; side++)
        {
            final Spread spread = Spread.of(rates[side]);
            report.add(new Figure("F11/" + sides.get(side).name(), "publish to handled by all that match",
                spread.median(), "events/s", "", Spread.of(rates[0]).median(), true, spread.toString()));
        }
    }

    private double play(final Contender side)
    {
        System.gc();
        final Path directory = output.scratch(side.name());
        try
        {
            return side.eventsPerSecond(directory, events / WARM_UP_PART, events);
        }
        finally
        {
            output.discard(directory);
        }
    }
}
