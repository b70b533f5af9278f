package io.sluice.perf.overflow;

import io.sluice.engine.AdmissionContext;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * An engine with one overflow policy and one handler whose calls take a fixed time, so that its capacity is known.
 * One thread publishes and asks.
 */
final class OverloadedEngine implements AutoCloseable
{
    private static final String TYPE = "overflow.event";
    private static final int PAYLOAD_LENGTH = 64;
    private static final int POLL_LIMIT = 1024;
    private static final long LEAD_NS = 10_000_000L;
    private static final long TIMEOUT_NS = 120_000_000_000L;
    private static final double NS_PER_S = 1e9;

    private final OverflowPolicy policy;
    private final long callNs;
    private final Path directory;
    private final Engine engine;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private final EventBuilder builder = new EventBuilder();
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final Set<Long> published = new HashSet<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private final Histogram latencies;
    // Handling thread; read once all is handled.
    private final long[] last = {Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE};
    private long disordered;
    private volatile long recordFromNs = Long.MAX_VALUE;
    private final AtomicLong handled = new AtomicLong();

    /**
     * @param callNs nanoseconds of a call.
     * @param limit  of each ring.
     * @throws IllegalArgumentException if the engine does not have that policy.
     */
    OverloadedEngine(
        final Path directory,
        final ThreadingMode threadingMode,
        final OverflowPolicy policy,
        final long callNs,
        final int limit)
    {
        this.directory = directory;
        this.policy = policy;
        this.callNs = callNs;
        latencies = Histograms.create("overflow." + policy);
        final AdmissionContext admission = new AdmissionContext();
        final EngineContext context = new EngineContext().directory(directory).threadingMode(threadingMode);
        for (final Priority priority : Priority.values())
        {
            admission.overflow(priority, policy);
            context.limit(priority, limit);
        }
        engine = Engine.launch(
            context.admission(admission).subscribe(SubscriptionSpec.to(TYPE, this::onEvent).name("slow")));
    }

    /**
     * Publish as fast as it handles.
     *
     * @param durationNs how long.
     * @return events per second.
     */
    double closedLoop(final long durationNs)
    {
        final long beginNs = System.nanoTime();
        while (System.nanoTime() - beginNs < durationNs)
        {
            idle.reset();
            while (tryPublish(System.nanoTime(), Priority.NORMAL) < 0)
            {
                idle.idle();
            }
        }
        awaitHandled();
        final double rate = published.size() * NS_PER_S / (System.nanoTime() - beginNs);
        refusals.clear();
        return rate;
    }

    /**
     * Publish on a schedule, whatever becomes of it; wait until what was accepted is handled; close; read the journal.
     *
     * @param capacity   from {@link #closedLoop}.
     * @param rate       events per second.
     * @param durationNs of the schedule.
     * @return what became of the events.
     */
    OverflowResult openLoop(final double capacity, final int rate, final long durationNs)
    {
        final long before = published.size();
        final long handledBefore = handled.getAcquire();
        final long startNs = System.nanoTime() + LEAD_NS;
        recordFromNs = startNs;
        final long offered = OpenLoop.run(this::tryPublish, rate, startNs, durationNs);
        awaitHandled();
        engine.close();
        final Journaled journal = new Journaled();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(journal::onRecord, POLL_LIMIT) > 0)
            {
                continue;
            }
        }
        return new OverflowResult(policy, capacity, offered, published.size() - before, refusals,
            handled.getAcquire() - handledBefore, disordered, journal.count - before, journal.twice, latencies);
    }

    @Override
    public void close()
    {
        engine.close();
    }

    // The intended time is the number of the event, and no two are alike.
    private long tryPublish(final long intendedNs, final Priority priority)
    {
        payload.putLong(0, intendedNs);
        builder.clear().type(TYPE).source("perf").priority(priority).payload(payload, 0, PAYLOAD_LENGTH);
        final long ticket = engine.publisher().publish(builder);
        if (ticket >= 0)
        {
            published.add(intendedNs);
        }
        else
        {
            refusals.merge(PublishResult.describe(ticket), 1L, Long::sum);
        }
        return ticket;
    }

    private void awaitHandled()
    {
        final long beginNs = System.nanoTime();
        idle.reset();
        while (handled.getAcquire() < published.size())
        {
            idle.idle();
            if (engine.failure() != null)
            {
                throw new MeasurementException("the engine failed", engine.failure());
            }
            if (System.nanoTime() - beginNs > TIMEOUT_NS)
            {
                throw new MeasurementException(
                    "only " + handled.getAcquire() + " of " + published.size() + " were handled");
            }
        }
    }

    private void onEvent(final EventFlyweight event)
    {
        final long untilNs = System.nanoTime() + callNs;
        final long intendedNs = numberOf(event);
        final int code = event.priorityCode();
        disordered += intendedNs <= last[code] ? 1 : 0;
        last[code] = Math.max(last[code], intendedNs);
        if (intendedNs >= recordFromNs)
        {
            Histograms.record(latencies, System.nanoTime() - intendedNs);
        }
        while (System.nanoTime() - untilNs < 0)
        {
            Thread.onSpinWait();
        }
        handled.setRelease(handled.getPlain() + 1);
    }

    private static long numberOf(final EventFlyweight event)
    {
        return event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
    }

    /** What the journal holds. */
    private final class Journaled
    {
        private final Set<Long> found = new HashSet<>();
        private long count;
        private long twice;

        private void onRecord(final EventFlyweight event)
        {
            final long number = numberOf(event);
            count++;
            twice += found.add(number) && published.contains(number) && event.verdict() == Verdict.ACCEPTED ? 0 : 1;
        }
    }
}
