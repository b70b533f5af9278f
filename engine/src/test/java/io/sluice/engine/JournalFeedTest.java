package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.Holes;
import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import io.sluice.journal.VisibleAt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a subscription gets from the journal while something else is in the way: the retry log, the files, the disk. */
@ExtendWith(ThreadHygiene.class)
class JournalFeedTest
{
    private static final RetryPolicy TWO = RetryPolicy.DEFAULT
        .attempts(2).firstDelayNs(1_000_000_000L).factor(1.0).jitter(0.0);
    private static final int NOISE = 3_000;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<Long> got = new CopyOnWriteArrayList<>();
    private int lastNumber;

    @Test
    void shouldKeepTheOrderOfAKeyWhileTheRetryLogHasNoRoom() throws IOException
    {
        final Path retries = new DataDirectory(directory).positions().resolve("retries");
        final Path away = directory.resolveSibling(directory.getFileName() + "-away");
        try (Engine engine = launch(
            SubscriptionSpec.to("noise.*", event ->
            {
                throw new IOException("n".repeat(500));
            }).name("noise").retry(TWO.firstDelayNs(3_600_000_000_000L)).breaker(BreakerPolicy.OFF),
            holding("h".repeat(500)).mode(DeliveryMode.TAILING)))
        {
            invoke(engine);
            Files.move(retries, away);
            publish(engine, "noise.one", NOISE);
            invoke(engine);
            publish(engine, "held.one", 2);
            invoke(engine);
            assertEquals(List.of("1 first"), calls, "the second waits until it is known that the first failed");
            Files.move(away, retries);
            advance(engine, Duration.ofSeconds(1));
            advance(engine, Duration.ofSeconds(1));
        }
        assertEquals(List.of("1 first", "1 again", "2 first"), calls);
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhileAnotherThreadIsSlowToNoteItsFailureInTheRetryLog()
    {
        final long nowNs = clock.nanoTime();
        final RetryEntry ofAnother = RetryEntry.failed(
            99, 1, RetryEntry.NO_KEY, 1, nowNs, nowNs, nowNs + 1, FailureCause.THREW, "slow");
        final RetryLog[] log = new RetryLog[1];
        final Holes.Begun[] slow = new Holes.Begun[1];
        final EngineLifecycle lifecycle = EngineLifecycle.launch(context().subscribe(
            holding("down", () -> slow[0] = Holes.begin(log[0], ofAnother)).mode(DeliveryMode.TAILING)).conclude());
        try (Engine engine = new Engine(lifecycle))
        {
            log[0] = lifecycle.core().retryLog();
            publish(engine, "held.one", 2);
            invoke(engine);
            assertEquals(List.of("1 first"), calls, "what lies behind that of the slow one is not known yet");
            assertTrue(slow[0].end());
            advance(engine, Duration.ofSeconds(1));
            advance(engine, Duration.ofSeconds(1));
        }
        assertEquals(List.of("1 first", "1 again", "2 first"), calls);
    }

    @Test
    void shouldKeepTheOrderOfAKeyBehindManyFailuresThatAreNewInTheRetryLog()
    {
        try (Engine engine = launch(
            SubscriptionSpec.toBatches("noise.*", batch ->
            {
                throw new IOException("down");
            }).name("noise").retry(TWO.firstDelayNs(3_600_000_000_000L)).breaker(BreakerPolicy.OFF)
                .batches(BatchPolicy.defaults().batchSizes(1, 2 * NOISE, 2 * NOISE).maxBytes(1 << 24)
                    .timeoutNs(1_000_000_000L)),
            holding("down").mode(DeliveryMode.TAILING).delay(Duration.ofSeconds(1))))
        {
            publish(engine, "noise.one", NOISE);
            publish(engine, "held.one", 2);
            invoke(engine);
            assertEquals(List.of(), calls);
            advance(engine, Duration.ofSeconds(1));
            assertEquals(NOISE, engine.subscriptions().get(0).errors());
            assertEquals(List.of("1 first"), calls);
            advance(engine, Duration.ofSeconds(1));
        }
        assertEquals(List.of("1 first", "1 again", "2 first"), calls);
    }

    /** What a ring handed out last before the end of the process is not noted, whatever the others have not had. */
    @Test
    void shouldSayOfEachPriorityThatItsFirstEventsMayHaveBeenHad()
    {
        final int count = DeliveryWindow.CAPACITY + 100;
        final List<Long> unflagged = new ArrayList<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            got.add(event.sequence());
            if ((event.flags() & EventDescriptor.FLAG_REDELIVERED) == 0)
            {
                unflagged.add(event.sequence());
            }
        }).durable("mixed");
        try (Engine engine = launch(spec))
        {
            engine.subscriptions().get(0).pause();
            invoke(engine);
            publish(engine, "load.step", count);
            invoke(engine);
            for (int i = 0; i < 5; i++)
            {
                publish(engine, "load.step", Priority.HIGH);
            }
            invoke(engine);
        }
        try (Engine engine = launch(spec))
        {
            engine.subscriptions().get(0).resume();
            invoke(engine);
            clock.advance(Duration.ofSeconds(10));
            invoke(engine);
        }
        assertEquals(LongStream.rangeClosed(1, count + 5).boxed().toList(), got);
        assertEquals(LongStream.rangeClosed(DeliveryWindow.CAPACITY + 1, count).boxed().toList(), unflagged);
    }

    /** Where it ends and begins again in one run it may come far ahead of an event that it has not had. */
    @ParameterizedTest
    @EnumSource(names = {"TAILING", "BATCHED"})
    void shouldSayThatAnEventMayHaveBeenHadHoweverFarAheadTheRunBeforeHasCome(final DeliveryMode mode)
    {
        final int count = 3 * DeliveryWindow.CAPACITY;
        final List<Long> flagged = new ArrayList<>();
        final EventHandler handler = event ->
        {
            got.add(event.sequence());
            if ((event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0)
            {
                flagged.add(event.sequence());
            }
        };
        final SubscriptionSpec spec = Specs.to("*", handler, mode).durable("far");
        try (Engine engine = launch(spec))
        {
            final Subscription subscription = engine.subscriptions().get(0);
            invoke(engine);
            subscription.pause();
            invoke(engine);
            publish(engine, "load.step", count);
            invoke(engine);
            // As an end of the process leaves it.
            subscription.position().reached(count - 10);
        }
        try (Engine engine = launch(spec))
        {
            engine.subscriptions().get(0).resume();
            invoke(engine);
            clock.advance(Duration.ofSeconds(10));
            invoke(engine);
        }
        assertEquals(LongStream.rangeClosed(1, count).boxed().toList(), got);
        assertEquals(LongStream.rangeClosed(1, count - 10).boxed().toList(), flagged);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveToTheRetryLogWhatFailedBehindAnEventThatWasNotHandled(final RetryOrder order)
    {
        final boolean[] isEnding = {true};
        final Engine[] running = new Engine[1];
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            got.add(event.sequence());
            if (event.sequence() == 3 && isEnding[0])
            {
                running[0].unsubscribe(running[0].subscriptions().get(0));
                throw new IOException("down");
            }
        }).durable("two").mode(DeliveryMode.TAILING).concurrency(2)
            .key(event -> event.sequence() == 5 ? 3 : event.sequence()).retry(TWO.order(order));
        try (Engine engine = launch(spec))
        {
            running[0] = engine;
            publish(engine, "load.step", 3);
            invoke(engine);
            assertEquals(List.of(1L, 3L), got, "the other call was not made any more");
            assertEquals(1, engine.subscriptionStats().get(0).position());
        }
        final boolean isHolding = order == RetryOrder.HOLD_KEY;
        isEnding[0] = false;
        got.clear();
        try (Engine engine = launch(spec))
        {
            publish(engine, "load.step", 2);
            invoke(engine);
            final List<Long> before = isHolding ? List.of(2L, 4L) : List.of(2L, 4L, 5L);
            assertEquals(before, got.stream().sorted().toList(), "the third has its next attempt when it is due");
            advance(engine, Duration.ofSeconds(1));
            assertEquals(isHolding ? List.of(3L, 5L) : List.of(3L), got.subList(before.size(), got.size()));
            assertEquals(5, engine.subscriptionStats().get(0).position());
        }
    }

    @Test
    void shouldPassOverWhatItHadBehindAnEventThatItHadNotHoweverOftenItBeginsAnew()
    {
        final Engine[] running = new Engine[1];
        final Runnable end = () -> running[0].subscriptions().stream()
            .filter(one -> one.name().equals("two")).forEach(running[0]::unsubscribe);
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 3)
            {
                end.run();
            }
            got.add(event.sequence());
        }).durable("two").mode(DeliveryMode.TAILING).concurrency(2).key(EventFlyweight::sequence);
        final SubscriptionSpec ending =
            SubscriptionSpec.to("load.end", event -> end.run()).name("ending").mode(DeliveryMode.TAILING);
        try (Engine engine = launch(ending, spec))
        {
            running[0] = engine;
            publish(engine, "load.step", 3);
            invoke(engine);
            assertEquals(List.of(1L, 3L), got, "the other call was not made any more");
            publish(engine, "load.end", 1);
            engine.subscribe(spec);
            invoke(engine);
            assertEquals(List.of(1L, 3L), got, "ended when it had read and not called");
            assertEquals(List.of("ending"), engine.subscriptions().stream().map(Subscription::name).toList());
            engine.subscribe(spec);
            invoke(engine);
            assertEquals(List.of(1L, 2L, 3L, 4L), got.stream().sorted().toList());
        }
    }

    /** It may be done there long before an earlier event that a worker has. */
    @Test
    void shouldNotGiveOutAgainWhatItLeftToTheRetryLogBecauseOfItsKey()
    {
        try (Engine engine = launch(holding("down").mode(DeliveryMode.TAILING)))
        {
            final Subscription held = engine.subscriptions().get(0);
            publish(engine, "held.one", 2);
            invoke(engine);
            assertEquals(List.of("1 first"), calls);
            assertFalse(held.position().isDoneAhead(1));
            assertTrue(held.position().isDoneAhead(2), "whoever reads it next passes over it");
            assertEquals(2, held.position().reached());
            advance(engine, Duration.ofSeconds(1));
            assertEquals(List.of("1 first", "1 again", "2 first"), calls);
        }
    }

    /** A run ends while an early event is in its handler and a late one has failed: the retry log is first to come. */
    @ParameterizedTest
    @ValueSource(ints = {2, 1})
    void shouldNotHandOutWhatTheRetryLogOfAnEarlierRunHasDoneBefore(final int attempts)
    {
        final long count = 300;
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicBoolean isFirstRun = new AtomicBoolean(true);
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            final long sequence = event.sequence();
            if (isFirstRun.get() && sequence == 1)
            {
                assertTrue(release.await(Waiting.LIMIT_NS, TimeUnit.NANOSECONDS));
            }
            got.add(sequence);
            if (isFirstRun.get() && sequence == count)
            {
                throw new IOException("down");
            }
        }).durable("late").mode(DeliveryMode.TAILING).concurrency(2)
            .key(event -> event.sequence() == 1 ? 1 : 2)
            .breaker(BreakerPolicy.OFF).timeout(Duration.ofNanos(Waiting.LIMIT_NS)).retry(TWO.attempts(attempts));
        final Engine first = Engine.launch(context()
            .threadingMode(ThreadingMode.SHARED).closeTimeoutNs(0).hangTimeoutNs(0).subscribe(spec));
        publish(first, "load.step", (int)count);
        Waiting.until("the last one", () -> got.contains(count) && first.subscriptions().get(0).errors() == 1);
        first.close();
        isFirstRun.set(false);
        release.countDown();
        ThreadHygiene.awaitEnd();
        got.clear();
        clock.advance(Duration.ofHours(1));
        try (Engine engine = launch(spec))
        {
            while (engine.subscriptions().get(0).position().lowest() < count)
            {
                // Where there is no room for a retry it comes again some time later.
                clock.advance(Duration.ofSeconds(1));
                engine.invoke();
            }
            advance(engine, Duration.ofSeconds(1));
            assertEquals(attempts - 1, got.stream().filter(one -> one == count).count());
            assertEquals(count - 1, got.stream().filter(one -> one < count).distinct().count());
        }
    }

    @Test
    void shouldWaitAndLeaveNothingBehindWhereTheJournalCannotBeRead() throws IOException
    {
        final Path format = new DataDirectory(directory).formatFile();
        final EngineLifecycle lifecycle = EngineLifecycle.launch(context().conclude());
        try (Engine engine = new Engine(lifecycle))
        {
            final int guards = lifecycle.core().watch().guards();
            final byte[] sound = Files.readAllBytes(format);
            Files.writeString(format, "sluice-data 999\n");
            engine.subscribe(SubscriptionSpec.to("*", event -> got.add(event.sequence()))
                .name("reading").mode(DeliveryMode.TAILING).concurrency(4));
            publish(engine, "load.step", 3);
            invoke(engine);
            for (int i = 0; i < 100; i++)
            {
                engine.invoke();
            }
            assertEquals(guards, lifecycle.core().watch().guards());
            assertEquals(1, errors.size());
            assertTrue(errors.get(0).getMessage().contains("reading"), errors.get(0).getMessage());
            Files.write(format, sound);
            invoke(engine);
            assertEquals(List.of(), got, "not tried again at once");
            advance(engine, Duration.ofSeconds(1));
            assertEquals(List.of(1L, 2L, 3L), got);
            assertEquals(guards + 4, lifecycle.core().watch().guards());
        }
        assertEquals(1, errors.size());
    }

    @Test
    void shouldServeOthersWhileOneHasAllTheAttemptsThatMayBeOpen()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            throw new IOException("down");
        }).durable("failing").mode(DeliveryMode.TAILING).retry(TWO.firstDelayNs(3_600_000_000_000L));
        try (Engine engine = launch(spec))
        {
            publish(engine, "load.step", 1);
            invoke(engine);
        }
        fillRetryLog();
        errors.clear();
        try (Engine engine = launch(
            spec, SubscriptionSpec.to("*", event -> got.add(event.sequence())).mode(DeliveryMode.TAILING)))
        {
            publish(engine, "load.step", 5);
            invoke(engine);
            assertEquals(LongStream.rangeClosed(2, 6).boxed().toList(), got);
            assertEquals(0, engine.subscriptions().get(0).errors(), "it gets no more");
            assertEquals(1, errors.size(), "said once");
            final String message = errors.get(0).getMessage();
            assertTrue(message.contains("'failing' gets no more") && message.contains("100000 or more"), message);
        }
    }

    @Test
    void shouldHaveForcedWhatWasJournaledWhileASubscriptionForForcedEventsWasAway()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> got.add(event.sequence()))
            .durable("sure").mode(DeliveryMode.TAILING).visibleAt(VisibleAt.SYNCED);
        try (Engine engine = launch(spec))
        {
            publish(engine, "load.step", 1);
            invoke(engine);
            engine.unsubscribe(engine.subscriptions().get(0));
            invoke(engine);
            publish(engine, "load.step", 10);
            invoke(engine);
            engine.subscribe(spec);
            invoke(engine);
            assertEquals(LongStream.rangeClosed(1, 11).boxed().toList(), got);
        }
    }

    // Fails at the first call for the first event; every event has the same key.
    private SubscriptionSpec holding(final String message)
    {
        return holding(message, () ->
        {
        });
    }

    private SubscriptionSpec holding(final String message, final Runnable beforeItThrows)
    {
        final long[] first = new long[1];
        return SubscriptionSpec.to("held.*", event ->
        {
            first[0] = first[0] == 0 ? event.sequence() : first[0];
            final String name = event.sequence() == first[0] ? "1" : "2";
            final boolean isFirst = !calls.contains(name + " first");
            calls.add(name + (isFirst ? " first" : " again"));
            if (isFirst && name.equals("1"))
            {
                beforeItThrows.run();
                throw new IOException(message);
            }
        }).name("holding").key(event -> 7L).retry(TWO.order(RetryOrder.HOLD_KEY));
    }

    // Of a subscription that is not there, and due some time.
    private void fillRetryLog()
    {
        final long nowNs = clock.nanoTime();
        try (RetryLog log = RetryLog.open(new DataDirectory(directory), errors::add))
        {
            for (int i = 1; i <= PendingRetries.CAPACITY; i++)
            {
                final RetryEntry entry = RetryEntry.failed(
                    4711L,
                    i,
                    RetryEntry.NO_KEY,
                    1,
                    nowNs + 3_600_000_000_000L,
                    nowNs,
                    nowNs,
                    FailureCause.THREW,
                    "TRANSIENT|down");
                while (!log.append(entry))
                {
                    log.maintain(nowNs);
                }
            }
        }
    }

    private void publish(final Engine engine, final String type, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, type, Priority.NORMAL);
        }
    }

    private void publish(final Engine engine, final String type, final Priority priority)
    {
        final EventBuilder event = new EventBuilder().type(type).source("test").priority(priority)
            .payload(("{\"n\":" + ++lastNumber + "}").getBytes(StandardCharsets.UTF_8));
        while (engine.publisher().publish(event) < 0)
        {
            engine.invoke();
        }
    }

    private void advance(final Engine engine, final Duration by)
    {
        clock.advance(by);
        invoke(engine);
    }

    private Engine launch(final SubscriptionSpec... specs)
    {
        final EngineContext context = context();
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return Engine.launch(context);
    }

    private EngineContext context()
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(clock)
            .arenaLength(1 << 22)
            .index(false)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 18));
    }
}
