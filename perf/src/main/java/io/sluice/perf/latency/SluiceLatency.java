package io.sluice.perf.latency;

import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;

/** Runs of the engine under a schedule. Each run has an engine and a directory of its own. */
final class SluiceLatency
{
    private static final long LEAD_NS = 10_000_000L;
    private static final int CRITICAL_RATE = 1000;

    private final RawOutput output;
    private final LatencySetting setting;
    private ThreadTimes times = new ThreadTimes();
    private int roundsWithoutFlood;

    SluiceLatency(final RawOutput output, final LatencySetting setting)
    {
        this.output = output;
        this.setting = setting;
    }

    /**
     * Mixed priorities at a rate.
     *
     * @param rate          events per second.
     * @param payloadLength of the events.
     * @return latencies, warm-up left out.
     */
    LatencyRecorder mixed(final int rate, final int payloadLength)
    {
        final Path directory = output.scratch("sluice-" + rate);
        final LatencyRecorder recorder = new LatencyRecorder("sluice." + payloadLength + "B." + rate);
        try (MeasuredEngine engine = new MeasuredEngine(context(directory), payloadLength, recorder))
        {
            final long startNs = System.nanoTime() + LEAD_NS;
            final long offsetNs = engine.clockOffsetNs();
            recorder.from(startNs + setting.warmUpNs());
            times = new ThreadTimes();
            times.begin();
            OpenLoop.run(
                (intendedNs, priority) ->
                    engine.publish(PublishPath.EVERYDAY, intendedNs, priority, intendedNs + offsetNs),
                rate,
                startNs,
                setting.warmUpNs() + setting.durationNs());
            times.end();
            engine.closeAndCheck();
        }
        finally
        {
            output.discard(directory);
        }
        return recorder;
    }

    /**
     * CRITICAL at a low rate, and in the time between, from the same thread, as many LOW events as the engine
     * takes, or none.
     *
     * @param payloadLength of the events.
     * @param isFlooded     whether there are LOW events.
     * @return latencies of CRITICAL, warm-up left out.
     */
    Histogram critical(final int payloadLength, final boolean isFlooded)
    {
        final Path directory = output.scratch("sluice-flood");
        final LatencyRecorder recorder = new LatencyRecorder(isFlooded ? "flooded" : "unloaded");
        try (MeasuredEngine engine = new MeasuredEngine(context(directory), payloadLength, recorder))
        {
            final long startNs = System.nanoTime() + LEAD_NS;
            final long offsetNs = engine.clockOffsetNs();
            final EpochNanoClock clock = engine.engine().context().clock();
            recorder.from(startNs + setting.warmUpNs());
            // Numbers of LOW events lie below all intended times that are recorded, so they are unique and left out.
            final long[] low = {Long.MIN_VALUE};
            final Runnable filler = isFlooded ?
                () -> engine.tryPublish(PublishPath.EVERYDAY, low[0]++, Priority.LOW, clock.nanoTime()) :
                Thread::onSpinWait;
            times = new ThreadTimes();
            times.begin();
            OpenLoop.run(
                (intendedNs, priority) ->
                    engine.publish(PublishPath.EVERYDAY, intendedNs, priority, intendedNs + offsetNs),
                Priority.CRITICAL,
                CRITICAL_RATE,
                startNs,
                setting.warmUpNs() + setting.durationNs(),
                filler);
            times.end();
            if (isFlooded && engine.refusals() == 0)
            {
                roundsWithoutFlood++;
            }
            engine.closeAndCheck();
        }
        finally
        {
            output.discard(directory);
        }
        final Histogram critical = Histograms.create(isFlooded ? "critical.flooded" : "critical.unloaded");
        critical.add(recorder.of(Priority.CRITICAL));
        return critical;
    }

    /** @return what the threads did in the last run. */
    ThreadTimes times()
    {
        return times;
    }

    /** @return rounds in which the engine kept up with the LOW events, so that there was no flood to speak of. */
    int roundsWithoutFlood()
    {
        return roundsWithoutFlood;
    }

    private EngineContext context(final Path directory)
    {
        final EngineContext context = new EngineContext().directory(directory).threadingMode(setting.threadingMode());
        return setting.isSpinning() ? context.idleStrategy(BusySpinIdleStrategy::new) : context;
    }
}
