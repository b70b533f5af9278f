package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine whose disk is full waits, and goes on when there is space; here the free space is what a test says. */
@ExtendWith(ThreadHygiene.class)
class DegradedTest
{
    private static final long PLENTY = 1L << 40;
    private static final int FEW = 64;
    private static final Duration RETRY = Duration.ofMillis(100);

    @TempDir
    private Path directory;

    private final AtomicLong free = new AtomicLong(PLENTY);
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource
    void shouldWaitAndGoOnWithoutLossWhenSpaceRunsOutAndComesBack(final ThreadingMode mode)
    {
        final List<String> accepted = new ArrayList<>();
        try (Engine engine = Engine.launch(context(mode)))
        {
            publishUntilHeldUp(engine, accepted);
            assertEquals(EngineState.DEGRADED, engine.state());
            assertFalse(engine.storage().isHealthy());
            assertEquals(engine.storage(), engine.stats().storage());
            assertTrue(engine.storage().reason().contains("minFreeSpace="), engine.storage().reason());
            final long ticket = publishUntilBackPressured(engine, accepted);
            assertEquals(
                PublishResult.TIMED_OUT, engine.publisher().await(ticket, Durability.JOURNALED, 1_000_000));
            final long journaled = engine.stats().journaled();
            Waiting.until("what was journaled to be handled", () ->
            {
                drive(engine);
                return engine.stats().handled() == journaled;
            });
            assertEquals(journaled, engine.stats().journaled());
            free.set(PLENTY);
            assertTrue(engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS) > 0);
            Waiting.until("the state", () -> engine.state() == EngineState.RUNNING);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(accepted.size(), engine.stats().handled());
            assertEquals(0, engine.stats().duplicates());
        }
        assertEquals(
            List.of("STARTING-RUNNING", "RUNNING-DEGRADED", "DEGRADED-RUNNING", "RUNNING-DRAINING", "DRAINING-CLOSED"),
            states);
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(assertInstanceOf(EventStorageException.class, errors.get(0)).getMessage().contains("minFreeSpace"));
        final List<String> journal = JournalDigest.map(directory, event -> event.id());
        assertEquals(accepted.size(), journal.size());
        assertEquals(new HashSet<>(accepted), new HashSet<>(journal));
        assertEquals(new HashSet<>(accepted), new HashSet<>(handled));
        assertEquals(accepted.size(), handled.size());
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndInTimeAndReleaseReceiptsWhenClosedWhileHeldUp(final ThreadingMode mode) throws Exception
    {
        final List<String> accepted = new ArrayList<>();
        final Engine engine = Engine.launch(context(mode));
        publishUntilHeldUp(engine, accepted);
        final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            receipts.add(engine.publisher().publishAsync(
                new EventBuilder().type("t").id("r" + i).priority(Priority.of(i % 4))).toCompletableFuture());
        }
        assertFalse(engine.drain(1_000_000), "not everything is handled");
        assertEquals(EngineState.DRAINING, engine.state());
        engine.reopen();
        Waiting.until("the state", () ->
        {
            drive(engine);
            return engine.state() == EngineState.DEGRADED;
        });
        final long journaled = engine.stats().journaled();
        engine.close(50, TimeUnit.MILLISECONDS);
        assertEquals(EngineState.CLOSED, engine.state());
        // The directory is free when the last of its threads has ended.
        ThreadHygiene.awaitEnd();
        for (final CompletableFuture<Receipt> receipt : receipts)
        {
            final ExecutionException refusal =
                assertThrows(ExecutionException.class, () -> receipt.get(30, TimeUnit.SECONDS));
            assertEquals(
                PublishResult.CLOSED, assertInstanceOf(PublishException.class, refusal.getCause()).result());
        }
        free.set(PLENTY);
        assertEquals(journaled, JournalDigest.map(directory, event -> event.id()).size());
        try (Engine again = Engine.launch(context(mode)))
        {
            assertEquals(journaled, again.stats().lastSequence());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowStateAndReasonToReadersWhileHeldUp(final ThreadingMode mode)
    {
        final List<String> accepted = new ArrayList<>();
        try (Engine engine = Engine.launch(context(mode));
            TelemetryReader reader = TelemetryReader.open(new DataDirectory(directory)))
        {
            publishUntilHeldUp(engine, accepted);
            Waiting.until("the telemetry", () ->
            {
                drive(engine);
                return reader.value(CounterLabel.STATE) == EngineState.DEGRADED.ordinal();
            });
            assertEquals(engine.storage().reason(), reader.storageReason());
            assertEquals(1, reader.value(CounterLabel.STORAGE_EPISODES));
            assertEquals(1, reader.errors().size());
            assertEquals(1, reader.errors().get(0).count());
            assertTrue(reader.value(CounterLabel.RESERVED_BYTES) > 1 << 20);
            free.set(PLENTY);
            Waiting.until("the end of it", () ->
            {
                drive(engine);
                return reader.value(CounterLabel.STATE) == EngineState.RUNNING.ordinal();
            });
            assertEquals("", reader.storageReason());
        }
    }

    @Test
    void shouldTryAgainTenTimesASecondByTheClockOfTheEngine()
    {
        final AtomicLong looks = new AtomicLong();
        final EngineContext context = context(ThreadingMode.INVOKER).journal(new JournalContext().freeSpace(() ->
        {
            looks.incrementAndGet();
            return free.get();
        }));
        free.set(0);
        try (TestEngine test = TestEngine.launch(context))
        {
            final long ticket = test.publisher().publish(new EventBuilder().type("t").id("a"));
            test.runUntilIdle();
            assertEquals(EngineState.DEGRADED, test.engine().state());
            final long before = looks.get();
            for (int i = 0; i < 100; i++)
            {
                test.runUntilIdle();
            }
            assertEquals(before, looks.get());
            free.set(PLENTY);
            test.advance(RETRY.minusNanos(1));
            assertEquals(PublishResult.NOT_SEQUENCED, test.publisher().sequenceOf(ticket));
            test.advance(Duration.ofNanos(1));
            assertEquals(1, test.publisher().sequenceOf(ticket));
            assertEquals(EngineState.RUNNING, test.engine().state());
        }
        assertEquals(List.of("a"), handled);
    }

    @Test
    void shouldReportEachEpisodeOnce()
    {
        try (TestEngine test = TestEngine.launch(context(ThreadingMode.INVOKER)))
        {
            for (int episode = 1; episode <= 3; episode++)
            {
                free.set(PLENTY);
                test.advance(RETRY);
                free.set(0);
                publishUntilHeldUp(test.engine(), new ArrayList<>());
                for (int i = 0; i < 20; i++)
                {
                    test.advance(RETRY);
                }
                assertEquals(episode, test.engine().storage().episodes());
                assertEquals(episode, errors.size());
                assertEquals(episode, test.engine().stats().errors());
            }
            free.set(PLENTY);
            test.advance(RETRY);
        }
    }

    @Test
    void shouldRunAndRedeliverWhenLaunchedWithoutSpace()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED)))
        {
            engine.publisher().publish(new EventBuilder().type("t").id("a"));
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        free.set(0);
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED)))
        {
            assertEquals(EngineState.RUNNING, engine.state(), "nothing was to be written yet");
            final List<String> accepted = new ArrayList<>();
            Waiting.until("the state", () ->
            {
                publish(engine, accepted);
                return engine.state() == EngineState.DEGRADED;
            });
            free.set(PLENTY);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(1 + accepted.size(), handled.size());
        }
        assertEquals("a", handled.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailWhenTheJournalFileVanishesWhileHeldUp(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = Engine.launch(context(mode)))
        {
            publishUntilHeldUp(engine, new ArrayList<>());
            final CompletableFuture<Receipt> receipt =
                engine.publisher().publishAsync(new EventBuilder().type("t").id("r")).toCompletableFuture();
            Files.move(directory.resolve("journal"), directory.resolve("away"));
            free.set(PLENTY);
            Waiting.until("the failure", () ->
            {
                drive(engine);
                return engine.state() == EngineState.FAILED;
            });
            drive(engine);
            final ExecutionException refusal =
                assertThrows(ExecutionException.class, () -> receipt.get(30, TimeUnit.SECONDS));
            assertEquals(PublishResult.FAILED, assertInstanceOf(PublishException.class, refusal.getCause()).result());
            assertEquals(PublishResult.FAILED, engine.publisher().publish(new EventBuilder().type("t")));
            final String cause = engine.failure().getCause().getMessage();
            assertTrue(cause.contains("vanished") || cause.contains("can't be written any more"), cause);
        }
        // Where the preparer had the file open, there is room in it for a moment before the next one can't be made.
        assertTrue(states.contains("DEGRADED-FAILED") || states.contains("RUNNING-FAILED"), states.toString());
    }

    @Test
    void shouldGoOnWhenTelemetryCantBeWritten() throws Exception
    {
        try (TestEngine test = TestEngine.launch(context(ThreadingMode.INVOKER)))
        {
            final Path blocker = directory.resolve("telemetry").resolve("types.new");
            Files.createDirectory(blocker);
            for (int i = 0; i < 30; i++)
            {
                test.publisher().publish(new EventBuilder().type("t").id("e" + i));
                test.advance(Duration.ofSeconds(1));
            }
            assertEquals(1, errors.size(), "said once, not each second: " + errors);
            Files.delete(blocker);
            test.advance(Duration.ofSeconds(2));
            test.advance(Duration.ofSeconds(2));
            assertNull(test.engine().failure());
        }
        assertEquals(30, handled.size());
    }

    // There stays room in the ring for what a test publishes next, however late the threads of the engine run.
    private void publishUntilHeldUp(final Engine engine, final List<String> accepted)
    {
        free.set(PLENTY);
        final long before = engine.stats().journaled();
        Waiting.until("some events to be journaled", () ->
        {
            publishIfFew(engine, accepted);
            return engine.stats().journaled() > before + 20;
        });
        free.set(1 << 20);
        Waiting.until("the engine to be held up", () ->
        {
            publishIfFew(engine, accepted);
            return engine.state() == EngineState.DEGRADED;
        });
    }

    private static void publishIfFew(final Engine engine, final List<String> accepted)
    {
        if (engine.stats().priority(Priority.NORMAL).depth() < FEW)
        {
            publish(engine, accepted);
        }
        drive(engine);
    }

    private long publishUntilBackPressured(final Engine engine, final List<String> accepted)
    {
        long last = 0;
        long ticket = publish(engine, accepted);
        for (int i = 0; i < 20_000 && ticket != PublishResult.BACK_PRESSURED; i++)
        {
            last = ticket;
            ticket = publish(engine, accepted);
        }
        assertEquals(PublishResult.BACK_PRESSURED, ticket);
        return last;
    }

    private static long publish(final Engine engine, final List<String> accepted)
    {
        final String id = "e" + accepted.size();
        final long ticket = engine.publisher().publish(
            new EventBuilder().type("t").id(id).priority(Priority.NORMAL).payload(new byte[1_000]));
        if (ticket >= 0)
        {
            accepted.add(id);
        }
        return ticket;
    }

    private static void drive(final Engine engine)
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode)
            .journal(new JournalContext().rollSize(1 << 22).minFreeSpace(1 << 20).freeSpace(free::get))
            .dedup(new DedupContext().enabled(false))
            .errorHandler(errors::add)
            .stateListener((from, to) -> states.add(from + "-" + to))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id())));
    }
}
