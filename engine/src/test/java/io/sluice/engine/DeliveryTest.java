package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.delivery.SubscriptionPositions;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import io.sluice.journal.StartPosition;
import io.sluice.journal.VisibleAt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modes, durable positions, starts and filters of subscriptions. */
@ExtendWith(ThreadHygiene.class)
class DeliveryTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private LongSupplier currentSynced = () -> 0L;
    private int lastNumber;

    @ParameterizedTest
    @EnumSource
    void shouldReachATailingSubscriptionInJournalOrderWhateverTheMode(final ThreadingMode mode)
    {
        final List<Long> got = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.launch(context(mode).subscribe(
            SubscriptionSpec.to("*", event -> got.add(event.sequence())).mode(DeliveryMode.TAILING))))
        {
            publish(engine, 500);
            await(engine, "all events", () -> got.size() == 500);
        }
        assertEquals(sequences(1, 500), got);
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWhereItStoppedWhenADurableSubscriptionComesBackInALaterRun(final ThreadingMode mode)
    {
        for (final DeliveryMode delivery : DeliveryMode.values())
        {
            final Path data = directory.resolve(delivery.name());
            final List<Long> got = new CopyOnWriteArrayList<>();
            final SubscriptionSpec spec =
                Specs.to("*", event -> got.add(event.sequence()), delivery).durable("billing");
            try (Engine engine = Engine.launch(context(mode).directory(data).subscribe(spec)))
            {
                publish(engine, 100);
                await(engine, "the first 100", () -> got.size() == 100);
            }
            try (Engine engine = Engine.launch(context(mode).directory(data)))
            {
                publish(engine, 100);
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                assertEquals(
                    List.of("billing ORPHANED"),
                    engine.subscriptionStats().stream().map(one -> one.name() + " " + one.state()).toList());
                assertEquals(100, engine.subscriptionStats().get(0).position());
                assertEquals(100, engine.subscriptionStats().get(0).lag());
            }
            assertEquals(100, got.size());
            try (Engine engine = Engine.launch(context(mode).directory(data)))
            {
                final Subscription subscription = engine.subscribe(spec);
                publish(engine, 100);
                await(engine, "all 300", () -> got.size() == 300);
                await(engine, "it to run", () -> subscription.state() == SubscriptionState.RUNNING);
            }
            assertEquals(sequences(1, 300), got.stream().sorted().toList(), delivery.name());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHaveNothingLeftToDeliverWhenADurableSubscriptionWasLiveAtTheEnd()
    {
        final List<Long> got = new ArrayList<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> got.add(event.sequence())).durable("live");
        for (int run = 0; run < 3; run++)
        {
            try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
            {
                publish(engine, 10);
                invoke(engine);
                assertEquals(SubscriptionState.RUNNING, engine.subscriptions().get(0).state());
            }
        }
        assertEquals(sequences(1, 30), got);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldNobodyUpWhenATailingHandlerIsSlow(final ThreadingMode mode)
    {
        if (mode == ThreadingMode.INVOKER)
        {
            return;
        }
        final CountDownLatch gate = new CountDownLatch(1);
        final AtomicInteger slow = new AtomicInteger();
        final AtomicInteger fast = new AtomicInteger();
        final EngineContext context = context(mode)
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                Waiting.on(gate, "the gate");
                slow.incrementAndGet();
            }).mode(DeliveryMode.TAILING))
            .subscribe(SubscriptionSpec.to("*", event -> fast.incrementAndGet()));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, 64);
        }
        try (Engine engine = Engine.launch(context))
        {
            publish(engine, 3_000);
            await(engine, "the fast one", () -> fast.get() == 3_000);
            assertEquals(0, slow.get());
            gate.countDown();
            await(engine, "the slow one", () -> slow.get() == 3_000);
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldCallAsOftenAtOnceAsItMayAndKeepTheOrderOfAKeyWhenConcurrent()
    {
        final int keys = 20;
        final CountDownLatch together = new CountDownLatch(4);
        final AtomicInteger now = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final AtomicInteger total = new AtomicInteger();
        final ConcurrentHashMap<String, Long> last = new ConcurrentHashMap<>();
        final List<String> trouble = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).subscribe(SubscriptionSpec.to("*", event ->
        {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            if (together.getCount() > 0)
            {
                together.countDown();
                Waiting.on(together, "four calls at once");
            }
            final long sequence = event.sequence();
            final Long before = last.put(event.text(EventField.CORRELATION_ID), sequence);
            if (before != null && before > sequence)
            {
                trouble.add(sequence + " after " + before);
            }
            now.decrementAndGet();
            total.incrementAndGet();
        }).mode(DeliveryMode.TAILING).concurrency(4).timeout(Duration.ofMinutes(1)))))
        {
            for (int i = 0; i < 2_000; i++)
            {
                publish(engine, event(Priority.NORMAL).correlationId("key-" + i % keys));
            }
            await(engine, "all", () -> total.get() == 2_000);
        }
        assertEquals(4, most.get());
        assertEquals(List.of(), trouble);
        assertEquals(keys, last.size());
    }

    @ParameterizedTest
    @EnumSource
    void shouldStartWhereItIsToldTo(final DeliveryMode mode)
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            publish(engine, 50);
            invoke(engine);
            clock.advance(Duration.ofHours(1));
            publish(engine, 50);
            invoke(engine);
            assertEquals(sequences(1, 110), startingAt(engine, mode, StartPosition.start(), 1));
            assertEquals(sequences(90, 120), startingAt(engine, mode, StartPosition.sequence(90), 2));
            assertEquals(sequences(51, 130), startingAt(engine, mode, StartPosition.timeNs(clock.nanoTime()), 3));
            assertEquals(sequences(131, 140), startingAt(engine, mode, null, 4));
        }
    }

    @Test
    void shouldSaySoWhenTheStartLiesBeyondTheEnd()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            publish(engine, 5);
            invoke(engine);
            final SubscriptionSpec spec =
                SubscriptionSpec.to("*", event -> errors.add(null)).name("early").from(StartPosition.sequence(99));
            final String message =
                assertThrows(IllegalArgumentException.class, () -> engine.subscribe(spec)).getMessage();
            assertTrue(message.contains("early") && message.contains("99"), message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGetOnlyWhatTheFilterLetsPassFromEitherFeed(final DeliveryMode mode)
    {
        final List<Long> got = new ArrayList<>();
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(
            Specs.to("delivery.*", event ->
            {
                final String payload = new String(event.payload(), StandardCharsets.UTF_8);
                got.add(Long.parseLong(payload.substring(payload.indexOf(':') + 1, payload.length() - 1)));
            }, mode).where("payload.n > 15 AND priority = 'HIGH'"))))
        {
            publish(engine, 40);
            invoke(engine);
            final Subscription subscription = engine.subscriptions().get(0);
            subscription.pause();
            invoke(engine);
            publish(engine, 40);
            invoke(engine);
            subscription.resume();
            invoke(engine);
        }
        assertEquals(
            LongStream.rangeClosed(16, 80)
                .filter(n -> n % Priority.COUNT == Priority.HIGH.code()).boxed().toList(),
            got);
    }

    @Test
    void shouldDeliverOnlyAfterTheDelayAlsoOverARestart()
    {
        final List<Long> got = new ArrayList<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> got.add(event.sequence()))
            .durable("later").mode(DeliveryMode.TAILING).delay(Duration.ofMinutes(10));
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
        {
            publish(engine, 1);
            invoke(engine);
            clock.advance(Duration.ofMinutes(6));
            publish(engine, 1);
            invoke(engine);
            assertEquals(List.of(), got);
        }
        clock.advance(Duration.ofMinutes(5));
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
        {
            invoke(engine);
            assertEquals(List.of(1L), got);
            clock.advance(Duration.ofMinutes(5));
            invoke(engine);
            assertEquals(List.of(1L, 2L), got);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayPausedOverARestartWhenItIsDurable(final DeliveryMode mode)
    {
        final List<Long> got = new ArrayList<>();
        final SubscriptionSpec spec =
            Specs.to("*", event -> got.add(event.sequence()), mode).durable("pausing");
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
        {
            publish(engine, 5);
            invoke(engine);
            engine.subscriptions().get(0).pause();
            invoke(engine);
            publish(engine, 5);
            invoke(engine);
        }
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
        {
            publish(engine, 5);
            invoke(engine);
            assertEquals(SubscriptionState.PAUSED, engine.subscriptions().get(0).state());
            assertEquals(sequences(1, 5), got.stream().sorted().toList());
            engine.subscriptions().get(0).resume();
            invoke(engine);
            assertEquals(sequences(1, 15), got.stream().sorted().toList());
        }
    }

    @Test
    void shouldDeliverAgainAfterACrashWhatAPausedSubscriptionThatIsNotDurableHasNotHad()
    {
        final List<Long> before = new ArrayList<>();
        final List<Long> after = new ArrayList<>();
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(
            SubscriptionSpec.to("*", event -> before.add(event.sequence())))))
        {
            publish(engine, 20);
            invoke(engine);
            engine.subscriptions().get(0).pause();
            invoke(engine);
            publish(engine, 20);
            invoke(engine);
        }
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(
            SubscriptionSpec.to("*", event ->
            {
                after.add(event.sequence());
                assertEquals(EventDescriptor.FLAG_REDELIVERED, event.flags() & EventDescriptor.FLAG_REDELIVERED);
            }))))
        {
            invoke(engine);
        }
        assertEquals(sequences(1, 20), before);
        assertTrue(after.containsAll(sequences(21, 40)), after.toString());
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldBeginAnewWhenItWasRemovedAndRefuseWhileItHasAHandler()
    {
        final List<Long> got = new ArrayList<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> got.add(event.sequence())).durable("gone");
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            assertFalse(engine.removeSubscription("gone"));
            final Subscription subscription = engine.subscribe(spec);
            assertThrows(IllegalStateException.class, () -> engine.removeSubscription("gone"));
            assertThrows(IllegalArgumentException.class, () -> engine.subscribe(spec));
            engine.unsubscribe(subscription);
            invoke(engine);
            publish(engine, 10);
            invoke(engine);
            assertTrue(engine.removeSubscription("gone"));
            assertEquals(List.of(), engine.subscriptionStats());
            engine.subscribe(spec);
            publish(engine, 10);
            invoke(engine);
            assertEquals(sequences(11, 20), got);
        }
    }

    @Test
    void shouldHoldRetentionAtThePositionOfAnOrphan()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
        }).durable("orphan");
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            final Subscription subscription = engine.subscribe(spec);
            publish(engine, 7);
            invoke(engine);
            engine.unsubscribe(subscription);
            invoke(engine);
            publish(engine, 7);
            invoke(engine);
        }
        final Path file = new DataDirectory(directory).positions().resolve(SubscriptionPositions.NAME);
        assertTrue(Files.exists(file));
        assertEquals(7, SubscriptionPositions.lowest(file));
        assertEquals(Long.MAX_VALUE, SubscriptionPositions.lowest(directory.resolve("none")));
    }

    @Test
    void shouldSeeEventsOnlyWhenTheyAreSyncedWhenATailingSubscriptionWantsThat()
    {
        final List<Long> got = new ArrayList<>();
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(
            SubscriptionSpec.to("*", event ->
            {
                assertTrue(event.sequence() <= currentSynced.getAsLong());
                got.add(event.sequence());
            }).mode(DeliveryMode.TAILING).visibleAt(VisibleAt.SYNCED))))
        {
            currentSynced = engine::syncedSequence;
            publish(engine, 30);
            invoke(engine);
        }
        assertEquals(sequences(1, 30), got);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldRefuseWhatNeedsAJournalWhenThereIsNone()
    {
        final EventHandler handler = event ->
        {
        };
        try (Engine engine = Engine.launch(
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.INVOKER)))
        {
            for (final SubscriptionSpec spec : List.of(
                SubscriptionSpec.to("*", handler).durable("d"),
                SubscriptionSpec.to("*", handler).mode(DeliveryMode.TAILING),
                SubscriptionSpec.to("*", handler).from(StartPosition.start())))
            {
                final String message =
                    assertThrows(IllegalArgumentException.class, () -> engine.subscribe(spec)).getMessage();
                assertTrue(message.contains("journal"), message);
            }
            final Subscription subscription = engine.subscribe(SubscriptionSpec.to("*", handler));
            assertThrows(IllegalStateException.class, subscription::pause);
            engine.unsubscribe(subscription);
            assertEquals(List.of(), engine.subscriptions());
        }
    }

    @Test
    void shouldRefuseSettingsThatDoNotGoTogether()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
        });
        assertThrows(IllegalArgumentException.class, () -> spec.concurrency(0));
        assertThrows(IllegalArgumentException.class, () -> spec.delay(Duration.ofMillis(-1)));
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            for (final SubscriptionSpec bad : List.of(
                spec.concurrency(2),
                spec.delay(Duration.ofSeconds(1)),
                spec.durable(" "),
                spec.durable("x".repeat(129))))
            {
                assertThrows(IllegalArgumentException.class, () -> engine.subscribe(bad));
            }
        }
    }

    private List<Long> startingAt(
        final Engine engine, final DeliveryMode mode, final StartPosition from, final int number)
    {
        final List<Long> got = new ArrayList<>();
        SubscriptionSpec spec =
            Specs.to("*", event -> got.add(event.sequence()), mode).durable(mode + "-" + number);
        if (from != null)
        {
            spec = spec.from(from);
        }
        engine.subscribe(spec);
        publish(engine, 10);
        invoke(engine);
        return got.stream().sorted().toList();
    }

    private void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, event(Priority.values()[(lastNumber + 1) % Priority.COUNT]));
        }
    }

    private void publish(final Engine engine, final EventBuilder event)
    {
        while (engine.publisher().publish(event) < 0)
        {
            if (engine.context().threadingMode() == ThreadingMode.INVOKER)
            {
                engine.invoke();
            }
            else
            {
                Thread.yield();
            }
        }
    }

    private EventBuilder event(final Priority priority)
    {
        return new EventBuilder().type("delivery.test").source("test").priority(priority)
            .payload(("{\"n\":" + ++lastNumber + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static void await(
        final Engine engine, final String what, final BooleanSupplier condition)
    {
        Waiting.until(what, () ->
        {
            if (engine.context().threadingMode() == ThreadingMode.INVOKER)
            {
                engine.invoke();
            }
            return condition.getAsBoolean();
        });
    }

    private static List<Long> sequences(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private EngineContext context(final ThreadingMode mode)
    {
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(mode)
            .arenaLength(1 << 22)
            .index(false)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 18));
        return mode == ThreadingMode.INVOKER ? context.clock(clock) : context;
    }
}
