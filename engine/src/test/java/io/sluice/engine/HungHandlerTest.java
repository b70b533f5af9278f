package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.DataDirectoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that does not return holds up nobody but itself, and what it was called for is not lost. */
@ExtendWith(ThreadHygiene.class)
class HungHandlerTest
{
    private static final Duration HANGS = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> hanging = new CopyOnWriteArrayList<>();
    private final List<Long> fast = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final AtomicReference<Throwable> seenAfter = new AtomicReference<>();
    private int lastNumber;

    @AfterEach
    void release()
    {
        released.countDown();
    }

    @ParameterizedTest
    @CsvSource({"PAIRED, true", "PAIRED, false", "DEDICATED, true", "DEDICATED, false"})
    void shouldGoOnWithoutItAndHandItTheRestWhenItReturns(final ThreadingMode mode, final boolean isDurable)
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 2)).name("hanging");
        try (Engine engine = launch(mode, isDurable ? spec.durable("hanging") : spec, fastOne()))
        {
            final Subscription hung = engine.subscriptions().get(0);
            awaitRings(engine);
            publish(engine, Priority.NORMAL, 5);
            Waiting.on(entered, "the call that hangs");
            assertEquals(SubscriptionState.RUNNING, hung.state());
            clock.advance(HANGS);
            Waiting.until("the other handler", () -> fast.size() == 5);
            publish(engine, Priority.HIGH, 5);
            Waiting.until("the other handler, later", () -> fast.size() == 10);
            Waiting.until("the dead letter", () -> hung.deadLetters() == 1);

            assertEquals(SubscriptionState.HUNG, hung.state());
            assertTrue(hung.isDemoted());
            assertEquals(1, hung.timeouts());
            assertEquals(List.of(1L, 2L), hanging);
            assertStillHangs();
            assertEquals(1, errors.size());
            assertTrue(errors.get(0).getMessage().startsWith(
                "handler of subscription 'hanging' has not returned for 1000 ms on thread sluice-handle: it gets no"),
                errors.get(0).getMessage());
            assertTrue(List.of(errors.get(0).getStackTrace()).stream()
                .anyMatch(frame -> frame.getClassName().equals(HungHandlerTest.class.getName())));

            released.countDown();
            Waiting.until("the rest", () -> hanging.size() == 10);
            assertEquals(LongStream.rangeClosed(1, 10).boxed().toList(), hanging);
            hung.promote();
            Waiting.until("the rings", () -> hung.state() == SubscriptionState.RUNNING);
            publish(engine, Priority.NORMAL, 1);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(11, hanging.size());
            assertEquals(LongStream.rangeClosed(1, 11).boxed().toList(), fast.stream().sorted().toList());
        }
        assertNotNull(seenAfter.get(), "the event is not the handler's any more");
        final List<DeadLetter> letters = letters();
        assertEquals(1, letters.size());
        assertEquals("hanging", letters.get(0).status().subscription());
        assertEquals(2, letters.get(0).status().sequence());
        assertEquals(FailureCause.TIMED_OUT, letters.get(0).status().cause());
        assertEquals(HungHandlerException.class.getName(), letters.get(0).exception());
    }

    @ParameterizedTest
    @EnumSource(names = {"PAIRED", "DEDICATED"})
    void shouldCloseAndLoseNothingWhenItHangsForEver(final ThreadingMode mode)
    {
        final SubscriptionSpec spec =
            SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 2)).durable("hanging");
        try (Engine engine = launch(mode, spec, fastOne()))
        {
            awaitRings(engine);
            publish(engine, Priority.NORMAL, 3);
            Waiting.on(entered, "the call that hangs");
            clock.advance(HANGS);
            Waiting.until("the other handler", () -> fast.size() == 3);
        }
        assertStillHangs();
        assertEquals(List.of(1L, 2L, 3L), fast);

        final List<Long> later = new CopyOnWriteArrayList<>();
        try (Engine engine = launch(mode, SubscriptionSpec.to("*", event ->
        {
            later.add(event.sequence());
        }).durable("hanging")))
        {
            assertEquals(EngineState.RUNNING, engine.state());
            Waiting.until("what it has not had", () -> later.contains(3L));
            Waiting.until("the dead letter", () -> !letters().isEmpty());
        }
        assertFalse(later.contains(1L));
        assertStillHangs();
    }

    @ParameterizedTest
    @EnumSource(names = {"PAIRED", "DEDICATED"})
    void shouldGoOnWithTheOtherPriorityWhenBothThreadsWouldCallIt(final ThreadingMode mode)
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 1)).name("hanging");
        try (Engine engine = launch(mode, spec, fastOne()))
        {
            publish(engine, Priority.NORMAL, 1);
            Waiting.on(entered, "the call that hangs");
            publish(engine, Priority.CRITICAL, 1);
            final Thread ticking = tickingWhen(entered);
            Waiting.until("the CRITICAL event", () -> fast.contains(2L));
            ticking.interrupt();
            assertStillHangs();
            released.countDown();
            Waiting.until("what it was left out of", () -> hanging.contains(2L));
        }
        assertEquals(List.of(1L, 2L), hanging);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStartAndHandOutTheRestOnceWhenItHangsInRedelivery(final boolean isLast)
    {
        try (Engine engine = launch(ThreadingMode.PAIRED, SubscriptionSpec.to("nobody", event -> fast.add(0L))))
        {
            publish(engine, Priority.NORMAL, 5);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        final PipelinePositions positions = TestPositions.open(directory);
        positions.watermark(Priority.NORMAL.code(), 0);
        positions.close();

        final Thread ticking = tickingWhen(entered);
        final SubscriptionSpec hangs =
            SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 2)).name("hanging");
        try (Engine engine = launch(
            ThreadingMode.PAIRED, isLast ? fastOne() : hangs, isLast ? hangs : fastOne()))
        {
            assertEquals(EngineState.RUNNING, engine.state());
            assertEquals(LongStream.rangeClosed(1, 5).boxed().toList(), fast);
            assertEquals(List.of(1L, 2L), hanging);
            publish(engine, Priority.NORMAL, 1);
            Waiting.until("a new event", () -> fast.contains(6L));
            Waiting.until("the dead letter", () -> engine.subscriptions().get(isLast ? 1 : 0).deadLetters() == 1);
            released.countDown();
            Waiting.until("the rest", () -> hanging.contains(6L));
        }
        ticking.interrupt();
        assertEquals(LongStream.rangeClosed(1, 6).boxed().toList(), hanging);
    }

    @ParameterizedTest
    @CsvSource({"SHARED, 1", "PAIRED, 1", "SHARED, 3"})
    void shouldKeepOtherCallsGoingWhenAWorkerHangs(final ThreadingMode mode, final int concurrency)
    {
        final SubscriptionSpec spec = hangingAtSecondOfNine(concurrency, 2).name("hanging");
        try (Engine engine = launch(mode, spec, fastOne()))
        {
            final Subscription hung = engine.subscriptions().get(0);
            publish(engine, Priority.NORMAL, 9);
            Waiting.on(entered, "the call that hangs");
            // Calls that are in progress while the clock moves would hang, too.
            Waiting.until("the other handler", () -> engine.subscriptions().get(1).delivered() == 9);
            Waiting.until("the other calls", () -> hung.delivered() == (concurrency > 1 ? 5 : 1));
            clock.advance(Duration.ofSeconds(29));
            assertEquals(0, hung.timeouts());
            clock.advance(HANGS);
            Waiting.until("the dead letter", () -> hung.deadLetters() == 1);
            if (concurrency > 1)
            {
                Waiting.until("the rest", () -> hanging.size() == 9);
                assertEquals(List.of(2L, 4L, 6L, 8L), hanging.stream().filter(one -> one % 2 == 0).toList());
                assertEquals(SubscriptionState.RUNNING, hung.state());
            }
            else
            {
                assertEquals(List.of(1L, 2L), hanging);
                assertEquals(SubscriptionState.HUNG, hung.state());
            }
            assertStillHangs();
            released.countDown();
            Waiting.until("the rest", () -> hanging.size() == 9);
            publish(engine, Priority.NORMAL, 1);
            Waiting.until("a new event", () -> hanging.size() == 10);
            assertEquals(SubscriptionState.RUNNING, hung.state());
        }
        assertEquals(FailureCause.TIMED_OUT, letters().get(0).status().cause());
    }

    @Test
    void shouldEndAndCloseAtOnceWhenAWorkerHangsForEver()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 1))
            .mode(DeliveryMode.TAILING).durable("hanging");
        try (Engine engine = launch(ThreadingMode.PAIRED, spec))
        {
            publish(engine, Priority.NORMAL, 3);
            Waiting.on(entered, "the call that hangs");
            clock.advance(Duration.ofSeconds(31));
            final Subscription hung = engine.subscriptions().get(0);
            Waiting.until("the dead letter", () -> hung.deadLetters() == 1);
            engine.unsubscribe(hung);
            Waiting.until("its end", () -> engine.subscriptionStats().get(0).state() == SubscriptionState.ORPHANED);
            assertEquals(1, engine.subscriptionStats().get(0).position());
        }
        assertStillHangs();
    }

    @Test
    void shouldNotRepeatWhatIsDoneBehindOneThatIsNotWhenItIsSubscribedAgain()
    {
        final SubscriptionSpec spec = hangingAtSecondOfNine(3, 3).durable("hanging");
        try (Engine engine = launch(ThreadingMode.PAIRED, spec))
        {
            publish(engine, Priority.NORMAL, 9);
            Waiting.on(entered, "the call");
            Waiting.until("the other keys", () -> hanging.size() == 7);
            engine.unsubscribe(engine.subscriptions().get(0));
            released.countDown();
            Waiting.until("its end", () -> engine.subscriptionStats().get(0).state() == SubscriptionState.ORPHANED);
            assertEquals(7, hanging.size());
            hanging.clear();
            engine.subscribe(spec);
            publish(engine, Priority.NORMAL, 1);
            Waiting.until("the last one", () -> hanging.contains(10L));
            Waiting.until("all", () -> hanging.size() >= 3);
        }
        assertEquals(List.of(5L, 8L, 10L), hanging.stream().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldNotHoldUpTheRingsWhenARetryBesideThemHangs(final ThreadingMode mode)
    {
        final EventHandler handler = hangingAt(sequence -> sequence == 1);
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 1 && (event.flags() & EventDescriptor.FLAG_REDELIVERED) == 0)
            {
                throw new IllegalStateException("at first");
            }
            handler.onEvent(event);
        }).name("hanging").retry(RetryPolicy.DEFAULT.firstDelayNs(1_000_000L));
        try (Engine engine = launch(mode, spec, fastOne()))
        {
            publish(engine, Priority.NORMAL, 1);
            Waiting.until("the failure", () -> engine.subscriptions().get(0).errors() == 1);
            Waiting.until("the end of the other call", () -> engine.subscriptions().get(1).delivered() == 1);
            final Thread ticking = tickingWhen(entered);
            clock.advance(Duration.ofSeconds(1));
            Waiting.on(entered, "the call that hangs");
            publish(engine, Priority.NORMAL, 3);
            Waiting.until("the other handler", () -> fast.size() == 4);
            Waiting.until("the dead letter", () -> engine.subscriptions().get(0).deadLetters() == 1);
            ticking.interrupt();
            assertStillHangs();
            released.countDown();
            Waiting.until("the rest", () -> hanging.size() == 4);
        }
        assertEquals(LongStream.rangeClosed(1, 4).boxed().toList(), hanging);
        assertEquals(FailureCause.TIMED_OUT, letters().get(0).status().cause());
    }

    @ParameterizedTest
    @EnumSource(names = {"PAIRED", "DEDICATED"})
    void shouldLoseOnlyItsOwnEventsWhenThereIsNoJournal(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(context(mode).durability(Durability.NONE)
            .subscribe(SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 2)).name("hanging"))
            .subscribe(fastOne())))
        {
            final Thread ticking = tickingWhen(entered);
            publish(engine, Priority.NORMAL, 4);
            Waiting.until("the other handler", () -> fast.size() == 4);
            ticking.interrupt();
            assertStillHangs();
            released.countDown();
            Waiting.until("its return", () -> engine.subscriptions().get(0).state() == SubscriptionState.RUNNING);
            publish(engine, Priority.NORMAL, 1);
            Waiting.until("a new event", () -> hanging.contains(5L));
            assertEquals(3, engine.stats().failed());
        }
        assertEquals(List.of(1L, 2L, 5L), hanging);
    }

    @Test
    void shouldSayWhatHangsWhenNoOtherThreadCouldGoOn()
    {
        try (Engine engine = launch(
            ThreadingMode.SHARED,
            SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 1)).name("hanging"),
            fastOne()))
        {
            publish(engine, Priority.NORMAL, 2);
            Waiting.on(entered, "the call that hangs");
            clock.advance(HANGS);
            Waiting.until("the report", () -> !errors.isEmpty());
            clock.advance(HANGS);
            assertTrue(errors.get(0).getMessage().contains("nothing else goes on there until it returns"));
            assertEquals(List.of(), fast);
            released.countDown();
            Waiting.until("both handlers", () -> fast.size() == 2 && hanging.size() == 2);
        }
        assertEquals(1, errors.size(), "said once");
        assertEquals(List.of(1L, 2L), hanging);
    }

    @Test
    void shouldWaitForEverWhenToldSo()
    {
        assertThrows(IllegalArgumentException.class, () -> new EngineContext().hangTimeoutNs(-1));
        try (Engine engine = Engine.launch(context(ThreadingMode.PAIRED).hangTimeoutNs(0)
            .subscribe(SubscriptionSpec.to("*", hangingAt(sequence -> sequence == 1)).name("hanging"))))
        {
            publish(engine, Priority.NORMAL, 2);
            Waiting.on(entered, "the call that hangs");
            assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(one -> one.getName().equals(EngineRole.WATCH.threadName())));
            clock.advance(Duration.ofDays(1));
            released.countDown();
            Waiting.until("all", () -> hanging.size() == 2);
            assertEquals(1, engine.subscriptions().get(0).timeouts());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhenADurableOneFailsInRedelivery()
    {
        try (Engine engine = launch(ThreadingMode.PAIRED, SubscriptionSpec.to("nobody", event -> fast.add(0L))))
        {
            publish(engine, Priority.NORMAL, 4);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        final PipelinePositions positions = TestPositions.open(directory);
        positions.watermark(Priority.NORMAL.code(), 0);
        positions.close();
        final List<Long> done = new CopyOnWriteArrayList<>();
        final RetryPolicy holding = RetryPolicy.DEFAULT.firstDelayNs(1_000_000L).order(RetryOrder.HOLD_KEY);
        try (Engine engine = launch(ThreadingMode.PAIRED, SubscriptionSpec.to("*", event ->
        {
            fast.add(event.sequence());
            if (event.sequence() == 2 && fast.stream().filter(one -> one == 2).count() == 1)
            {
                throw new IllegalStateException("at first");
            }
            done.add(event.sequence());
        }).name("ordered").key(event -> 7L).retry(holding)))
        {
            assertEquals(EngineState.RUNNING, engine.state());
            final Thread ticking = tickingWhen(new CountDownLatch(0));
            Waiting.until("all", () -> done.size() >= 4);
            ticking.interrupt();
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), done);
    }

    private static void awaitRings(final Engine engine)
    {
        Waiting.until("the rings", () -> engine.subscriptions().get(0).state() == SubscriptionState.RUNNING);
    }

    private SubscriptionSpec fastOne()
    {
        return SubscriptionSpec.to("*", event -> fast.add(event.sequence())).name("fast")
            .timeout(Duration.ofHours(1));
    }

    /**
     * The first call waits until the last event has a slot, so that no other key is in the one that hangs: a key stays
     * where its last event was, also when that is done, until this is seen.
     */
    private SubscriptionSpec hangingAtSecondOfNine(final int concurrency, final int keys)
    {
        final EventHandler handler = hangingAt(sequence -> sequence == 2);
        final CountDownLatch isLastGiven = new CountDownLatch(concurrency > 1 ? 1 : 0);
        return SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 1)
            {
                Waiting.on(isLastGiven, "the last event");
            }
            handler.onEvent(event);
        }).mode(DeliveryMode.TAILING).concurrency(concurrency).key(event ->
        {
            if (event.sequence() == 9)
            {
                isLastGiven.countDown();
            }
            return event.sequence() % keys;
        });
    }

    private EventHandler hangingAt(final LongPredicate isHanging)
    {
        return (final EventFlyweight event) ->
        {
            final long sequence = event.sequence();
            hanging.add(sequence);
            if (isHanging.test(sequence) && thread.compareAndSet(null, Thread.currentThread()))
            {
                entered.countDown();
                awaitRelease();
                try
                {
                    event.sequence();
                }
                catch (final RuntimeException ex)
                {
                    seenAfter.set(ex);
                }
            }
        };
    }

    private void awaitRelease() throws InterruptedException
    {
        assertTrue(released.await(Waiting.LIMIT_NS, TimeUnit.NANOSECONDS));
    }

    private void assertStillHangs()
    {
        final Thread hung = thread.get();
        assertTrue(hung.isAlive());
        // It said that it has entered before it began to wait.
        Waiting.until("the call to wait", () -> hung.getState() == Thread.State.TIMED_WAITING);
        assertTrue(List.of(hung.getStackTrace()).stream()
            .anyMatch(frame -> frame.getMethodName().equals("awaitRelease")));
    }

    /**
     * Moves the clock by some milliseconds again and again, less than would make a call hang at once; and no faster
     * than this, or else another call would be taken for one that hangs when its thread gets no processor for a moment.
     */
    private Thread tickingWhen(final CountDownLatch start)
    {
        final Thread ticking = new Thread(() ->
        {
            try
            {
                start.await();
                while (!Thread.currentThread().isInterrupted())
                {
                    clock.advance(Duration.ofMillis(10));
                    LockSupport.parkNanos(1_000_000L);
                }
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        });
        ticking.setDaemon(true);
        ticking.start();
        return ticking;
    }

    private void publish(final Engine engine, final Priority priority, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final long ticket = engine.publisher().publish(
                new EventBuilder().type("load.step").priority(priority).payloadText("n" + lastNumber++));
            assertTrue(engine.publisher().await(ticket, Durability.ACCEPTED, Waiting.LIMIT_NS) >= 0);
        }
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext()
            .directory(directory)
            .clock(clock)
            .threadingMode(mode)
            .errorHandler(errors::add);
    }

    private Engine launch(final ThreadingMode mode, final SubscriptionSpec... specs)
    {
        final EngineContext context = context(mode);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return Engine.launch(context);
    }

    private List<DeadLetter> letters()
    {
        final List<DeadLetter> letters = new ArrayList<>();
        if (!Files.exists(new DataDirectory(directory).deadLetters()))
        {
            return letters;
        }
        try (DeadLetters reader = DeadLetters.open(directory))
        {
            reader.forEach(
                new DeadLetterQuery().states(Set.of(LetterState.OPEN, LetterState.RETRYING)),
                (letter, event) -> letters.add(letter));
        }
        catch (final DataDirectoryException ex)
        {
            // An engine that runs is just making them.
            letters.clear();
        }
        return letters;
    }
}
