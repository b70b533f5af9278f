package io.sluice.perf.isolation;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.SubscriptionState;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An engine with a fast handler, and, if wanted, with one that always throws, one that takes 200 ms, and one that hangs
 * for ever. One thread publishes and asks.
 */
final class Neighbourhood implements AutoCloseable
{
    /** Name of the handler that always throws. */
    static final String THROWING = "throwing";
    /** Name of the handler that never returns. */
    static final String HANGING = "hanging";
    /** How long closing may take. */
    static final long CLOSE_NS = 2_000_000_000L;

    private static final int PAYLOAD_LENGTH = 64;
    private static final long SLOW_NS = 200_000_000L;
    private static final long POLL_NS = 1_000_000L;
    private static final int POISON_ONE_IN = 16;
    private static final String POISON = "isolation.poison";
    private static final String HANG = "isolation.hang";

    private final Engine engine;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private final EventBuilder builder = new EventBuilder();
    private final Histogram fast;
    private final AtomicLong handled = new AtomicLong();
    private final CountDownLatch release = new CountDownLatch(1);
    private Subscription slow;
    private Subscription throwing;
    private Subscription hanging;
    private long published;
    private long poisoned;
    private volatile long recordFromNs = Long.MAX_VALUE;

    Neighbourhood(
        final Path directory, final ThreadingMode mode, final boolean isBad, final String tag)
    {
        fast = Histograms.create(tag);
        engine = Engine.launch(
            new EngineContext().directory(directory).threadingMode(mode).errorHandler(ex -> {}));
        if (isBad)
        {
            hanging = engine.subscribe(
                SubscriptionSpec.to(HANG, event -> hang()).name(HANGING).breaker(BreakerPolicy.OFF));
            slow = engine.subscribe(SubscriptionSpec.to("isolation.*", event -> dawdle()).durable("slow"));
            throwing = engine.subscribe(SubscriptionSpec.to(POISON, Neighbourhood::fail).name(THROWING)
                .retry(RetryPolicy.DEFAULT.attempts(2).firstDelayNs(5_000_000L)).breaker(BreakerPolicy.OFF));
        }
        engine.subscribe(SubscriptionSpec.to("isolation.*", this::onEvent).name("fast"));
    }

    Engine engine()
    {
        return engine;
    }

    void recordFrom(final long ns)
    {
        recordFromNs = ns;
    }

    /** Publish an event; every so many of them is one for the handler that throws. */
    void publish(final long intendedNs, final Priority priority)
    {
        final boolean isPoison = published % POISON_ONE_IN == 0;
        poisoned += isPoison ? 1 : 0;
        publish(isPoison ? POISON : "isolation.event", intendedNs, priority);
    }

    /** Publish the event that somebody hangs on. */
    void publishHanging()
    {
        publish(HANG, 0, Priority.NORMAL);
    }

    /** @return whether the slow one is where it holds nobody up; true if there is none. */
    boolean isSlowAway()
    {
        return slow == null || slow.isDemoted();
    }

    /** @return whether the one that hangs holds nobody up, and its event is a dead letter; true if there is none. */
    boolean isHangingFenced()
    {
        return hanging == null || hanging.state() == SubscriptionState.HUNG && hanging.deadLetters() == 1;
    }

    /** @return events that a handler hung on. */
    long hung()
    {
        return hanging == null ? 0 : 1;
    }

    /** @return events that were accepted. */
    long published()
    {
        return published;
    }

    /** @return events that the handler that throws was to get; 0 if there is none. */
    long poisoned()
    {
        return throwing == null ? 0 : poisoned;
    }

    /** @return events that the fast one has handled. */
    long handled()
    {
        return handled.getAcquire();
    }

    /** Wait until the fast one has had all, and what the other one threw at has become dead letters. */
    void awaitHandled()
    {
        await("all events in the fast handler", () -> handled() >= published);
        await("a dead letter of each event that was thrown at",
            () -> throwing == null || throwing.deadLetters() >= poisoned);
    }

    void await(final String what, final BooleanSupplier condition)
    {
        final long beginNs = System.nanoTime();
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - beginNs > TimeUnit.SECONDS.toNanos(60))
            {
                throw new MeasurementException("waited 60 s for " + what);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    Histogram fast()
    {
        return fast;
    }

    /** @return nanoseconds that closing took, whatever still hangs. */
    long closeInTime()
    {
        final long beginNs = System.nanoTime();
        engine.close(CLOSE_NS, TimeUnit.NANOSECONDS);
        return System.nanoTime() - beginNs;
    }

    @Override
    public void close()
    {
        release.countDown();
        engine.close();
    }

    private void publish(final String type, final long number, final Priority priority)
    {
        payload.putLong(0, number);
        builder.clear().type(type).source("perf").priority(priority).payload(payload, 0, PAYLOAD_LENGTH);
        long ticket = engine.publisher().publish(builder);
        while (PublishResult.isTransient(ticket))
        {
            Thread.onSpinWait();
            ticket = engine.publisher().publish(builder);
        }
        if (ticket < 0)
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(ticket), engine.failure());
        }
        published++;
    }

    private void onEvent(final EventFlyweight event)
    {
        final long number = event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
        if (number >= recordFromNs)
        {
            Histograms.record(fast, System.nanoTime() - number);
        }
        handled.setRelease(handled.getPlain() + 1);
    }

    private static void fail(final EventFlyweight event)
    {
        throw new UnsupportedOperationException("never " + event.sequence());
    }

    private static void dawdle()
    {
        final long untilNs = System.nanoTime() + SLOW_NS;
        for (long left = SLOW_NS; left > 0; left = untilNs - System.nanoTime())
        {
            LockSupport.parkNanos(left);
        }
    }

    // Until the run is over, whoever interrupts.
    private void hang()
    {
        while (release.getCount() > 0)
        {
            LockSupport.parkNanos(SLOW_NS);
        }
    }
}
