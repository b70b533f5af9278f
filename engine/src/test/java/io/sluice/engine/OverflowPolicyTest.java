package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an event for which there is no room, as the policy of its priority says. */
@ExtendWith(ThreadHygiene.class)
class OverflowPolicyTest
{
    private static final int LIMIT = 20;
    private static final int MB = 1_000_000;
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    // Who waits that long was woken.
    private static final long LONGER_NS = TimeUnit.HOURS.toNanos(1);

    @TempDir
    private Path directory;

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> results = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> publishers = new ArrayList<>();
    private int arenaLength = 4 << 20;
    private EngineCore core;
    private LimitedAdmission admission;

    @AfterEach
    void endPublishers() throws InterruptedException
    {
        release.countDown();
        for (final Thread publisher : publishers)
        {
            publisher.join(TimeUnit.SECONDS.toMillis(30));
            assertFalse(publisher.isAlive(), "a publisher is still parked");
        }
    }

    @Test
    void shouldDropTheNewestAndCountItApartWhenThePolicySaysSo()
    {
        final AdmissionContext settings =
            new AdmissionContext().overflow(Priority.LOW, OverflowPolicy.DROP_NEWEST);
        try (TestEngine test = TestEngine.launch(context(settings, event -> handled.add(event.id()))))
        {
            for (int i = 0; i < LIMIT; i++)
            {
                test.publisher().publish(event(Priority.LOW, "low" + i));
                test.publisher().publish(event(Priority.HIGH, "high" + i));
            }
            assertEquals(PublishResult.DROPPED, test.publisher().publish(event(Priority.LOW, "x")));
            assertEquals(
                PublishResult.DROPPED,
                test.publisher().publishBatch(List.of(event(Priority.LOW, "x"), event(Priority.LOW, "x"))));
            assertEquals(PublishResult.DROPPED, test.publisher().tryClaim(new EventClaim(), Priority.LOW, 200));
            assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publish(event(Priority.HIGH, "x")));
            assertEquals(Map.of("DROPPED", 4L), test.engine().stats().priority(Priority.LOW).refusals());
            assertEquals(Map.of("BACK_PRESSURED", 1L), test.engine().stats().priority(Priority.HIGH).refusals());
            assertEquals(4, test.engine().stats().priority(Priority.LOW).refused());
            test.runUntilIdle();
            assertEquals(2 * LIMIT, handled.size());
            assertFalse(handled.contains("x"));
            assertTrue(test.publisher().publish(event(Priority.LOW, "again")) >= 0);
        }
    }

    @Test
    void shouldRefuseToLaunchWhenTheTimeIsOutOfRange()
    {
        final IllegalArgumentException time = assertThrows(
            IllegalArgumentException.class, () -> new AdmissionContext().blockTimeoutNs(-1).conclude(true));
        assertTrue(time.getMessage().startsWith("blockTimeoutNs=-1"), time.getMessage());
        final AdmissionContext used = new AdmissionContext();
        used.conclude(true);
        assertThrows(IllegalStateException.class, () -> used.blockTimeoutNs(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldParkThePublisherUntilThereIsRoomWhenThePolicyIsBlock(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode, LONG_NS, event -> hold(event.id())))
        {
            fill(engine, Priority.NORMAL);
            publishLater(engine.publisher(), "parked", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 1);
            assertTrue(results.isEmpty());
            assertEquals(
                PublishResult.BACK_PRESSURED,
                engine.publisher().tryClaim(new EventClaim(), Priority.NORMAL, 200),
                "a claim never waits");
            release.countDown();
            Waiting.until("the parked event", () -> handled.contains("parked"));
            awaitResults(1);
            assertTrue(results.get(0) >= 0);
            awaitWaiting(Priority.NORMAL, 0);
            assertEquals(1, engine.stats().priority(Priority.NORMAL).refused(), "the claim only");
        }
    }

    @Test
    void shouldRefuseWhenTheTimeIsOverOrTheThreadIsInterrupted()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, TimeUnit.MILLISECONDS.toNanos(5), event -> hold(event.id())))
        {
            fill(engine, Priority.NORMAL);
            assertEquals(PublishResult.BACK_PRESSURED, engine.publisher().publish(event(Priority.NORMAL, "late")));
            assertEquals(1, engine.stats().priority(Priority.NORMAL).refused());
            Thread.currentThread().interrupt();
            assertEquals(PublishResult.BACK_PRESSURED, engine.publisher().publish(event(Priority.NORMAL, "late")));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            awaitWaiting(Priority.NORMAL, 0);
            release.countDown();
        }
        assertFalse(handled.contains("late"));
    }

    @Test
    void shouldInterruptTheWaitWhenTheParkedThreadIsInterrupted()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONG_NS, event -> hold(event.id())))
        {
            fill(engine, Priority.NORMAL);
            publishLater(engine.publisher(), "first", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 1);
            publishLater(engine.publisher(), "second", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 2);
            publishers.get(1).interrupt();
            awaitWaiting(Priority.NORMAL, 1);
            awaitResults(1);
            assertEquals(List.of(PublishResult.BACK_PRESSURED), results);
            publishers.get(0).interrupt();
            awaitWaiting(Priority.NORMAL, 0);
            release.countDown();
        }
    }

    @Test
    void shouldRefuseTheParkedWhenTheEngineOrThePublisherCloses()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONG_NS, event -> hold(event.id())))
        {
            fill(engine, Priority.NORMAL);
            final Publisher guest = engine.publisher("guest");
            publishLater(guest, "guest", Priority.NORMAL);
            publishLater(guest, "guest", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 2);
            guest.close();
            awaitWaiting(Priority.NORMAL, 0);
            awaitResults(2);
            assertEquals(List.of(PublishResult.CLOSED, PublishResult.CLOSED), results);
            results.clear();
            publishLater(engine.publisher(), "a", Priority.NORMAL);
            publishLater(engine.publisher(), "b", Priority.NORMAL);
            publishLater(engine.publisher(), "c", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 3);
            assertFalse(engine.drain(0));
            awaitWaiting(Priority.NORMAL, 0);
            awaitResults(3);
            assertEquals(Collections.nCopies(3, PublishResult.NOT_OPEN), results);
            release.countDown();
        }
    }

    @Test
    void shouldNeverParkAHandlerNorAHostThatDrivesTheEngine()
    {
        final AtomicInteger fromHandler = new AtomicInteger();
        final Publisher[] publisher = new Publisher[1];
        final AdmissionContext settings = new AdmissionContext().blockTimeoutNs(LONG_NS);
        for (final Priority priority : Priority.values())
        {
            settings.overflow(priority, OverflowPolicy.BLOCK);
        }
        try (TestEngine test = TestEngine.launch(context(settings, event ->
        {
            long result = event.priority() == Priority.NORMAL ? 0 : PublishResult.BACK_PRESSURED;
            while (result >= 0)
            {
                result = publisher[0].publish(event(Priority.HIGH, "from handler"));
                fromHandler.addAndGet(result >= 0 ? 1 : 0);
            }
            assertEquals(PublishResult.BACK_PRESSURED, result);
        })))
        {
            publisher[0] = test.publisher();
            assertTrue(test.publisher().publish(event(Priority.NORMAL, "one")) >= 0);
            test.engine().invoke();
            test.engine().invoke();
            assertTrue(fromHandler.get() > LIMIT, "handlers use the reserve");
            assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publish(event(Priority.HIGH, "host")));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED"})
    void shouldLetEveryThreadGetItsTurnAndKeepTheLimitWhenManyFlood(final ThreadingMode mode)
    {
        final int threads = 6;
        final int total = 6_000;
        final AtomicLongArray accepted = new AtomicLongArray(threads);
        final AtomicInteger all = new AtomicInteger();
        final AtomicBoolean isTooDeep = new AtomicBoolean();
        final AtomicInteger count = new AtomicInteger();
        final CountDownLatch together = new CountDownLatch(threads);
        try (Engine engine = launch(mode, LONG_NS, event -> count.incrementAndGet()))
        {
            for (int i = 0; i < threads; i++)
            {
                final int index = i;
                start(() ->
                {
                    together.countDown();
                    Waiting.on(together, "the other threads");
                    final EventBuilder event = new EventBuilder().type("load.step").priority(Priority.NORMAL);
                    while (all.incrementAndGet() <= total)
                    {
                        if (engine.publisher().publish(event) >= 0)
                        {
                            accepted.incrementAndGet(index);
                        }
                        if (engine.stats().priority(Priority.NORMAL).depth() > LIMIT)
                        {
                            isTooDeep.set(true);
                        }
                    }
                });
            }
            Waiting.until("all events", () -> count.get() == total);
            assertEquals(0, engine.stats().refused());
        }
        assertFalse(isTooDeep.get());
        for (int i = 0; i < threads; i++)
        {
            assertTrue(accepted.get(i) > total / threads / 10, "thread " + i + " of " + accepted);
        }
    }

    @Test
    void shouldNotHoldUpAnotherPublisherWhenAFloodingOneWaits()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONG_NS, event -> hold(event.id()));
            Publisher flood = engine.publisher("flood"); Publisher calm = engine.publisher("calm"))
        {
            int accepted = 0;
            while (accepted < LIMIT - LIMIT / 4)
            {
                assertTrue(flood.publish(event(Priority.LOW, "flood")) >= 0);
                accepted++;
            }
            publishLater(flood, "flood", Priority.LOW);
            awaitWaiting(Priority.LOW, 1);
            for (int i = 0; i < LIMIT / 4; i++)
            {
                assertTrue(calm.publish(event(Priority.LOW, "calm")) >= 0, "its guarantee");
            }
            release.countDown();
            Waiting.until("all of it", () -> handled.size() == LIMIT + 1);
        }
    }

    @Test
    void shouldWaitForAllTheRoomThatABatchNeeds()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONG_NS, event -> hold(event.id())))
        {
            fill(engine, Priority.NORMAL);
            final List<EventBuilder> batch = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++)
            {
                batch.add(event(Priority.NORMAL, "batch" + i));
            }
            start(() -> results.add(engine.publisher().publishBatch(batch)));
            awaitWaiting(Priority.NORMAL, 1);
            publishLater(engine.publisher(), "behind", Priority.NORMAL);
            awaitWaiting(Priority.NORMAL, 2);
            release.countDown();
            Waiting.until("the one behind", () -> handled.contains("behind"));
            assertTrue(handled.indexOf("behind") > handled.indexOf("batch" + (LIMIT - 1)), "first come, first served");
            assertEquals(0, engine.stats().refused());
        }
    }

    @Test
    void shouldWaitForAnEmptyRingWhereABatchIsLargerThanItsShare()
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONGER_NS, event -> hold(event.id()));
            Publisher one = engine.publisher("one"); Publisher other = engine.publisher("other"))
        {
            assertTrue(other.publish(event(Priority.NORMAL, "other")) >= 0);
            start(() -> results.add(
                one.publishBatch(Collections.nCopies(LIMIT - 2, event(Priority.NORMAL, "batch")))));
            awaitWaiting(Priority.NORMAL, 1);
            release.countDown();
            Waiting.until("the batch", () -> handled.size() == LIMIT - 1);
            assertEquals(0, engine.stats().refused());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldWakeWhoWaitsForBytesWhenAnotherPriorityFreesThem(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode, LONGER_NS, event -> hold(event.id())))
        {
            for (int i = 0; i < 4; i++)
            {
                assertTrue(engine.publisher().publish(large(Priority.LOW, "low" + i, MB)) >= 0);
            }
            publishLater(engine.publisher(), large(Priority.CRITICAL, "one", 2_000));
            awaitParked(Priority.CRITICAL, 1);
            start(() -> results.add(engine.publisher().publishBatch(
                List.of(event(Priority.HIGH, "small"), large(Priority.HIGH, "two", 60_000)))));
            awaitParked(Priority.HIGH, 1);
            release.countDown();
            Waiting.until("the parked ones", () -> handled.containsAll(List.of("one", "two")));
            assertEquals(0, engine.stats().refused());
        }
    }

    /** Here by hand, where nobody is told of it: so only what comes after it can have woken anybody. */
    @ParameterizedTest
    @ValueSource(strings = {"event", "batch", "claim"})
    void shouldWakeWhoWaitsForBytesWhenAnotherOneGivesBackWhatItCouldNotUse(final String kind)
    {
        try (Engine engine = launch(ThreadingMode.SHARED, LONGER_NS, event -> hold(event.id())))
        {
            fill(engine, Priority.LOW);
            final EventArena arena = core.arena();
            final long handle = arena.allocate(arena.maxLength());
            publishLater(engine.publisher(), large(Priority.HIGH, "parked", MB));
            awaitParked(Priority.HIGH, 1);
            arena.free(handle);
            // It has bytes, but no slot.
            if (kind.equals("claim"))
            {
                assertTrue(engine.publisher().tryClaim(new EventClaim(), Priority.LOW, MB) < 0);
            }
            else
            {
                final EventBuilder event = large(Priority.LOW, "none", 60_000);
                start(() -> results.add(kind.equals("event") ?
                    engine.publisher().publish(event) : engine.publisher().publishBatch(List.of(event))));
            }
            awaitWaiting(Priority.HIGH, 0);
            release.countDown();
            Waiting.until("the parked one", () -> handled.contains("parked"));
        }
    }

    @Test
    void shouldWakeWhoWaitsForBytesWhenMemoryIsGivenBack()
    {
        arenaLength = 8 << 20;
        try (Engine engine = launch(ThreadingMode.SHARED, LONGER_NS, event -> hold(event.id())))
        {
            final long handle = core.arena().allocate(core.arena().maxLength());
            final long rest = core.memory().limit() - core.memory().used();
            assertTrue(core.memory().tryReserve(rest));
            publishLater(engine.publisher(), large(Priority.HIGH, "parked", MB));
            awaitParked(Priority.HIGH, 1);
            core.memory().release(rest);
            awaitWaiting(Priority.HIGH, 0);
            release.countDown();
            Waiting.until("the parked one", () -> handled.contains("parked"));
            core.arena().free(handle);
        }
    }

    private void hold(final String id)
    {
        Waiting.on(release, "the release");
        handled.add(id);
    }

    private void fill(final Engine engine, final Priority priority)
    {
        for (int i = 0; i < LIMIT; i++)
        {
            assertTrue(engine.publisher().publish(event(priority, "e" + i)) >= 0, "event " + i);
        }
    }

    private void publishLater(final Publisher publisher, final String id, final Priority priority)
    {
        publishLater(publisher, event(priority, id));
    }

    private void publishLater(final Publisher publisher, final EventBuilder event)
    {
        start(() -> results.add(publisher.publish(event)));
    }

    private void start(final Runnable action)
    {
        final Thread thread = new Thread(action, "publisher-" + publishers.size());
        publishers.add(thread);
        thread.start();
    }

    // Not only on its way there: it has tried, and nothing but a wake-up makes it try again.
    private void awaitParked(final Priority priority, final int count)
    {
        awaitWaiting(priority, count);
        Waiting.until("it to be parked", () ->
            publishers.get(publishers.size() - 1).getState() == Thread.State.TIMED_WAITING);
    }

    private void awaitWaiting(final Priority priority, final int count)
    {
        Waiting.until(count + " waiting", () -> admission.waiting(priority.code()) == count);
    }

    /** A thread that does not wait any more has yet to say what it was told. */
    private void awaitResults(final int count)
    {
        Waiting.until(count + " results", () -> results.size() == count);
    }

    private Engine launch(final ThreadingMode mode, final long timeoutNs, final EventHandler handler)
    {
        final AdmissionContext settings = new AdmissionContext().blockTimeoutNs(timeoutNs);
        for (final Priority priority : Priority.values())
        {
            settings.overflow(priority, OverflowPolicy.BLOCK);
        }
        final EngineLifecycle lifecycle =
            EngineLifecycle.launch(context(settings, handler).threadingMode(mode).conclude());
        core = lifecycle.core();
        admission = core.admission().blocking();
        return new Engine(lifecycle);
    }

    private EngineContext context(final AdmissionContext settings, final EventHandler handler)
    {
        final EngineContext context = new EngineContext().directory(directory)
            .index(false)
            .admission(settings)
            .arenaLength(arenaLength)
            .dedup(new DedupContext().enabled(false))
            // However long the test takes while a handler waits for it.
            .hangTimeoutNs(0)
            .subscribe(SubscriptionSpec.to("*", handler).timeout(Duration.ofMinutes(1)));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, LIMIT);
        }
        return context;
    }

    private static EventBuilder large(final Priority priority, final String id, final int length)
    {
        return event(priority, id).payload(new byte[length]);
    }

    private static EventBuilder event(final Priority priority, final String id)
    {
        return new EventBuilder().type("load.step").priority(priority).id(id);
    }
}
