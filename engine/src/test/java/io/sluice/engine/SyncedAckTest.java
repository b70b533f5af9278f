package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Acknowledgements follow the force, with a journal whose forces happen when the test says so. */
@ExtendWith(ThreadHygiene.class)
class SyncedAckTest
{
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HeldJournal journal;

    @AfterEach
    void endThreads() throws InterruptedException
    {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS), "a thread was not released");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcknowledgeNothingBeforeTheForceWhenACallAsksForIt(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = launch(mode, Durability.JOURNALED))
        {
            final Publisher publisher = engine.publisher();
            final long unforced = publish(engine, "unforced");
            assertEquals(1, publisher.await(unforced, Durability.JOURNALED, Waiting.LIMIT_NS));
            assertEquals(0, journal.requested(), "nobody has asked");
            final long ticket = publish(engine, "forced");
            final CompletableFuture<Receipt> receipt = async(engine, "receipt", Durability.SYNCED);
            assertEquals(PublishResult.TIMED_OUT, publisher.await(ticket, Durability.SYNCED, SHORT_NS));
            Waiting.until("the requests", () ->
            {
                drive(engine);
                return journal.requested() == 3;
            });
            assertFalse(receipt.isDone());
            assertEquals(0, engine.syncedSequence());
            assertEquals(0, engine.stats().syncedSequence());
            assertEquals(3, engine.journaledSequence());
            journal.forceUpTo(2);
            assertEquals(2, publisher.await(ticket, Durability.SYNCED, 0));
            assertEquals(1, publisher.await(unforced, Durability.SYNCED, 0));
            assertFalse(receipt.isDone());
            journal.force();
            assertEquals(3, receipt.get(30, TimeUnit.SECONDS).sequence());
            assertEquals("receipt", receipt.get().id());
            assertEquals(3, engine.syncedSequence());
            assertEquals(3, engine.stats().syncedSequence());
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcknowledgeAtTheLevelAskedForWhenTheEngineIsSynced(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = launch(mode, Durability.SYNCED))
        {
            final Publisher publisher = engine.publisher();
            final CompletableFuture<Receipt> synced =
                publisher.publishAsync(event("synced")).toCompletableFuture();
            final CompletableFuture<Receipt> journaled = async(engine, "journaled", Durability.JOURNALED);
            final CompletableFuture<Receipt> accepted = async(engine, "accepted", Durability.ACCEPTED);
            final long ticket = publish(engine, "awaited");
            assertEquals(4, publisher.await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS));
            assertEquals(2, journaled.get(30, TimeUnit.SECONDS).sequence());
            assertEquals(3, accepted.get(30, TimeUnit.SECONDS).sequence());
            assertEquals(ticket, publisher.await(ticket, Durability.ACCEPTED, 0));
            assertEquals(PublishResult.TIMED_OUT, publisher.await(ticket, Durability.SYNCED, SHORT_NS));
            assertFalse(synced.isDone());
            journal.hold(false);
            journal.force();
            assertEquals(1, synced.get(30, TimeUnit.SECONDS).sequence());
            final long next = publish(engine, "next");
            assertEquals(5, publisher.await(next, Durability.SYNCED, Waiting.LIMIT_NS));
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldShareForcesAndAcknowledgeEachWhenManyThreadsWait(final ThreadingMode mode) throws Exception
    {
        final int count = 64;
        final int rounds = 20;
        try (Engine engine = launch(mode, Durability.JOURNALED))
        {
            final AtomicLong left = new AtomicLong(count);
            final List<Future<Long>> publishers = new ArrayList<>();
            for (int i = 0; i < count; i++)
            {
                final int index = i;
                publishers.add(threads.submit(() ->
                {
                    long early = 0;
                    for (int round = 0; round < rounds; round++)
                    {
                        final long ticket = engine.publisher().publish(
                            event("e" + index + "-" + round).priority(Priority.of(index % 4)));
                        final long sequence =
                            engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS);
                        early += sequence > 0 && sequence <= journal.syncedSequence() ? 0 : 1;
                    }
                    left.decrementAndGet();
                    return early;
                }));
            }
            while (left.get() > 0)
            {
                if (journal.requested() > journal.syncedSequence())
                {
                    journal.force();
                }
                Thread.yield();
            }
            for (final Future<Long> publisher : publishers)
            {
                assertEquals(0, publisher.get(30, TimeUnit.SECONDS));
            }
            assertEquals(count * rounds, engine.syncedSequence());
            assertTrue(journal.forces() < count * rounds, journal.forces() + " forces");
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldForceAndAcknowledgeWhatIsLeftWhenTheEngineIsClosed(final ThreadingMode mode) throws Exception
    {
        final Engine engine = launch(mode, Durability.JOURNALED);
        final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 40; i++)
        {
            receipts.add(async(engine, "r" + i, Durability.SYNCED));
        }
        final long ticket = publish(engine, "last");
        final Future<Long> waiting = mode == ThreadingMode.INVOKER ? null :
            threads.submit(() -> engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
        if (waiting != null)
        {
            Waiting.until("the request", () -> journal.requested() == 41);
        }
        engine.close();
        for (final CompletableFuture<Receipt> receipt : receipts)
        {
            assertTrue(receipt.get(30, TimeUnit.SECONDS).sequence() > 0);
        }
        assertEquals(41, engine.publisher().await(ticket, Durability.SYNCED, 0));
        if (waiting != null)
        {
            assertEquals(41, waiting.get(30, TimeUnit.SECONDS));
        }
        assertEquals(
            PublishResult.CLOSED,
            engine.publisher().await(ticket + 5, Durability.SYNCED, Waiting.LIMIT_NS),
            "what never was published is not waited for");
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldReleaseEveryWaiterAsFailedWhenNothingIsForcedAnyMore(final ThreadingMode mode) throws Exception
    {
        final Engine engine = launch(mode, Durability.JOURNALED);
        final CompletableFuture<Receipt> receipt = async(engine, "receipt", Durability.SYNCED);
        final long ticket = publish(engine, "awaited");
        final Future<Long> waiting =
            threads.submit(() -> engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
        Waiting.until("the requests", () -> journal.requested() == 2);
        journal.breakDown(new EventStorageException("the device is gone"));
        assertEquals(PublishResult.FAILED, waiting.get(30, TimeUnit.SECONDS));
        final ExecutionException refused =
            assertThrows(ExecutionException.class, () -> receipt.get(30, TimeUnit.SECONDS));
        assertEquals(PublishResult.FAILED, assertInstanceOf(PublishException.class, refused.getCause()).result());
        assertEquals(EngineState.FAILED, engine.state());
        assertEquals("the device is gone", engine.failure().getMessage());
        assertEquals(2, engine.publisher().await(ticket, Durability.JOURNALED, 0), "what is true stays true");
        assertEquals(PublishResult.FAILED, engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
        engine.close();
        assertEquals("the device is gone", errors.get(0).getMessage());
    }

    @Test
    void shouldFailOnceAndReleaseEveryWaiterWhenTheHostsOwnForceFails() throws Exception
    {
        final Engine engine = launch(ThreadingMode.INVOKER, Durability.SYNCED);
        final CompletableFuture<Receipt> receipt = async(engine, "receipt", Durability.SYNCED);
        final long ticket = publish(engine, "awaited");
        engine.invoke();
        journal.breakDown(new EventStorageException("the device is gone"));
        assertEquals(PublishResult.FAILED, engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
        engine.invoke();
        final ExecutionException refused =
            assertThrows(ExecutionException.class, () -> receipt.get(30, TimeUnit.SECONDS));
        assertEquals(PublishResult.FAILED, assertInstanceOf(PublishException.class, refused.getCause()).result());
        for (int i = 0; i < 10; i++)
        {
            engine.invoke();
        }
        engine.close();
        assertEquals(List.of("the device is gone"), errors.stream().map(Throwable::getMessage).toList());
    }

    @Test
    void shouldRefuseLevelsThatAnEngineWithoutAJournalDoesNotOffer() throws Exception
    {
        try (Engine engine = Engine.launch(
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.SHARED)))
        {
            for (final Durability other : List.of(Durability.NONE, Durability.JOURNALED, Durability.SYNCED))
            {
                final IllegalArgumentException ex = assertThrows(
                    IllegalArgumentException.class, () -> engine.publisher().publishAsync(event("a"), other));
                assertTrue(
                    ex.getMessage().contains(other.name()) && ex.getMessage().contains("use ACCEPTED"),
                    ex.getMessage());
                assertThrows(IllegalArgumentException.class, () -> engine.publisher().await(0, other, 0));
            }
            assertEquals(1, async(engine, "b", Durability.ACCEPTED).get(30, TimeUnit.SECONDS).sequence());
            assertEquals(
                2,
                engine.publisher().publishAsync(event("c")).toCompletableFuture()
                    .get(30, TimeUnit.SECONDS).sequence());
            assertEquals(0, engine.syncedSequence());
            Waiting.until("the watermark", () -> engine.journaledSequence() == 2);
        }
    }

    @Test
    void shouldTellTheHostsOwnListenerAfterTheEngine() throws Exception
    {
        final List<Long> told = new CopyOnWriteArrayList<>();
        final Engine[] holder = new Engine[1];
        final AtomicBoolean behind = new AtomicBoolean();
        final JournalContext settings = new JournalContext().prepareAhead(0).syncListener(sequence ->
        {
            told.add(sequence);
            behind.compareAndSet(false, holder[0].syncedSequence() < sequence);
        });
        try (Engine engine = launch(context(ThreadingMode.SHARED, Durability.SYNCED).journal(settings)))
        {
            holder[0] = engine;
            engine.publisher().await(publish(engine, "a"), Durability.JOURNALED, Waiting.LIMIT_NS);
            journal.force();
            assertEquals(List.of(1L), told);
            assertFalse(behind.get());
        }
    }

    private Engine launch(final ThreadingMode mode, final Durability durability)
    {
        return launch(context(mode, durability));
    }

    private Engine launch(final EngineContext context)
    {
        return new Engine(EngineLifecycle.launch(context.conclude(), settings ->
        {
            journal = HeldJournal.open(settings);
            return journal;
        }));
    }

    private EngineContext context(final ThreadingMode mode, final Durability durability)
    {
        return new EngineContext().directory(directory).threadingMode(mode).durability(durability)
            .journal(new JournalContext().prepareAhead(0)).errorHandler(errors::add);
    }

    private static long publish(final Engine engine, final String id)
    {
        final long ticket = engine.publisher().publish(event(id));
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
        return ticket;
    }

    private static CompletableFuture<Receipt> async(final Engine engine, final String id, final Durability durability)
    {
        return engine.publisher().publishAsync(event(id), durability).toCompletableFuture();
    }

    private static EventBuilder event(final String id)
    {
        return new EventBuilder().type("a.b").id(id).payloadText(id);
    }

    private static void drive(final Engine engine)
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
    }
}
