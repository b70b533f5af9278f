package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalContext;
import io.sluice.journal.SyncSupport;
import io.sluice.journal.VisibleAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SYNCED with the journal as it is, on the device that the test's directory lies on. */
@ExtendWith(ThreadHygiene.class)
class SyncedEngineTest
{
    private static final Set<String> BESIDE = Set.of("sluice-arch", "sluice-mark");

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Path> forced = new CopyOnWriteArrayList<>();
    private final List<String> forcing = new CopyOnWriteArrayList<>();

    @BeforeEach
    void lookForADevice()
    {
        final SyncSupport support = SyncSupport.of(directory);
        assumeTrue(support.isHonoured(), support.report());
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcknowledgeAfterAForceOnTheRightThreadWhenTheEngineIsSynced(final ThreadingMode mode) throws Exception
    {
        final AtomicLong handedEarly = new AtomicLong();
        final Engine[] holder = new Engine[1];
        final EngineContext context = context(mode).durability(Durability.SYNCED)
            .subscribe(SubscriptionSpec.to("*", event ->
                handedEarly.addAndGet(event.sequence() <= holder[0].syncedSequence() ? 0 : 1))
                .visibleAt(VisibleAt.SYNCED));
        final String self = Thread.currentThread().getName();
        try (Engine engine = Engine.launch(context))
        {
            holder[0] = engine;
            forced.clear();
            forcing.clear();
            for (int i = 1; i <= 200; i++)
            {
                final long ticket = publish(engine, i);
                assertEquals(i, engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
                assertTrue(engine.syncedSequence() >= i);
                assertTrue(engine.journaledSequence() >= engine.syncedSequence());
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(200, engine.stats().handled());
            assertEquals(0, handedEarly.get());
            assertTrue(engine.stats().journalRolls() > 2, "the files are small");
            assertTrue(forced.size() >= 200, "each was waited for: " + forced.size());
            assertTrue(forced.contains(directory.resolve("journal")), "the names too");
            // The archiver may be at the closed files already, and forces what it makes of them; so are checkpoints.
            assertEquals(
                List.of(mode == ThreadingMode.INVOKER ? self : "sluice-sync"),
                forcing.stream().filter(thread -> !BESIDE.contains(thread)).distinct().toList());
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldForceOnlyWhenAskedWhenTheEngineIsJournaled(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = Engine.launch(context(mode).journal(new JournalContext())))
        {
            // The first record makes a file, which is forced whatever the level.
            final long first = publish(engine, 0);
            engine.publisher().await(first, Durability.SYNCED, Waiting.LIMIT_NS);
            for (int i = 1; i <= 50; i++)
            {
                engine.publisher().await(publish(engine, i), Durability.JOURNALED, Waiting.LIMIT_NS);
            }
            assertEquals(51, engine.journaledSequence());
            assertEquals(1, engine.syncedSequence(), "nobody has asked for more");
            final Receipt receipt = await(engine, engine.publisher().publishAsync(event(51), Durability.SYNCED));
            assertEquals(52, receipt.sequence());
            assertEquals(52, engine.syncedSequence());
            assertEquals(52, engine.stats().syncedSequence());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldServeHundredsOfWaitingThreadsWithFewForces() throws Exception
    {
        final int count = 256;
        final int rounds = 10;
        final ExecutorService threads = Executors.newCachedThreadPool();
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED)
            .durability(Durability.SYNCED).journal(new JournalContext())))
        {
            forced.clear();
            final List<Future<Integer>> publishers = new ArrayList<>();
            for (int i = 0; i < count; i++)
            {
                final int index = i;
                publishers.add(threads.submit(() ->
                {
                    int wrong = 0;
                    for (int round = 0; round < rounds; round++)
                    {
                        final long ticket = publish(engine, index * rounds + round);
                        final long sequence =
                            engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS);
                        wrong += sequence > 0 && sequence <= engine.syncedSequence() ? 0 : 1;
                    }
                    return wrong;
                }));
            }
            for (final Future<Integer> publisher : publishers)
            {
                assertEquals(0, publisher.get(60, TimeUnit.SECONDS));
            }
            assertEquals(count * rounds, engine.syncedSequence());
            assertTrue(forced.size() < count * rounds / 2, "one force for many: " + forced.size());
        }
        finally
        {
            threads.shutdownNow();
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountEverythingThatIsFoundAsSyncedWhenLaunchedAgain(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(context(mode)))
        {
            publish(engine, 1);
            publish(engine, 2);
        }
        try (Engine engine = Engine.launch(context(mode)))
        {
            assertEquals(2, engine.syncedSequence());
            assertEquals(2, engine.journaledSequence());
        }
    }

    @Test
    void shouldDoTheSameInEachRunWhenTheKitDrivesASyncedEngine() throws Exception
    {
        final List<String> first = runKit("first");
        assertEquals(first, runKit("second"));
        assertEquals(100, first.stream().filter(call -> call.startsWith("late")).count());
        assertEquals(
            JournalDigest.of(directory.resolve("first")), JournalDigest.of(directory.resolve("second")));
    }

    @Test
    void shouldRefuseSyncedAndPromiseNothingWhenTheDirectoryLiesInMemory() throws Exception
    {
        final Path memory = Path.of("/dev/shm");
        assumeTrue(
            Files.isWritable(memory) && !SyncSupport.of(memory).isHonoured(), "no file system in memory here");
        final Path data = Files.createTempDirectory(memory, "sluice-engine");
        final SubscriptionSpec late = SubscriptionSpec.to("*", event -> forced.clear()).visibleAt(VisibleAt.SYNCED);
        try
        {
            assertRefused(() -> Engine.launch(
                context(ThreadingMode.SHARED).directory(data).durability(Durability.SYNCED)));
            assertRefused(() -> Engine.launch(context(ThreadingMode.SHARED).directory(data).subscribe(late)));
            try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).directory(data)))
            {
                final long ticket = publish(engine, 1);
                assertEquals(1, engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS));
                assertRefused(() -> engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS));
                assertRefused(() -> engine.publisher().publishAsync(event(2), Durability.SYNCED));
                assertRefused(() -> engine.subscribe(late));
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                assertEquals(EngineState.DRAINING, engine.state(), "a refusal is no failure");
                assertEquals(1, engine.stats().accepted());
                assertEquals(0, engine.syncedSequence());
            }
            try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).directory(data)))
            {
                assertEquals(1, engine.journaledSequence());
                assertEquals(0, engine.syncedSequence());
            }
        }
        finally
        {
            delete(data);
        }
        assertEquals(List.of(), errors);
    }

    private List<String> runKit(final String name)
    {
        final List<String> calls = new ArrayList<>();
        final EngineContext context = new EngineContext().directory(directory.resolve(name))
            .durability(Durability.SYNCED)
            .runId(5)
            .journal(new JournalContext().rollSize(1 << 16))
            .subscribe(SubscriptionSpec.to("*", event -> calls.add("early " + event.id())))
            .subscribe(SubscriptionSpec.to("*", event -> calls.add("late " + event.id() + " " + event.sequence()))
                .visibleAt(VisibleAt.SYNCED));
        try (TestEngine test = TestEngine.launch(context))
        {
            for (int i = 0; i < 100; i++)
            {
                final long ticket = publish(test.engine(), i);
                if (i % 7 == 0)
                {
                    test.runUntilIdle();
                    assertEquals(i + 1, test.engine().syncedSequence(), "idle means forced");
                }
                if (i % 10 == 0)
                {
                    final long sequence = test.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS);
                    assertTrue(sequence > 0 && sequence <= test.engine().syncedSequence(), "sequence " + sequence);
                    test.advance(Duration.ofMillis(10));
                }
            }
            test.runUntilIdle();
        }
        return calls;
    }

    private static void assertRefused(final Executable call)
    {
        final DataDirectoryException ex = assertThrows(DataDirectoryException.class, call);
        assertTrue(ex.getMessage().contains("SYNCED can't be honoured"), ex.getMessage());
        assertFalse(ex.getMessage().contains("null"), ex.getMessage());
    }

    private static Receipt await(final Engine engine, final CompletionStage<Receipt> stage) throws Exception
    {
        Waiting.until("the receipt", () ->
        {
            if (engine.context().threadingMode() == ThreadingMode.INVOKER)
            {
                engine.invoke();
            }
            return stage.toCompletableFuture().isDone();
        });
        return stage.toCompletableFuture().get();
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 16).prepareAhead(0).forceListener((path, isDirectory) ->
            {
                forced.add(path);
                forcing.add(Thread.currentThread().getName());
            }));
    }

    private static long publish(final Engine engine, final int n)
    {
        final long ticket = engine.publisher().publish(event(n));
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
        return ticket;
    }

    private static EventBuilder event(final int n)
    {
        return new EventBuilder().type("a.b").id("e" + n).priority(Priority.of(n % Priority.COUNT))
            .payloadText(n + "-" + "x".repeat(1000));
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(file);
            }
        }
    }
}
