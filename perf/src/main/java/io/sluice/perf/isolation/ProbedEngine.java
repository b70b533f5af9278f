package io.sluice.perf.isolation;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/** An engine with one handler whose calls take a fixed time, at least. One thread publishes and asks. */
final class ProbedEngine implements AutoCloseable
{
    private static final String TYPE = "isolation.event";
    private static final int PAYLOAD_LENGTH = 64;
    private static final long TIMEOUT_NS = 120_000_000_000L;
    // Smaller than any time.
    private static final long NO_PROBE = Long.MIN_VALUE;

    private final Engine engine;
    private final long callNs;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private final EventBuilder builder = new EventBuilder();
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final AtomicLong handled = new AtomicLong();
    private final Histogram probes;
    private final UnitCounts units;
    private final boolean[] wasRefused = new boolean[Priority.COUNT];
    private long next = NO_PROBE;
    private long published;
    private volatile long recordFromNs = Long.MAX_VALUE;
    private volatile boolean isFlooded;

    /**
     * @param units counted by the handler, or null; only where one thread calls it.
     * @param tag   of the probes' latencies.
     */
    ProbedEngine(
        final Path directory,
        final ThreadingMode threadingMode,
        final long callNs,
        final UnitCounts units,
        final String tag)
    {
        this.callNs = callNs;
        this.units = units;
        probes = Histograms.create(tag);
        if (units != null)
        {
            units.begin();
        }
        engine = Engine.launch(new EngineContext().directory(directory).threadingMode(threadingMode));
        engine.subscribe(SubscriptionSpec.to(TYPE, this::onEvent).name("probed"));
    }

    /** Record probes whose intended time is that or later. */
    void recordFrom(final long ns)
    {
        recordFromNs = ns;
    }

    /** Publish a probe; try again while there is no room. */
    void probe(final long intendedNs, final Priority priority)
    {
        idle.reset();
        while (!tryPublish(intendedNs, priority))
        {
            idle.idle();
        }
    }

    /** Publish another event if there is room. */
    void flood(final Priority priority)
    {
        if (!tryPublish(next++, priority))
        {
            wasRefused[priority.code()] = true;
        }
    }

    /** @return whether there was no room for another event of a class. */
    boolean wasRefused(final Priority priority)
    {
        return wasRefused[priority.code()];
    }

    /** Say whether every class has events waiting from now on. */
    void flooded(final boolean value)
    {
        isFlooded = value;
    }

    /** Wait until all is handled, and close. */
    void finish()
    {
        final long beginNs = System.nanoTime();
        idle.reset();
        while (handled.getAcquire() < published)
        {
            idle.idle();
            if (System.nanoTime() - beginNs > TIMEOUT_NS || engine.failure() != null)
            {
                throw new MeasurementException(
                    "only " + handled.getAcquire() + " of " + published + " events were handled", engine.failure());
            }
        }
        final long journaled = engine.journaledSequence();
        engine.close();
        MeasurementException.require("events handled", published, handled.getAcquire());
        MeasurementException.require("events journaled", published, journaled);
    }

    /** @return latencies of the probes; after {@link #finish}. */
    Histogram probes()
    {
        return probes;
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private boolean tryPublish(final long number, final Priority priority)
    {
        payload.putLong(0, number);
        builder.clear().type(TYPE).source("perf").priority(priority).payload(payload, 0, PAYLOAD_LENGTH);
        final long ticket = engine.publisher().publish(builder);
        if (ticket < 0 && !PublishResult.isTransient(ticket))
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(ticket), engine.failure());
        }
        published += ticket < 0 ? 0 : 1;
        return ticket >= 0;
    }

    private void onEvent(final EventFlyweight event)
    {
        final long beginNs = System.nanoTime();
        if (units != null)
        {
            units.onCall(event.priorityCode(), event.sequence(), engine.journaledSequence(), isFlooded);
        }
        final long number = event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
        if (number >= recordFromNs)
        {
            Histograms.record(probes, beginNs - number);
        }
        while (System.nanoTime() - beginNs < callNs)
        {
            Thread.onSpinWait();
        }
        handled.setRelease(handled.getPlain() + 1);
    }
}
