package io.sluice.perf.overflow;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/** An engine with one light handler and several sources of events, each a thread; knows what became of each event. */
final class BurstEngine implements AutoCloseable
{
    private static final String TYPE = "burst.event";
    private static final int PAYLOAD_LENGTH = 256;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final String label;
    private final Path directory;
    private final Engine engine;
    private final List<Source> sources = new ArrayList<>();
    private final AtomicLong handled = new AtomicLong();
    // Handling thread; read once all is handled.
    private long disordered;

    BurstEngine(final EngineContext context, final String label)
    {
        this.label = label;
        directory = context.directory();
        engine = Engine.launch(context.subscribe(SubscriptionSpec.to(TYPE, this::onEvent).name("measured")));
        while (engine.state() == EngineState.STARTING)
        {
            Thread.onSpinWait();
        }
    }

    /** One thread's way in. Make all of them before the first event. */
    Source source(final String name)
    {
        final Source source = new Source(name, sources.size());
        sources.add(source);
        return source;
    }

    /** Wait until all is handled, close, and compare; when no source publishes any more. */
    void closeAndCheck()
    {
        final long published = sources.stream().mapToLong(Source::published).sum();
        final IdleStrategy idle = new YieldingIdleStrategy();
        final long beginNs = System.nanoTime();
        while (handled.getAcquire() < published)
        {
            idle.idle();
            if (System.nanoTime() - beginNs > TIMEOUT_NS || engine.failure() != null)
            {
                throw new MeasurementException(
                    "only " + handled.get() + " of " + published + " events were handled", engine.failure());
            }
        }
        final long journaled = engine.journaledSequence();
        engine.close();
        MeasurementException.require("events handled", published, handled.get());
        MeasurementException.require("events journaled in " + directory, published, journaled);
        MeasurementException.require("events handled before an earlier one of their source and priority", 0,
            disordered);
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private void onEvent(final EventFlyweight event)
    {
        final int at = event.fieldOffset(EventField.PAYLOAD);
        final Source source = sources.get((int)event.buffer().getLong(at));
        final int code = event.priorityCode();
        final long number = event.buffer().getLong(at + Long.BYTES);
        disordered += number > source.last[code] ? 0 : 1;
        source.last[code] = number;
        Histograms.record(
            source.latencies[code], System.nanoTime() - event.buffer().getLong(at + 2 * Long.BYTES));
        handled.setRelease(handled.getPlain() + 1);
    }

    /** Events of one thread; its figures are there after {@link #closeAndCheck()}. */
    final class Source
    {
        private final String name;
        private final UnsafeBuffer payload = RecordTemplate.payload(PAYLOAD_LENGTH);
        private final EventBuilder builder = new EventBuilder();
        private final IdleStrategy idle = new YieldingIdleStrategy();
        private final Histogram[] latencies = new Histogram[Priority.COUNT];
        private final long[] last = new long[Priority.COUNT];
        private final long[] longestCallNs = new long[Priority.COUNT];
        private long published;
        private long refused;

        private Source(final String name, final int number)
        {
            this.name = name;
            payload.putLong(0, number);
            for (final Priority priority : Priority.values())
            {
                latencies[priority.code()] = Histograms.create(label + "." + name + "." + priority.label());
            }
        }

        /** Publish one event whose latency counts from a time; again while there is no room, which is counted. */
        void publish(final long fromNs, final Priority priority)
        {
            payload.putLong(Long.BYTES, published + 1);
            payload.putLong(2 * Long.BYTES, fromNs);
            idle.reset();
            while (true)
            {
                builder.clear().type(TYPE).source("perf").priority(priority).payload(payload, 0, PAYLOAD_LENGTH);
                final long beginNs = System.nanoTime();
                final long ticket = engine.publisher().publish(builder);
                longestCallNs[priority.code()] =
                    Math.max(longestCallNs[priority.code()], System.nanoTime() - beginNs);
                if (ticket >= 0)
                {
                    published++;
                    return;
                }
                if (!PublishResult.isTransient(ticket))
                {
                    throw new MeasurementException(
                        "publish refused: " + PublishResult.describe(ticket), engine.failure());
                }
                refused++;
                idle.idle();
            }
        }

        String name()
        {
            return name;
        }

        long published()
        {
            return published;
        }

        long refused()
        {
            return refused;
        }

        /** The longest call of publish, nanoseconds, waiting for room included. */
        long longestCallNs(final Priority priority)
        {
            return longestCallNs[priority.code()];
        }

        Histogram latency(final Priority priority)
        {
            return latencies[priority.code()];
        }
    }
}
