package io.sluice.perf.soak;

import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/** One soak from launch to verdict. */
final class SoakRun
{
    /** Name of the file with all samples. */
    static final String TIMELINE = "soak-timeline.json";

    private static final double NS_PER_US = 1000;

    private final RawOutput output;
    private final PrintStream progress;
    private final SoakSetting setting;

    SoakRun(final RawOutput output, final PrintStream progress, final SoakSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
    }

    void run(final FigureReport report)
    {
        final Path directory = output.scratch("soak");
        try
        {
            measure(report, directory);
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.atMost("P1-account", "events lost, repeated or not accounted for", Double.NaN, "events",
                0, Double.NaN, "").failed(e.getMessage()));
        }
        finally
        {
            output.discard(directory);
        }
    }

    private void measure(final FigureReport report, final Path directory)
    {
        try (IntervalLatencies latencies = new IntervalLatencies(output.directory().resolve("soak.hlog"));
            HiccupMeter meter = HiccupMeter.start();
            SoakLoad load = new SoakLoad(directory, setting, latencies);
            SoakSampler sampler = new SoakSampler(new ProcessProbe(directory), new DiskProbe(directory), latencies,
                progress, load.startNs(), setting.intervalNs()))
        {
            load.publish();
            final SoakSamples samples = sampler.finish();
            final Histogram hiccups = meter.stop();
            output.writeText(TIMELINE, samples.toJson(setting.warmUpS()));
            output.writeHistograms("soak-machine", List.of(hiccups));
            new FlatVerdict(setting.warmUpS()).judge(samples).forEach(report::add);
            report.add(Figure.detail("P1/hiccup/p99.9", "stalls of the machine itself",
                hiccups.getValueAtPercentile(99.9) / NS_PER_US, "us"));
            progress.println("published all; waiting for the last to be handled, then reading what is kept");
            final SoakCounts counts = load.closeAndCheck();
            counts.figures(KeptJournal.check(directory, counts.published())).forEach(report::add);
        }
    }
}
