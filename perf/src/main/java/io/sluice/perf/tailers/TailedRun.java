package io.sluice.perf.tailers;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** One engine under a schedule of intended times, with something beside it. */
final class TailedRun
{
    private static final long LEAD_NS = 10_000_000L;
    private static final long HANDLED_TIMEOUT_NS = 60_000_000_000L;

    private final TailersSetting setting;
    private final Beside beside;
    private final Histogram histogram;
    private final RunLog log = new RunLog();
    private final PerfEvents events = new PerfEvents();
    private final EventBuilder builder = new EventBuilder();
    private final AtomicLong handled = new AtomicLong();
    private long fromNs = Long.MAX_VALUE;
    private long offsetNs;
    private long cpuBeforeNs = -1;
    private double cpuShare;

    TailedRun(final TailersSetting setting, final Beside beside, final String tag)
    {
        this.setting = setting;
        this.beside = beside;
        histogram = Histograms.create(tag);
    }

    /**
     * Run.
     *
     * @param directory of the engine.
     * @return latencies from the intended time to handled, warm-up left out.
     */
    Histogram run(final Path directory)
    {
        final EngineContext context = new EngineContext()
            .directory(directory)
            .subscribe(SubscriptionSpec.to("*", this::onEvent).name("measured"));
        try (Engine engine = Engine.launch(context); Beside companion = beside)
        {
            while (engine.state() == EngineState.STARTING)
            {
                Thread.onSpinWait();
            }
            companion.start(directory);
            final Publisher publisher = engine.publisher();
            final long startNs = System.nanoTime() + LEAD_NS;
            offsetNs = context.clock().nanoTime() - System.nanoTime();
            fromNs = startNs + setting.warmUpNs();
            OpenLoop.run(
                (intendedNs, priority) -> publish(publisher, intendedNs, priority),
                setting.rate(),
                startNs,
                setting.warmUpNs() + setting.durationNs());
            cpuShare = (double)(companion.cpuNs() - cpuBeforeNs) / (System.nanoTime() - fromNs);
            awaitHandled(engine);
            companion.finish(log);
            MeasurementException.require("events journaled", log.count(), engine.journaledSequence());
        }
        MeasurementException.require("events handled", log.count(), handled.get());
        return histogram;
    }

    /** @return share of one processor that went beside, in the recorded part. */
    double cpuShare()
    {
        return cpuShare;
    }

    private void publish(final Publisher publisher, final long intendedNs, final Priority priority)
    {
        if (cpuBeforeNs < 0 && intendedNs >= fromNs)
        {
            cpuBeforeNs = beside.cpuNs();
        }
        final long eventTimeNs = intendedNs + offsetNs;
        events.build(builder, log.count(), priority, eventTimeNs);
        log.add(priority, eventTimeNs);
        long ticket = publisher.publish(builder, eventTimeNs);
        while (ticket < 0)
        {
            if (!PublishResult.isTransient(ticket))
            {
                throw new MeasurementException("publish refused: " + PublishResult.describe(ticket));
            }
            Thread.onSpinWait();
            ticket = publisher.publish(builder, eventTimeNs);
        }
    }

    private void onEvent(final EventFlyweight event)
    {
        final long intendedNs = event.eventTime() - offsetNs;
        if (intendedNs >= fromNs)
        {
            Histograms.record(histogram, System.nanoTime() - intendedNs);
        }
        handled.lazySet(handled.getPlain() + 1);
    }

    private void awaitHandled(final Engine engine)
    {
        final long deadlineNs = System.nanoTime() + HANDLED_TIMEOUT_NS;
        while (handled.get() < log.count())
        {
            Thread.yield();
            if (engine.failure() != null)
            {
                throw new MeasurementException("the engine failed", engine.failure());
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException(
                    "only " + handled.get() + " of " + log.count() + " events were handled");
            }
        }
    }
}
