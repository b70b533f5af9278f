package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import io.sluice.journal.VisibleAt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions that see an event only when it is forced, with a journal whose forces happen when the test says so. */
@ExtendWith(ThreadHygiene.class)
class SyncedVisibilityTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> early = new CopyOnWriteArrayList<>();
    private final List<String> late = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private HeldJournal journal;

    @AfterEach
    void releaseHandlers()
    {
        release.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOutEachEventWhenItIsForcedAndHoldUpNobodyElse(final ThreadingMode mode)
    {
        try (Engine engine = launch(context(mode).subscribe(early("*")).subscribe(late("*"))))
        {
            for (int i = 1; i <= 4; i++)
            {
                publishAndAwait(engine, "t", "e" + i, Priority.HIGH);
            }
            until(engine, "the early ones", () -> early.size() == 4);
            until(engine, "the request", () -> journal.requested() == 4);
            assertEquals(List.of(), late);
            assertEquals(0, engine.stats().handled(), "an event is handled when all have seen it");
            assertEquals(4, engine.stats().priority(Priority.HIGH).depth(), "and keeps its slot until then");
            journal.forceUpTo(2);
            until(engine, "two late ones", () -> late.size() == 2);
            until(engine, "two handled", () -> engine.stats().handled() == 2);
            assertFalse(engine.drain(1_000_000));
            journal.force();
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(List.of("e1", "e2", "e3", "e4"), late);
            assertEquals(List.of("e1", "e2", "e3", "e4"), early);
            assertEquals(4, engine.stats().handled());
            assertEquals(4, engine.stats().types().get(0).count(), "counted once");
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReleaseInOrderWhenOnlySomeEventsAreWaitedFor(final ThreadingMode mode)
    {
        final int count = 2000;
        final AtomicLong wrong = new AtomicLong();
        final SubscriptionSpec checking = SubscriptionSpec.to("some.*", event ->
        {
            wrong.addAndGet(event.sequence() <= journal.syncedSequence() ? 0 : 1);
            late.add(event.id());
        }).visibleAt(VisibleAt.SYNCED);
        final Map<Priority, List<String>> expected = new EnumMap<>(Priority.class);
        try (Engine engine = launch(context(mode).subscribe(early("*")).subscribe(checking)
            .limit(Priority.CRITICAL, 64).limit(Priority.HIGH, 64)
            .limit(Priority.NORMAL, 64).limit(Priority.LOW, 64)))
        {
            for (int i = 0; i < count; i++)
            {
                final Priority priority = Priority.of(i * 7 % 4);
                final String type = i % 5 == 0 ? "some.thing" : "other";
                final EventBuilder event = new EventBuilder().type(type).id("e" + i).priority(priority)
                    .payloadText("payload " + i);
                long ticket = engine.publisher().publish(event);
                while (ticket < 0)
                {
                    assertTrue(PublishResult.isTransient(ticket), PublishResult.describe(ticket));
                    journal.force();
                    drive(engine);
                    Thread.yield();
                    ticket = engine.publisher().publish(event);
                }
                if (i % 5 == 0)
                {
                    expected.computeIfAbsent(priority, key -> new ArrayList<>()).add("e" + i);
                }
            }
            journal.hold(false);
            journal.force();
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(count, engine.stats().handled());
            assertEquals(count, handedCount(engine), "the latency of each event is recorded once");
        }
        assertEquals(0, wrong.get(), "handed out before the force");
        assertEquals(count, early.size());
        for (final Map.Entry<Priority, List<String>> entry : expected.entrySet())
        {
            final List<String> seen = new ArrayList<>(late);
            seen.retainAll(entry.getValue());
            assertEquals(entry.getValue(), seen, "in order within " + entry.getKey());
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountAnEventOnceAsFailedWhicheverHandlerThrows(final ThreadingMode mode)
    {
        try (Engine engine = launch(context(mode)
            .subscribe(throwing("early.*").name("early"))
            .subscribe(throwing("late.*").name("late").visibleAt(VisibleAt.SYNCED))
            .subscribe(throwing("both.*").name("both early"))
            .subscribe(throwing("both.*").name("both late").visibleAt(VisibleAt.SYNCED))
            .subscribe(early("*"))
            .subscribe(late("*"))))
        {
            journal.hold(false);
            for (final String type : List.of("early.x", "late.x", "both.x", "none.x"))
            {
                publish(engine, type, type, Priority.LOW);
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(3, engine.stats().failed());
            assertEquals(1, engine.stats().handled());
            for (final TypeStats type : engine.stats().types())
            {
                assertEquals(1, type.count(), type.type());
                assertEquals(type.type().equals("none.x") ? 0 : 1, type.failures(), type.type());
            }
        }
        assertEquals(4, early.size());
        assertEquals(4, late.size());
        assertEquals(4, errors.size());
    }

    @Test
    void shouldCountTheForceAsLatencyOnlyWhenNobodySawTheEventBefore()
    {
        final long budgetNs = 1_000_000_000L;
        final ManualClock clock =
            new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
        final EngineContext context = context(ThreadingMode.INVOKER).clock(clock)
            .budgetNs(Priority.LOW, budgetNs)
            .subscribe(early("both")).subscribe(late("both")).subscribe(late("late"));
        try (Engine engine = launch(context))
        {
            publish(engine, "both", "a", Priority.LOW);
            publish(engine, "late", "b", Priority.LOW);
            runUntilIdle(engine);
            assertEquals(List.of("a"), early);
            clock.advance(Duration.ofSeconds(2));
            journal.force();
            runUntilIdle(engine);
            assertEquals(List.of("a", "b"), late);
            assertEquals(1, engine.stats().priority(Priority.LOW).overBudget());
        }
    }

    @Test
    void shouldTakeTurnsWhenBothPassesHaveEventsReady()
    {
        final List<String> order = new ArrayList<>();
        final EngineContext context = context(ThreadingMode.INVOKER)
            .subscribe(SubscriptionSpec.to("*", event -> order.add("early " + event.id())))
            .subscribe(SubscriptionSpec.to("*", event -> order.add("late " + event.id()))
                .visibleAt(VisibleAt.SYNCED));
        try (Engine engine = launch(context))
        {
            for (int i = 1; i <= 3; i++)
            {
                publish(engine, "t", "a" + i, Priority.NORMAL);
            }
            runUntilIdle(engine);
            journal.force();
            for (int i = 1; i <= 3; i++)
            {
                publish(engine, "t", "b" + i, Priority.NORMAL);
            }
            runUntilIdle(engine);
            journal.force();
            runUntilIdle(engine);
        }
        assertEquals(
            List.of(
                "early a1", "early a2", "early a3",
                "late a1", "early b1", "late a2", "early b2", "late a3", "early b3",
                "late b1", "late b2", "late b3"),
            order);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRedeliverWhenTheEngineEndsBeforeTheForce(final ThreadingMode mode)
    {
        final Engine engine = launch(context(mode).subscribe(early("*")).subscribe(late("*")));
        publishAndAwait(engine, "t", "a", Priority.LOW);
        publishAndAwait(engine, "t", "b", Priority.CRITICAL);
        until(engine, "the early ones", () -> early.size() == 2);
        engine.close(0, TimeUnit.NANOSECONDS);
        ThreadHygiene.awaitEnd();
        // A thread that could not end in no time has been reported.
        errors.removeIf(error -> error.getMessage().contains("did not end in time"));
        assertEquals(List.of(), late);
        final List<Integer> flags = Collections.synchronizedList(new ArrayList<>());
        try (Engine next = launch(context(mode).subscribe(SubscriptionSpec.to("*", event ->
        {
            late.add(event.id());
            flags.add(event.flags() & EventDescriptor.FLAG_REDELIVERED);
        }).visibleAt(VisibleAt.SYNCED))))
        {
            assertEquals(2, next.stats().redelivered());
        }
        assertEquals(List.of("a", "b"), late);
        assertEquals(List.of(EventDescriptor.FLAG_REDELIVERED, EventDescriptor.FLAG_REDELIVERED), flags);
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldRedeliverNothingBeforeTheJournalThatWasFoundIsForced(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = launch(context(mode)))
        {
            publishAndAwait(engine, "t", "a", Priority.LOW);
        }
        final PipelinePositions positions =
            TestPositions.open(directory);
        for (final Priority priority : Priority.values())
        {
            positions.watermark(priority.code(), 0);
        }
        positions.close();
        final CountDownLatch opened = new CountDownLatch(1);
        final AtomicInteger before = new AtomicInteger(-1);
        final Thread device = new Thread(() ->
        {
            Waiting.on(opened, "the journal");
            Waiting.until("the request", () -> journal.requested() == 1);
            before.set(late.size());
            journal.force();
        });
        device.start();
        try (Engine engine = new Engine(EngineLifecycle.launch(
            context(mode).subscribe(late("*")).conclude(), settings ->
            {
                journal = HeldJournal.open(settings, 0);
                opened.countDown();
                return journal;
            })))
        {
            assertEquals(List.of("a"), late, "done before launch returns");
            assertEquals(1, engine.stats().redelivered());
        }
        device.join();
        assertEquals(0, before.get());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSeeEventsFromThenOnWhenSubscribedLater(final ThreadingMode mode)
    {
        try (Engine engine = launch(context(mode).subscribe(early("*"))))
        {
            publishAndAwait(engine, "t", "a", Priority.LOW);
            until(engine, "the first", () -> engine.stats().handled() == 1);
            assertEquals(0, journal.requested(), "nobody needs a force");
            final Subscription subscription = engine.subscribe(late("*"));
            publishAndAwait(engine, "t", "b", Priority.LOW);
            publishAndAwait(engine, "t", "c", Priority.LOW);
            until(engine, "the request", () -> journal.requested() == 3);
            journal.forceUpTo(2);
            until(engine, "the second", () -> late.size() == 1);
            engine.unsubscribe(subscription);
            journal.force();
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(List.of("b"), late);
            assertEquals(1, subscription.delivered());
            assertEquals(3, engine.stats().handled());
        }
    }

    @Test
    void shouldNotLetALateCallOfTheOtherThreadOverlapWhenCriticalIsDedicated()
    {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            late.add(event.id());
            inside.decrementAndGet();
        }).visibleAt(VisibleAt.SYNCED);
        try (Engine engine = launch(context(ThreadingMode.DEDICATED).subscribe(spec)))
        {
            journal.hold(false);
            for (int i = 0; i < 800; i++)
            {
                publish(engine, "t", "e" + i, i % 2 == 0 ? Priority.CRITICAL : Priority.LOW);
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        assertEquals(800, late.size());
        assertEquals(1, most.get());
    }

    @Test
    void shouldRefuseToSubscribeWhenThereIsNoJournal()
    {
        try (Engine engine = Engine.launch(
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.INVOKER)))
        {
            final IllegalArgumentException ex =
                assertThrows(IllegalArgumentException.class, () -> engine.subscribe(late("*").name("audit")));
            assertTrue(ex.getMessage().contains("visibleAt(audit)=SYNCED"), ex.getMessage());
        }
    }

    private Engine launch(final EngineContext context)
    {
        return new Engine(EngineLifecycle.launch(context.conclude(), settings ->
        {
            journal = HeldJournal.open(settings);
            return journal;
        }));
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode)
            .journal(new JournalContext().prepareAhead(0)).errorHandler(errors::add);
    }

    private SubscriptionSpec early(final String pattern)
    {
        return SubscriptionSpec.to(pattern, event -> early.add(event.id()));
    }

    private SubscriptionSpec late(final String pattern)
    {
        return SubscriptionSpec.to(pattern, event -> late.add(event.id())).visibleAt(VisibleAt.SYNCED);
    }

    private static SubscriptionSpec throwing(final String pattern)
    {
        return SubscriptionSpec.to(pattern, event ->
        {
            throw new IllegalStateException("refuses " + event.type());
        }).retry(RetryPolicy.NONE);
    }

    private static long handedCount(final Engine engine)
    {
        engine.close();
        long count = 0;
        for (final Priority priority : Priority.values())
        {
            count += engine.stats().priority(priority).latency().getTotalCount();
        }
        return count;
    }

    private static void publishAndAwait(
        final Engine engine, final String type, final String id, final Priority priority)
    {
        final long ticket = publish(engine, type, id, priority);
        assertTrue(engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS) > 0);
    }

    private static long publish(final Engine engine, final String type, final String id, final Priority priority)
    {
        final long ticket = engine.publisher().publish(
            new EventBuilder().type(type).id(id).priority(priority).payloadText("payload of " + id));
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
        return ticket;
    }

    private static void until(
        final Engine engine, final String what, final BooleanSupplier condition)
    {
        Waiting.until(what, () ->
        {
            drive(engine);
            return condition.getAsBoolean();
        });
    }

    private static void runUntilIdle(final Engine engine)
    {
        int count = engine.invoke();
        while (count > 0)
        {
            count = engine.invoke();
        }
    }

    private static void drive(final Engine engine)
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
    }
}
