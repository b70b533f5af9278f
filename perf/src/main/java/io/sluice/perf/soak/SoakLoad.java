package io.sluice.perf.soak;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.EngineStats;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.ArchiveAction;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.RetentionPolicy;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.JournalSum;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * An engine with archive and retention on, and four subscriptions: one that takes the time, one that is durable, one
 * that tails, one that fails now and then. One thread publishes.
 */
final class SoakLoad implements AutoCloseable
{
    private static final long LEAD_NS = 10_000_000L;
    private static final long PAUSE_NS = 50_000L;
    private static final long DRAIN_TIMEOUT_NS = 300_000_000_000L;
    private static final long FIRST_DELAY_NS = 5_000_000L;

    /** What the handler that fails throws. */
    private static final class PlantedFailure extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        private PlantedFailure()
        {
            super("planted", null, false, false);
        }
    }

    private final SoakSetting setting;
    private final IntervalLatencies latencies;
    private final SoakTally live = new SoakTally("the live subscription");
    private final SoakTally durable = new SoakTally("the durable subscription");
    private final SoakTally tailing = new SoakTally("the tailing subscription");
    private final SoakTally frail = new SoakTally("the subscription that fails");
    private final Set<Long> failedOnce = ConcurrentHashMap.newKeySet();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLongArray archived = new AtomicLongArray(ArchiveAction.Kind.values().length);
    private final AtomicLong unexpected = new AtomicLong();
    private final AtomicReference<String> firstUnexpected = new AtomicReference<>("");
    private final Engine engine;
    private final long startNs;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private long published;
    private long lateNs;

    /**
     * Launch.
     *
     * @param directory that does not exist yet.
     * @param setting   of the soak.
     * @param latencies to record in.
     */
    SoakLoad(final Path directory, final SoakSetting setting, final IntervalLatencies latencies)
    {
        this.setting = setting;
        this.latencies = latencies;
        final EngineContext context = new EngineContext()
            .directory(directory)
            .errorHandler(this::onError)
            .subscribe(SubscriptionSpec.to("soak.*", this::onLive).name("live"))
            .subscribe(SubscriptionSpec.to("soak.*", (event) -> add(durable, event)).durable("durable"))
            .subscribe(SubscriptionSpec.to("soak.*", (event) -> add(tailing, event)).durable("tailing")
                .mode(DeliveryMode.TAILING))
            .subscribe(SubscriptionSpec.to(SoakEvents.FRAIL, this::onFrail).durable("frail")
                .retry(RetryPolicy.DEFAULT.attempts(3).firstDelayNs(FIRST_DELAY_NS)).breaker(BreakerPolicy.OFF));
        context.journal().rollSize(setting.rollSize()).archive(new ArchivePolicy()
            .after(setting.archivedAfter())
            .interval(setting.archiverPause())
            .retention(RetentionPolicy.keepAll().defaultTerm(setting.kept()))
            .listener((action) -> archived.incrementAndGet(action.kind().ordinal())));
        engine = Engine.launch(context);
        while (engine.state() == EngineState.STARTING)
        {
            idle.idle();
        }
        startNs = System.nanoTime() + LEAD_NS;
    }

    /** @return intended time of the first event. */
    long startNs()
    {
        return startNs;
    }

    /** Publish all of the schedule on the calling thread. */
    void publish()
    {
        final Publisher publisher = engine.publisher();
        final SoakEvents events = new SoakEvents();
        final EventBuilder builder = new EventBuilder();
        final long offsetNs = engine.context().clock().nanoTime() - System.nanoTime();
        final long count = (long)(setting.durationNs() * (setting.rate() / 1e9));
        while (published < count)
        {
            final long intendedNs = OpenLoop.intendedNs(startNs, published, setting.rate());
            // A core that spins for half an hour would be missing where files are compressed and removed.
            while (System.nanoTime() - intendedNs < 0)
            {
                LockSupport.parkNanos(PAUSE_NS);
            }
            events.build(builder, published, OpenLoop.priorityOf(published));
            publish(publisher, builder, intendedNs + offsetNs);
            lateNs = Math.max(lateNs, System.nanoTime() - intendedNs);
        }
    }

    /**
     * Wait until all subscriptions have what is theirs, close the engine and check that they do.
     *
     * @return what happened, in numbers.
     */
    SoakCounts closeAndCheck()
    {
        final long frailEvents = frailOf(published);
        final long letters = deadOf(published);
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        idle.reset();
        while (live.count() < published || durable.count() < published || tailing.count() < published ||
            frail.count() < frailEvents - letters || deadLetters() < letters)
        {
            idle.idle();
            if (engine.failure() != null || System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException(String.format("of %d events live has %d, durable %d, tailing %d, and " +
                    "the one that fails %d and %d dead letters of %d and %d", published, live.count(),
                    durable.count(), tailing.count(), frail.count(), deadLetters(), frailEvents - letters, letters),
                    engine.failure());
            }
        }
        final EngineStats stats = engine.stats();
        final long dead = deadLetters();
        engine.close();
        final long all = published * (published - 1) / 2;
        live.check(published, all);
        durable.check(published, all);
        tailing.check(published, all);
        frail.check(frailEvents - letters, frailSum());
        MeasurementException.require("dead letters", letters, dead);
        MeasurementException.require("events accepted by the engine's count", published, stats.accepted());
        MeasurementException.require("duplicates by the engine's count", 0, stats.duplicates());
        MeasurementException.require("last sequence by the engine's count", published, stats.lastSequence());
        return new SoakCounts(published, stats.journalRolls(), count(ArchiveAction.Kind.ARCHIVED),
            count(ArchiveAction.Kind.REMOVED), count(ArchiveAction.Kind.FAILED), dead, failures.get(), lateNs,
            unexpected.get(), firstUnexpected.get());
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private void publish(final Publisher publisher, final EventBuilder builder, final long intendedNs)
    {
        idle.reset();
        long ticket = publisher.publish(builder, intendedNs);
        while (PublishResult.isTransient(ticket))
        {
            idle.idle();
            ticket = publisher.publish(builder, intendedNs);
        }
        if (ticket < 0)
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(ticket), engine.failure());
        }
        published++;
    }

    private void onLive(final EventFlyweight event)
    {
        final long number = JournalSum.numberOf(event);
        latencies.record(
            event.priorityCode(), System.nanoTime() - OpenLoop.intendedNs(startNs, number, setting.rate()));
        live.add(number);
    }

    private static void add(final SoakTally tally, final EventFlyweight event)
    {
        tally.add(JournalSum.numberOf(event));
    }

    private void onFrail(final EventFlyweight event)
    {
        final long number = JournalSum.numberOf(event);
        if (SoakEvents.isDead(number) || SoakEvents.isTwice(number) && failedOnce.add(number))
        {
            failures.incrementAndGet();
            throw new PlantedFailure();
        }
        failedOnce.remove(number);
        frail.add(number);
    }

    private void onError(final Throwable error)
    {
        for (Throwable cause = error; cause != null; cause = cause.getCause())
        {
            if (cause instanceof PlantedFailure)
            {
                return;
            }
        }
        unexpected.incrementAndGet();
        firstUnexpected.compareAndSet("", error.toString());
    }

    private long deadLetters()
    {
        return engine.subscriptions().stream().mapToLong(Subscription::deadLetters).sum();
    }

    private long count(final ArchiveAction.Kind kind)
    {
        return archived.get(kind.ordinal());
    }

    private static long frailOf(final long events)
    {
        long count = 0;
        for (long number = 0; number < events; number++)
        {
            count += SoakEvents.isFrail(number) ? 1 : 0;
        }
        return count;
    }

    private static long deadOf(final long events)
    {
        long count = 0;
        for (long number = 0; number < events; number++)
        {
            count += SoakEvents.isDead(number) ? 1 : 0;
        }
        return count;
    }

    private long frailSum()
    {
        long sum = 0;
        for (long number = 0; number < published; number++)
        {
            sum += SoakEvents.isFrail(number) && !SoakEvents.isDead(number) ? number : 0;
        }
        return sum;
    }
}
