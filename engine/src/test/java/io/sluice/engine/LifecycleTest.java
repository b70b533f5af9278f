package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Up and down, in order, also where something goes wrong. */
@ExtendWith(ThreadHygiene.class)
class LifecycleTest
{
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void releaseStuckHandlers()
    {
        release.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellEveryChangeOfStateInOrderWhenDrainedReopenedAndClosed(final ThreadingMode mode)
    {
        final Engine engine = launch(mode);
        assertEquals(EngineState.RUNNING, engine.state());
        engine.reopen();
        assertTrue(engine.drain(Waiting.LIMIT_NS));
        assertTrue(engine.drain(Waiting.LIMIT_NS));
        assertEquals(EngineState.DRAINING, engine.state());
        engine.reopen();
        engine.reopen();
        publish(engine, "a", Priority.LOW);
        engine.close();
        engine.close();
        engine.close(1, TimeUnit.MILLISECONDS);
        assertEquals(EngineState.CLOSED, engine.state());
        engine.reopen();
        assertEquals(EngineState.CLOSED, engine.state());
        assertEquals(
            List.of("STARTING-RUNNING", "RUNNING-DRAINING", "DRAINING-RUNNING", "RUNNING-DRAINING", "DRAINING-CLOSED"),
            states);
        assertEquals(List.of("a"), handled);
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptAndHandleAgainWhenReopenedManyTimes(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode))
        {
            for (int round = 0; round < 30; round++)
            {
                for (final Priority priority : Priority.values())
                {
                    publish(engine, "r" + round + priority, priority);
                }
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                assertEquals(4 * (round + 1), handled.size(), "drained means handled");
                assertEquals(
                    PublishResult.NOT_OPEN, engine.publisher().publish(new EventBuilder().type("t").id("no")));
                engine.reopen();
            }
            assertEquals(120, engine.stats().accepted(), "the slots of the seals are no events");
        }
        assertEquals(120, JournalDigest.map(directory, event -> event.id()).size());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldCloseInBoundedTimeAndReportTheStackWhenAHandlerDoesNotReturn(final ThreadingMode mode) throws Exception
    {
        final CountDownLatch entered = new CountDownLatch(1);
        final Engine engine = launch(mode, SubscriptionSpec.to("stuck", event ->
        {
            entered.countDown();
            neverReturn();
        }));
        publish(engine, "x", "stuck", Priority.NORMAL);
        Waiting.on(entered, "the handler");
        final CompletableFuture<Receipt> receipt =
            engine.publisher().publishAsync(new EventBuilder().type("t").id("y")).toCompletableFuture();
        assertFalse(engine.drain(SHORT_NS));
        engine.close(200, TimeUnit.MILLISECONDS);
        assertEquals(EngineState.CLOSED, engine.state());
        final Throwable stuck = errors.stream()
            .filter(error -> error.getMessage().contains("did not end in time")).findFirst().orElseThrow();
        assertTrue(
            Arrays.stream(stuck.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("neverReturn")),
            "the report shows where the handler hangs: " + Arrays.toString(stuck.getStackTrace()));
        assertTrue(stuck.getMessage().contains(
            mode == ThreadingMode.SHARED ? "sluice-engine" : "sluice-handle"), stuck.getMessage());
        assertEquals(PublishResult.CLOSED, engine.publisher().publish(new EventBuilder().type("t")));
        // Even in SHARED mode, where the thread that would release the receipt is the stuck one.
        assertReleased(receipt);
        release.countDown();
    }

    @Test
    void shouldDrainWithinItsTimeWhenAHandlerIsStillBusy()
    {
        final CountDownLatch entered = new CountDownLatch(1);
        try (Engine engine = launch(ThreadingMode.PAIRED, SubscriptionSpec.to("stuck", event ->
        {
            entered.countDown();
            neverReturn();
        })))
        {
            publish(engine, "x", "stuck", Priority.NORMAL);
            Waiting.on(entered, "the handler");
            assertFalse(engine.drain(SHORT_NS));
            engine.reopen();
            publish(engine, "later", Priority.CRITICAL);
            release.countDown();
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(2, engine.stats().handled());
        }
        assertEquals(List.of("x", "later"), handled);
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailAndReleaseEveryWaiterWhenTheJournalCantBeAppendedTo(final ThreadingMode mode) throws Exception
    {
        final Engine engine = launch(mode);
        assertNull(engine.failure());
        publish(engine, "first", Priority.NORMAL);
        assertTrue(engine.drain(Waiting.LIMIT_NS));
        engine.reopen();
        breakJournal();
        long ticket = 0;
        CompletableFuture<Receipt> receipt = null;
        for (int i = 0; i < 10_000 && engine.failure() == null; i++)
        {
            final CompletableFuture<Receipt> next = engine.publisher()
                .publishAsync(new EventBuilder().type("t").id("e" + i).payload(new byte[20_000])).toCompletableFuture();
            if (!next.isCompletedExceptionally())
            {
                receipt = next;
            }
            ticket = Math.max(ticket, engine.publisher().publish(new EventBuilder().type("t").id("s" + i)));
            drive(engine);
        }
        Waiting.until("the failure", () ->
        {
            drive(engine);
            return engine.state() == EngineState.FAILED;
        });
        assertNotNull(engine.failure());
        assertEquals(PublishResult.FAILED, engine.publisher().publish(new EventBuilder().type("t")));
        assertTrue(engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS) >= PublishResult.FAILED);
        final ExecutionException refused = assertThrows(
            ExecutionException.class,
            () -> engine.publisher().publishAsync(new EventBuilder().type("t")).toCompletableFuture()
                .get(30, TimeUnit.SECONDS));
        assertEquals(PublishResult.FAILED, assertInstanceOf(PublishException.class, refused.getCause()).result());
        assertNotNull(receipt);
        drive(engine);
        assertReleased(receipt);
        assertFalse(engine.drain(Waiting.LIMIT_NS), "what could not be journaled is never handled");
        assertEquals(PublishResult.FAILED, engine.publisher().publish(new EventBuilder().type("t")));
        engine.close();
        assertEquals(EngineState.CLOSED, engine.state());
        assertTrue(states.contains("RUNNING-FAILED"), states.toString());
        assertTrue(errors.contains(engine.failure()), errors.toString());
        assertEquals(PublishResult.CLOSED, engine.publisher().publish(new EventBuilder().type("t")));
    }

    @ParameterizedTest
    @EnumSource(names = {"INVOKER", "PAIRED"})
    void shouldGoOnWhenTheCompletionExecutorRejects(final ThreadingMode mode) throws Exception
    {
        final EngineContext context = context(mode).completionExecutor(task ->
        {
            throw new RejectedExecutionException("shut down");
        });
        try (Engine engine = Engine.launch(context))
        {
            final CompletableFuture<Receipt> receipt =
                engine.publisher().publishAsync(new EventBuilder().type("t").id("a")).toCompletableFuture();
            publish(engine, "b", Priority.LOW);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertNull(engine.failure());
            assertEquals("a", receipt.get(30, TimeUnit.SECONDS).id());
        }
        assertEquals(2, handled.size());
        assertInstanceOf(RejectedExecutionException.class, errors.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReleaseReceiptsWhenClosedBeforeTheyAreJournaled(final ThreadingMode mode) throws Exception
    {
        final Engine engine = launch(mode);
        final CompletableFuture<Receipt> receipt =
            engine.publisher().publishAsync(new EventBuilder().type("t").id("a")).toCompletableFuture();
        engine.close(0, TimeUnit.NANOSECONDS);
        try
        {
            assertEquals("a", receipt.get(30, TimeUnit.SECONDS).id());
        }
        catch (final ExecutionException ex)
        {
            assertEquals(PublishResult.CLOSED, assertInstanceOf(PublishException.class, ex.getCause()).result());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunWithoutADirectoryWhenDurabilityIsNone(final ThreadingMode mode)
    {
        final EngineContext context = new EngineContext().durability(Durability.NONE).threadingMode(mode)
            .errorHandler(errors::add)
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id() + event.sequence())));
        try (Engine engine = Engine.launch(context))
        {
            assertTrue(engine.runId() > 0);
            final long ticket = publish(engine, "a", Priority.HIGH);
            final long duplicate = publish(engine, "a", Priority.HIGH);
            assertEquals(ticket, engine.publisher().await(ticket, Durability.ACCEPTED, 0));
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(1, engine.publisher().sequenceOf(ticket));
            assertTrue(engine.publisher().isDuplicate(duplicate));
            assertEquals(2, engine.stats().lastSequence());
            assertEquals(0, engine.stats().journalBytes());
            assertThrows(
                IllegalArgumentException.class, () -> engine.publisher().await(ticket, Durability.JOURNALED, 0));
        }
        assertEquals(List.of("a1"), handled);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldKeepTheFilesMappedWhenTheTelemetryThreadDoesNotEnd() throws Exception
    {
        final AtomicBoolean hold = new AtomicBoolean();
        final CountDownLatch held = new CountDownLatch(1);
        final EngineContext context = context(ThreadingMode.SHARED).clock(() ->
        {
            if (hold.get() && Thread.currentThread().getName().equals("sluice-telem"))
            {
                held.countDown();
                neverReturn();
            }
            return System.currentTimeMillis() * 1_000_000L;
        });
        final Engine engine = Engine.launch(context);
        hold.set(true);
        Waiting.on(held, "the telemetry thread");
        engine.close(100, TimeUnit.MILLISECONDS);
        assertTrue(
            errors.stream().anyMatch(error -> error.getMessage().contains("sluice-telem")), errors.toString());
        // It writes once more, into files that must still be there.
        release.countDown();
    }

    @Test
    void shouldLeaveTheDirectoryUsableWhenLaunchingFails() throws Exception
    {
        Files.createDirectories(directory);
        launch(ThreadingMode.SHARED).close();
        final Path positions = directory.resolve("positions").resolve("pipeline");
        final byte[] sound = Files.readAllBytes(positions);
        Files.writeString(positions, "no positions");
        final EventStorageException ex =
            assertThrows(EventStorageException.class, () -> launch(ThreadingMode.SHARED));
        assertTrue(ex.getMessage().contains(positions.toString()), ex.getMessage());
        Files.write(positions, sound);
        launch(ThreadingMode.SHARED).close();
    }

    private void neverReturn()
    {
        Waiting.on(release, "the end of the test");
    }

    /** What is written next needs a new file, and there is no place for one. */
    private void breakJournal() throws Exception
    {
        Files.move(directory.resolve("journal"), directory.resolve("journal-away"));
        Files.writeString(directory.resolve("journal"), "not a directory");
    }

    private static void assertReleased(final CompletableFuture<Receipt> receipt) throws Exception
    {
        try
        {
            assertNotNull(receipt.get(30, TimeUnit.SECONDS).id());
        }
        catch (final ExecutionException ex)
        {
            final long result = assertInstanceOf(PublishException.class, ex.getCause()).result();
            assertTrue(result == PublishResult.FAILED || result == PublishResult.CLOSED, "released with " + result);
        }
    }

    private static void drive(final Engine engine)
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
    }

    private static long publish(final Engine engine, final String id, final Priority priority)
    {
        return publish(engine, id, "t", priority);
    }

    private static long publish(final Engine engine, final String id, final String type, final Priority priority)
    {
        final long ticket = engine.publisher().publish(
            new EventBuilder().type(type).id(id).priority(priority).payloadText("payload of " + id));
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
        return ticket;
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

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode)
            .journal(new JournalContext().rollSize(1 << 17).prepareAhead(0))
            // A handler that waits for the test does not return, however long that takes.
            .hangTimeoutNs(0)
            .errorHandler(errors::add)
            .stateListener((from, to) -> states.add(from + "-" + to))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id())));
    }
}
