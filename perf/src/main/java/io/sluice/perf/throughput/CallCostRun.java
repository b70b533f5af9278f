package io.sluice.perf.throughput;

import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.measure.Histograms;
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
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** F2: the bare ring and both publish paths in turn, round after round. */
final class CallCostRun
{
    private static final double MOST_OF_CLAIM = 2;
    private static final double MOST_OF_EVERYDAY = 5;
    private static final double LEAST_TAIL_TARGET_US = 10;
    private static final double STEADY = 0.05;
    private static final double NS_PER_US = 1000.0;

    private final RawOutput output;
    private final PrintStream progress;
    private final int payloadLength;
    private final int calls;
    private final int rounds;
    private final int warmUpRounds;
    private final List<Histogram> raw = new ArrayList<>();

    CallCostRun(
        final RawOutput output,
        final PrintStream progress,
        final int payloadLength,
        final int calls,
        final int rounds,
        final int warmUpRounds)
    {
        this.output = output;
        this.progress = progress;
        this.payloadLength = payloadLength;
        this.calls = calls;
        this.rounds = rounds;
        this.warmUpRounds = warmUpRounds;
    }

    /** One side of the comparison, all rounds. */
    private final class Side
    {
        private final String name;
        private final PublishPath path;
        private final double[] mediansNs = new double[rounds];
        private final Histogram calls;

        private Side(final String name, final PublishPath path)
        {
            this.name = name;
            this.path = path;
            calls = Histograms.create(name + ".call");
        }

        private double tailUs()
        {
            return calls.getValueAtPercentile(99.9) / NS_PER_US;
        }
    }

    void run(final FigureReport report)
    {
        final Side bare = new Side("bare-disruptor", null);
        final Side claim = new Side("sluice-claim", PublishPath.CLAIM);
        final Side everyday = new Side("sluice-everyday", PublishPath.EVERYDAY);
        final List<Side> sides = List.of(bare, claim, everyday);
        final Histogram hiccups;
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (final Side side : sides)
            {
                final SteadyState steady = new SteadyState(STEADY, warmUpRounds);
                boolean goesOn = true;
                while (goesOn)
                {
                    goesOn = steady.goesOn(play(side).medianNs());
                }
            }
            for (int round = 0; round < rounds; round++)
            {
                for (final Side side : sides)
                {
                    final CallTimer timer = play(side);
                    side.mediansNs[round] = timer.medianNs();
                    side.calls.add(timer.calls());
                    raw.add(timer.calls());
                    raw.add(timer.blocks());
                    progress.printf("F2 round %d of %d: %-24s p50 %8.1f ns%n",
                        round + 1, rounds, side.name, side.mediansNs[round]);
                }
            }
            hiccups = meter.stop();
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.detail("F2", "cost of a publish call", Double.NaN, "x").failed(e.getMessage()));
            return;
        }
        raw.add(hiccups);
        output.writeHistograms("publish-call", raw);
        judge(report, bare, claim, everyday, hiccups.getValueAtPercentile(99.9) / NS_PER_US);
        explain(report, CallParts.measure(payloadLength), bare, claim, everyday);
    }

    private static void explain(
        final FigureReport report, final CallParts parts, final Side bare, final Side claim, final Side everyday)
    {
        final double bareNs = Spread.of(bare.mediansNs).median();
        final double leastNs = bareNs + parts.clockNs() + parts.hashesNs();
        report.add(Figure.detail("F2/part/clock", "reading the clock, once a call", parts.clockNs(), "ns"));
        report.add(Figure.detail("F2/part/hashes", "hashing the record, once a call", parts.hashesNs(), "ns"));
        report.explain(
            "F2",
            String.format(Locale.ROOT,
                "claim %.0f ns, everyday %.0f ns; of these the bare call %.0f, reading the clock %.0f, hashing the " +
                "record %.0f",
                Spread.of(claim.mediansNs).median(), Spread.of(everyday.mediansNs).median(), bareNs, parts.clockNs(),
                parts.hashesNs()),
            String.format(Locale.ROOT, "clock and hashes, which the bare call does without, make it %.0f ns, %.1f x, " +
                "before anything is encoded", leastNs, leastNs / bareNs));
    }

    private CallTimer play(final Side side)
    {
        System.gc();
        final CallTimer timer = new CallTimer(side.name);
        final Path directory = output.scratch(side.name);
        try (PublishCall call = side.path == null ?
            new BareCall(payloadLength) : new SluiceCall(directory, payloadLength, side.path))
        {
            timer.time(call, 0, calls);
        }
        finally
        {
            output.discard(directory);
        }
        return timer;
    }

    private static void judge(
        final FigureReport report, final Side bare, final Side claim, final Side everyday, final double hiccupUs)
    {
        final Spread claimRatio = Spread.ratios(claim.mediansNs, bare.mediansNs);
        final Spread everydayRatio = Spread.ratios(everyday.mediansNs, bare.mediansNs);
        final double tailTargetUs = Math.max(LEAST_TAIL_TARGET_US, hiccupUs);
        final double bareNs = Spread.of(bare.mediansNs).median();
        report.add(new Figure(
            "F2",
            "publish call on the caller's thread, claim path p50 / bare Disruptor publish + 256 B copy",
            claimRatio.median(),
            "x",
            "<= 2; everyday <= 5; p99.9 <= max(10 us, hiccup p99.9)",
            1,
            claimRatio.median() <= MOST_OF_CLAIM && everydayRatio.median() <= MOST_OF_EVERYDAY &&
                claim.tailUs() <= tailTargetUs && everyday.tailUs() <= tailTargetUs,
            claimRatio.toString()));
        report.add(Figure.atMost("F2/claim", "claim path p50 / bare p50, blocks of 32 calls", claimRatio.median(), "x",
            MOST_OF_CLAIM, 1, claimRatio.toString()));
        report.add(Figure.atMost("F2/everyday", "everyday path p50 / bare p50, blocks of 32 calls",
            everydayRatio.median(), "x", MOST_OF_EVERYDAY, 1, everydayRatio.toString()));
        for (final Side side : List.of(bare, claim, everyday))
        {
            final Spread spread = Spread.of(side.mediansNs);
            report.add(new Figure("F2/" + side.name + "/p50", "cost of a call, without reading the clock",
                spread.median(), "ns", "", bareNs, true, spread.toString()));
            report.add(new Figure("F2/" + side.name + "/p50-clocked", "cost of a call, with reading the clock",
                side.calls.getValueAtPercentile(50.0), "ns", "", bare.calls.getValueAtPercentile(50.0), true, ""));
            report.add(side == bare ?
                Figure.detail("F2/" + side.name + "/p99.9", "tail of the call", side.tailUs(), "us") :
                Figure.atMost("F2/" + side.name + "/p99.9", "tail of the call", side.tailUs(), "us", tailTargetUs,
                    hiccupUs, "baseline: hiccups of the machine"));
        }
        report.add(Figure.detail("F2/hiccup/p99.9", "hiccups of the machine in the same run", hiccupUs, "us"));
    }
}
