package io.sluice.perf.latency;

import io.sluice.event.Priority;
import io.sluice.perf.baseline.HandWiredPipeline;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** The baseline: Disruptor and bare Chronicle under the same schedule; no pages prepared, no checksum. */
final class HandWiredLatency
{
    private static final long LEAD_NS = 10_000_000L;

    private final RawOutput output;
    private final LatencySetting setting;

    HandWiredLatency(final RawOutput output, final LatencySetting setting)
    {
        this.output = output;
        this.setting = setting;
    }

    /**
     * Events at a rate.
     *
     * @param rate          events per second.
     * @param payloadLength of the events.
     * @return latencies, warm-up left out.
     */
    Histogram run(final int rate, final int payloadLength)
    {
        final Path directory = output.scratch("hand-wired-" + rate);
        final LatencyRecorder recorder = new LatencyRecorder("hand-wired");
        final RecordTemplate template = new RecordTemplate(payloadLength);
        final long published;
        // The ring knows no priorities: all events count as one.
        final int code = Priority.NORMAL.code();
        try (HandWiredPipeline pipeline = new HandWiredPipeline(
            directory, template, 0, false, (number) -> recorder.onHandled(number, code)))
        {
            final long startNs = System.nanoTime() + LEAD_NS;
            recorder.from(startNs + setting.warmUpNs());
            published = OpenLoop.run(
                (intendedNs, priority) -> pipeline.publish(template.number(intendedNs)),
                rate,
                startNs,
                setting.warmUpNs() + setting.durationNs());
            pipeline.await(published);
            MeasurementException.require("events appended by the hand-wired pipeline", published, pipeline.appended());
        }
        finally
        {
            output.discard(directory);
        }
        return recorder.all("hand-wired." + payloadLength + "B." + rate);
    }
}
