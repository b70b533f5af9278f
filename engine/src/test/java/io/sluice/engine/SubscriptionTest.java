package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ThreadHygiene.class)
class SubscriptionTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void releaseHandlers()
    {
        release.countDown();
    }

    @Test
    void shouldDeliverFromSubscribeToUnsubscribeWhenBothHappenDuringARun()
    {
        try (TestEngine test = launch())
        {
            publish(test, "before", "a.b", Priority.LOW);
            test.runUntilIdle();
            final Subscription subscription = test.engine().subscribe(
                SubscriptionSpec.to("a.*", event -> handled.add(event.id())).name("late"));
            final Subscription other =
                test.engine().subscribe(SubscriptionSpec.to("c", event -> handled.add("other " + event.id())));
            assertTrue(subscription.id() != other.id());
            assertEquals("late", subscription.spec().name());
            assertEquals("a.*", subscription.spec().pattern().toString());
            publish(test, "during", "a.b", Priority.LOW);
            publish(test, "third", "c", Priority.LOW);
            test.advance(Duration.ofSeconds(1));
            assertEquals(1, subscription.delivered());
            assertEquals(test.clock().nanoTime(), subscription.lastDeliveredNs());
            publish(test, "in the ring", "a.b", Priority.LOW);
            test.engine().unsubscribe(subscription);
            assertFalse(subscription.isActive());
            publish(test, "after", "a.b", Priority.LOW);
            test.runUntilIdle();
            assertEquals(1, subscription.delivered());
            assertEquals(5, test.engine().stats().handled(), "an event that nobody wants is handled");
        }
        assertEquals(List.of("during", "other third"), handled);
    }

    @Test
    void shouldNotCallAgainWhenAHandlerUnsubscribesAnotherBeforeItsTurn()
    {
        final TestEngine[] holder = new TestEngine[1];
        final Subscription[] victim = new Subscription[1];
        try (TestEngine test = launch(SubscriptionSpec.to("*", event ->
        {
            handled.add("first " + event.id());
            holder[0].engine().unsubscribe(victim[0]);
        })))
        {
            holder[0] = test;
            victim[0] = test.engine().subscribe(SubscriptionSpec.to("*", event -> handled.add("victim")));
            publish(test, "a", "t", Priority.HIGH);
            publish(test, "b", "t", Priority.HIGH);
            test.runUntilIdle();
        }
        assertEquals(List.of("first a", "first b"), handled);
    }

    @Test
    void shouldDeliverOnlyWhatIsUrgentEnoughWhenAMinimumPriorityIsSet()
    {
        final List<SubscriptionSpec> specs = new ArrayList<>();
        for (final Priority minimum : Priority.values())
        {
            specs.add(SubscriptionSpec.to("*", event -> handled.add(minimum + " gets " + event.priority()))
                .minimumPriority(minimum));
            assertEquals(minimum, specs.get(minimum.code()).minimumPriority());
        }
        try (TestEngine test = launch(specs.toArray(new SubscriptionSpec[0])))
        {
            for (final Priority priority : Priority.values())
            {
                publish(test, "e" + priority, "t", priority);
            }
            test.runUntilIdle();
        }
        assertEquals(10, handled.size());
        for (final Priority minimum : Priority.values())
        {
            for (final Priority priority : Priority.values())
            {
                assertEquals(
                    priority.code() <= minimum.code(), handled.contains(minimum + " gets " + priority),
                    minimum + " and " + priority);
            }
        }
    }

    @Test
    void shouldIsolateErrorsAndExceptionsOfEveryKind()
    {
        final List<Throwable> thrown = List.of(
            new StackOverflowError("deep"), new AssertionError("no"), new OutOfMemoryError("pretended"),
            new NoClassDefFoundError("gone"), new Exception("checked"), new IllegalStateException("state"));
        final AtomicInteger next = new AtomicInteger();
        try (TestEngine test = launch(
            SubscriptionSpec.to("*", event ->
            {
                SubscriptionTest.<RuntimeException>sneak(thrown.get(next.getAndIncrement()));
            }).name("grumpy").breaker(BreakerPolicy.OFF),
            SubscriptionSpec.to("*", event -> handled.add(event.id()))))
        {
            for (int i = 0; i < thrown.size(); i++)
            {
                publish(test, "e" + i, "t", Priority.NORMAL);
            }
            test.runUntilIdle();
            assertEquals(thrown.size(), test.engine().stats().failed());
            assertEquals(thrown.size(), test.engine().stats().errors());
            assertEquals(0, test.engine().stats().handled());
            assertEquals(thrown.size(), test.engine().stats().types().get(0).failures());
            assertEquals(EngineState.RUNNING, test.engine().state());
        }
        assertEquals(thrown.size(), handled.size());
        for (int i = 0; i < thrown.size(); i++)
        {
            assertEquals(thrown.get(i), errors.get(i).getCause());
            assertTrue(errors.get(i).getMessage().contains("grumpy"), errors.get(i).getMessage());
        }
    }

    @Test
    void shouldPoisonTheViewWhenTheCallbackHasReturned()
    {
        final EventFlyweight[] kept = new EventFlyweight[1];
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[1024]);
        try (TestEngine test = launch(SubscriptionSpec.to("*", event ->
        {
            kept[0] = event;
            event.copyTo(copy, 0);
        })))
        {
            publish(test, "a", "t", Priority.NORMAL);
            test.runUntilIdle();
        }
        assertThrows(RuntimeException.class, () -> kept[0].id());
        assertThrows(RuntimeException.class, () -> kept[0].sequence());
        assertEquals("a", new EventFlyweight().wrap(copy, 0).id());
    }

    @Test
    void shouldNeverOverlapCallsOfOneSubscriptionWhenCriticalIsHandledOnAThreadOfItsOwn() throws Exception
    {
        final int perPriority = 3_000;
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger overlaps = new AtomicInteger();
        final int[] plain = new int[1];
        final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();
        final EventHandler handler = event ->
        {
            if (inside.incrementAndGet() != 1)
            {
                overlaps.incrementAndGet();
            }
            plain[0]++;
            threads.addIfAbsent(Thread.currentThread());
            inside.decrementAndGet();
        };
        final EngineContext context = new EngineContext().directory(directory)
            .threadingMode(ThreadingMode.DEDICATED).errorHandler(errors::add)
            .dedup(new DedupContext().enabled(false)).subscribe(SubscriptionSpec.to("*", handler));
        try (Engine engine = Engine.launch(context))
        {
            for (int i = 0; i < perPriority; i++)
            {
                for (final Priority priority : Priority.values())
                {
                    final EventBuilder event = new EventBuilder().type("t").priority(priority);
                    Waiting.until("room", () -> engine.publisher().publish(event) >= 0);
                }
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(4L * perPriority, engine.stats().handled());
        }
        assertEquals(0, overlaps.get());
        assertEquals(4 * perPriority, plain[0]);
        assertEquals(2, threads.size(), "both threads took part");
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHandleCriticalOfOtherSubscriptionsWhenAHandlerHangsInDedicatedMode()
    {
        final CountDownLatch entered = new CountDownLatch(1);
        final EngineContext context = new EngineContext().directory(directory)
            .threadingMode(ThreadingMode.DEDICATED).errorHandler(errors::add)
            .subscribe(SubscriptionSpec.to("stuck", event ->
            {
                entered.countDown();
                Waiting.on(release, "the end of the test");
            }))
            .subscribe(SubscriptionSpec.to("urgent", event -> handled.add(event.id())));
        try (Engine engine = Engine.launch(context))
        {
            engine.publisher().publish(new EventBuilder().type("stuck").priority(Priority.HIGH));
            Waiting.on(entered, "the handler");
            engine.publisher().publish(new EventBuilder().id("now").type("urgent").priority(Priority.CRITICAL));
            Waiting.until("the CRITICAL event", () -> handled.contains("now"));
            release.countDown();
        }
    }

    @Test
    void shouldCountTogetherWhatIsBeyondTheBoundOfKnownTypes()
    {
        final int types = RouteTable.MAX_TYPES + 50;
        try (TestEngine test = launch(SubscriptionSpec.to("type.*", event -> handled.add("x"))))
        {
            for (int i = 0; i < types; i++)
            {
                publish(test, "e" + i, "type.number" + i, Priority.NORMAL);
                if (i % 1000 == 0)
                {
                    test.runUntilIdle();
                }
            }
            for (int i = 0; i < 100; i++)
            {
                publish(test, "again" + i, "type.number" + (types - 100 + i), Priority.NORMAL);
            }
            test.runUntilIdle();
            final List<TypeStats> stats = test.engine().stats().types();
            assertEquals(RouteTable.MAX_TYPES + 1, stats.size());
            assertEquals(RouteTable.OTHER, stats.get(0).type());
            assertEquals(100, stats.get(0).count());
            assertEquals(types + 100, stats.stream().mapToLong(TypeStats::count).sum());
            assertEquals(types + 100, test.engine().stats().handled());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(final Throwable error) throws T
    {
        throw (T)error;
    }

    private static void publish(final TestEngine test, final String id, final String type, final Priority priority)
    {
        final long ticket = test.publisher().publish(
            new EventBuilder().id(id).type(type).priority(priority).payloadText(id));
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
    }

    private TestEngine launch(final SubscriptionSpec... specs)
    {
        final EngineContext context = new EngineContext().directory(directory).errorHandler(errors::add);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return TestEngine.launch(context);
    }
}
