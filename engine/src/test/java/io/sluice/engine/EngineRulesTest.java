package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.control.ControlAnswer;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.engine.control.ControlRefusedException;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RuleTable;
import io.sluice.engine.rule.RuleVersion;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of an engine: when a change holds, what it costs, priorities at admission, and what is forgotten. */
@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class EngineRulesTest
{
    private static final RoutingRule RULE = RoutingRule.named("r").discard().build();

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> got = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));

    @ParameterizedTest
    @EnumSource
    void shouldHoldFromTheNextSequenceWhenNothingGoesOn(final ThreadingMode threads)
    {
        try (Engine engine = Engine.launch(context(threads)))
        {
            assertEquals(1, engine.rules().add(RULE).from());
            for (int i = 0; i < 3; i++)
            {
                publish(engine, new EventBuilder().type("a").source("test"));
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(4, engine.rules().remove("r").from(), "also while admission is closed");
            engine.reopen();
        }
        try (Engine engine = Engine.launch(context(threads).rules(List.of(RULE))))
        {
            assertEquals(List.of(1L, 4L, 4L), engine.rules().history().stream().map(RuleVersion::from).toList());
        }
        try (Engine engine = Engine.launch(context(threads)))
        {
            assertEquals(List.of(RULE), engine.rules().rules());
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseChangesWhenTheEngineIsClosedAndLeaveTheFileToTheNextOne(final ThreadingMode threads)
        throws IOException
    {
        final RuleTable table;
        try (Engine engine = Engine.launch(context(threads)))
        {
            table = engine.rules();
            table.add(RULE);
        }
        final Path file = new DataDirectory(directory).control().resolve(EngineRules.FILE);
        final byte[] before = Files.readAllBytes(file);
        final String message = assertThrows(IllegalStateException.class, () -> table.remove("r")).getMessage();
        assertTrue(message.contains("closed"), message);
        assertEquals(0, table.dropBefore(100));
        assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
        assertEquals(List.of(RULE), RuleTable.read(file).rules());
        assertThrows(IllegalStateException.class, () -> RuleTable.read(file).remove("r"));
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = "INVOKER", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseAThreadOfTheEngineWhichWouldWaitForItself(final ThreadingMode threads)
    {
        final AtomicReference<Engine> engine = new AtomicReference<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", (event) ->
        {
            try
            {
                engine.get().rules().add(RULE);
                got.add("added");
            }
            catch (final IllegalStateException ex)
            {
                got.add(ex.getMessage());
            }
        });
        try (Engine launched = Engine.launch(context(threads)))
        {
            engine.set(launched);
            launched.subscribe(spec);
            publish(launched, new EventBuilder().type("a").source("test"));
            Waiting.until("the refusal", () -> got.size() == 1);
            assertTrue(got.get(0).contains("on another thread"), got.get(0));
            assertEquals(List.of(), launched.rules().rules());
            launched.unsubscribe(launched.subscriptions().get(0));
            launched.subscribe(spec.mode(DeliveryMode.TAILING));
            publish(launched, new EventBuilder().type("b").source("test"));
            Waiting.until("the change", () -> got.size() == 2);
            assertEquals("added", got.get(1));
        }
    }

    @Test
    void shouldRefuseAThreadOfTheEngineAtOnceWhileAnotherChangeWaitsForIt() throws InterruptedException
    {
        final Path file = new DataDirectory(directory).control().resolve(EngineRules.FILE);
        final AtomicReference<RuleTable> table = new AtomicReference<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CountDownLatch isAsked = new CountDownLatch(1);
        final Thread host = new Thread(() ->
        {
            Waiting.on(isAsked, "the handler");
            table.get().add(RoutingRule.named("proper").discard().build());
        });
        host.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
        final List<Runnable> changes = List.of(
            () -> table.get().add(RULE),
            () -> table.get().replace(RULE),
            () -> table.get().remove("r"),
            () -> table.get().enable("r", false),
            () -> table.get().replaceAll(List.of()));
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).subscribe(SubscriptionSpec.to("*", (event) ->
        {
            isAsked.countDown();
            // Behind the lock of the table, and before the boundary, to which this very thread would have to come.
            Waiting.until("the change of the host", () -> text(file).contains("\"from\": null"));
            for (final Runnable change : changes)
            {
                got.add(assertThrows(IllegalStateException.class, change::run).getMessage());
            }
        }))))
        {
            table.set(engine.rules());
            host.start();
            publish(engine, new EventBuilder().type("a").source("test"));
            host.join();
            assertNull(failure.get());
            assertEquals(List.of("proper"), engine.rules().rules().stream().map(RoutingRule::name).toList());
        }
        assertEquals(changes.size(), got.size());
        got.forEach((message) -> assertTrue(message.contains("on another thread"), message));
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldChangeRulesFromAHandlerAndFromAnotherThreadWhenTheHostDrives() throws InterruptedException
    {
        final AtomicReference<Engine> engine = new AtomicReference<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", (event) ->
        {
            got.add(event.type());
            if ("a".equals(event.type()))
            {
                engine.get().rules().add(RoutingRule.named("b").pattern("b").discard().build());
            }
        });
        try (Engine launched = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)
            .completionExecutor(Runnable::run)))
        {
            engine.set(launched);
            publish(launched, new EventBuilder().type("a").source("test"));
            invoke(launched);
            publish(launched, new EventBuilder().type("b").source("test"));
            invoke(launched);
            assertEquals(List.of("a"), got);
            final Thread other = new Thread(() -> launched.rules().remove("b"));
            other.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            other.start();
            other.join();
            publish(launched, new EventBuilder().type("b").source("test"));
            invoke(launched);
            assertEquals(List.of("a", "b"), got);
            // A receipt completes within the sequencing stage: nobody else can come to an end of it.
            launched.publisher().publishAsync(new EventBuilder().type("c").source("test")).thenAccept((receipt) ->
            {
                try
                {
                    launched.rules().add(RULE);
                }
                catch (final IllegalStateException ex)
                {
                    failure.set(ex);
                }
            });
            invoke(launched);
            assertTrue(failure.get().getMessage().contains("at sequencing"), failure.toString());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldGiveUpWhenTheSequencingStageDoesNotCome()
    {
        for (final ThreadingMode threads : List.of(ThreadingMode.SHARED, ThreadingMode.INVOKER))
        {
            final Path data = directory.resolve(threads.name());
            try (JournalAppender appender = JournalAppender.open(new JournalContext().directory(data)))
            {
                final AtomicReference<Throwable> failure = new AtomicReference<>();
                final EngineRules rules = new EngineRules(
                    context(threads).directory(data), appender, failure::get, () -> false, 20_000_000L);
                if (threads == ThreadingMode.INVOKER)
                {
                    final Thread stuck = new Thread(rules::enter);
                    stuck.start();
                    Waiting.until("the stage", () -> !stuck.isAlive());
                    assertFalse(rules.enter());
                }
                final String late =
                    assertThrows(IllegalStateException.class, () -> rules.table().add(RULE)).getMessage();
                assertTrue(late.contains("within 20 ms"), late);
                assertEquals(List.of(), rules.table().rules());
                assertEquals(
                    List.of(), RuleTable.read(new DataDirectory(data).control().resolve(EngineRules.FILE)).rules());
                failure.set(new EventStorageException("no space"));
                final String failed =
                    assertThrows(IllegalStateException.class, () -> rules.table().add(RULE)).getMessage();
                assertTrue(failed.contains("has failed (no space)"), failed);
            }
        }
    }

    @Test
    void shouldNotTakeEffectTwiceOrEndTheEngineWhenAChangeIsRefusedAtTheBoundary() throws InterruptedException
    {
        try (JournalAppender appender = JournalAppender.open(new JournalContext().directory(directory)))
        {
            final EngineRules rules = new EngineRules(
                context(ThreadingMode.SHARED), appender, () -> null, () -> false, Waiting.LIMIT_NS);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread asking = new Thread(() -> rules.begin((sequence) ->
            {
                throw new IllegalArgumentException("sequence=" + sequence);
            }));
            asking.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            asking.start();
            Waiting.until("the refusal", () ->
            {
                assertTrue(rules.enter());
                rules.exit();
                return failure.get() != null;
            });
            asking.join();
            assertEquals("sequence=1", failure.get().getMessage());
            final Thread waiting = new Thread(() -> rules.table().add(RULE));
            waiting.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            failure.set(null);
            waiting.start();
            Waiting.until("the file of the change", () -> Files.exists(
                new DataDirectory(directory).control().resolve(EngineRules.FILE)));
            rules.close();
            waiting.join();
            assertTrue(failure.get().getMessage().contains("closed"), failure.toString());
        }
    }

    @Test
    void shouldRefuseToLaunchWhenTheRulesAreDamaged() throws IOException
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER)))
        {
            engine.rules().add(RULE);
        }
        final Path file = new DataDirectory(directory).control().resolve(EngineRules.FILE);
        Files.writeString(file, Files.readString(file).replace("discard", "discord"));
        final String message =
            assertThrows(EventStorageException.class, () -> Engine.launch(context(ThreadingMode.SHARED))).getMessage();
        assertTrue(message.contains("checksum differs"), message);
        final EngineContext twice = context(ThreadingMode.SHARED).directory(directory.resolve("other"))
            .rules(List.of(RULE, RULE));
        assertThrows(EventValidationException.class, () -> Engine.launch(twice));
    }

    @ParameterizedTest
    @EnumSource
    void shouldAdmitWithThePriorityThatARuleGives(final ThreadingMode threads)
    {
        final RoutingRule urgent = RoutingRule.named("urgent").pattern("**.failed").where("payload.n > 1")
            .priority(Priority.CRITICAL).build();
        for (final boolean isLimiting : new boolean[]{false, true})
        {
            got.clear();
            final EngineContext context = context(threads).directory(directory.resolve("limiting-" + isLimiting))
                .rules(List.of(urgent)).subscribe(SubscriptionSpec.to("*", (event) -> got.add(
                    event.type() + " " + event.text(EventField.PAYLOAD) + " " + event.priority().label())));
            if (isLimiting)
            {
                context.admission().overflow(Priority.LOW, OverflowPolicy.BLOCK);
            }
            try (Engine engine = Engine.launch(context))
            {
                final Publisher publisher = engine.publisher();
                assertEquals(Priority.LOW.code(), Admission.priorityCodeOf(publisher.publish(failed(1))));
                assertEquals(0, Admission.priorityCodeOf(publisher.publish(failed(2))));
                final UnsafeBuffer record = record(publisher, failed(3));
                assertEquals(0, Admission.priorityCodeOf(
                    publisher.publish(record, 0, record.capacity(), engine.context().clock().nanoTime())));
                assertEquals(Priority.LOW, new EventFlyweight().wrap(record, 0).priority(), "the caller's own stays");
                final long batch = publisher.publishBatch(List.of(failed(4), failed(5)));
                assertEquals(Priority.LOW.code(), Admission.priorityCodeOf(batch));
                final EventClaim claim = new EventClaim();
                final UnsafeBuffer claimed = record(publisher, failed(6));
                assertTrue(publisher.tryClaim(claim, Priority.LOW, claimed.capacity()) >= 0);
                claim.buffer().putBytes(claim.offset(), claimed, 0, claimed.capacity());
                assertEquals(0, claim.publish());
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                assertEquals(2, engine.rules().stats().get(0).prioritized());
                assertEquals(3, engine.rules().stats().get(0).lookedAt());
            }
            assertEquals(
                List.of(
                    "a.failed {\"n\":1} low",
                    "a.failed {\"n\":2} critical",
                    "a.failed {\"n\":3} critical",
                    "a.failed {\"n\":4} low",
                    "a.failed {\"n\":5} low",
                    "a.failed {\"n\":6} low"),
                got.stream().sorted().toList());
        }
    }

    @Test
    void shouldForgetVersionsWhoseEventsTheJournalHoldsNoMoreButKeepThoseThatSomebodyNeeds()
    {
        final EngineContext context = context(ThreadingMode.INVOKER).completionExecutor(Runnable::run);
        final SubscriptionSpec spec = SubscriptionSpec.to("*", (event) -> got.add(event.text(EventField.METADATA)))
            .mode(DeliveryMode.TAILING).name("tail");
        try (Engine engine = Engine.launch(context))
        {
            final Subscription durable = engine.subscribe(spec.durable("slow"));
            final Subscription passing = engine.subscribe(spec);
            invoke(engine);
            durable.pause();
            passing.pause();
            for (int i = 0; i < 3 + RuleHistory.MOST_VERSIONS; i++)
            {
                engine.rules().replaceAll(List.of(RoutingRule.named("r").set("metadata.v", i).build()));
                publish(engine, new EventBuilder().type("a").source("test").payload(new byte[]{1}));
                engine.invoke();
            }
            tidy(engine);
            assertEquals(3 + RuleHistory.MOST_VERSIONS, engine.rules().history().size(), "two have had none of them");
            durable.resume();
            tidy(engine);
            assertEquals(3 + RuleHistory.MOST_VERSIONS, engine.rules().history().size(), "one has had none of them");
            passing.resume();
            tidy(engine);
            tidy(engine);
            assertEquals(RuleHistory.MOST_VERSIONS, engine.rules().history().size());
            assertEquals(
                IntStream.range(0, 3 + RuleHistory.MOST_VERSIONS).mapToObj((i) -> "{\"v\":" + i + "}").toList(),
                got.stream().distinct().toList());
            assertEquals(2 * (3 + RuleHistory.MOST_VERSIONS), got.size());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldForgetOldVersionsWhenThereIsNoJournal()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).durability(Durability.NONE)))
        {
            for (int i = 0; i < 5; i++)
            {
                engine.rules().replaceAll(List.of(RoutingRule.named("r" + i).discard().build()));
                publish(engine, new EventBuilder().type("a").source("test").payload(new byte[]{1}));
                invoke(engine);
            }
            assertEquals(5, engine.rules().history().size());
            tidy(engine);
            assertEquals(1, engine.rules().history().size());
        }
    }

    @Test
    void shouldAllocateNothingOnThePathWhenAHundredRulesDoNotMatchAndWhenSomeDo()
    {
        final List<RoutingRule> rules = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            rules.add(RoutingRule.named("by-type-" + i).pattern("other" + i + ".*").discard().build());
            rules.add(RoutingRule.named("by-field-" + i).pattern("load.*").where("subject = 's" + i + "'").order(i)
                .discard().build());
        }
        rules.add(RoutingRule.named("urgent").pattern("late.*").priority(Priority.HIGH).build());
        rules.add(RoutingRule.named("send").pattern("load.send").copyTo("copies").reroute("topic").build());
        rules.add(RoutingRule.named("edit").pattern("load.edit").set("metadata.team", "x").rename("type", "edited")
            .build());
        final AtomicLong count = new AtomicLong();
        final EngineContext context = context(ThreadingMode.INVOKER).rules(rules).telemetryIntervalNs(
            TimeUnit.HOURS.toNanos(1)).control(false).journal(new JournalContext().rollSize(1 << 26))
            .subscribe(SubscriptionSpec.to("*", (event) -> count.incrementAndGet()))
            .subscribe(SubscriptionSpec.to("none", (event) -> count.incrementAndGet()).name("copies"));
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (Engine engine = Engine.launch(context))
        {
            final EventBuilder[] events = new EventBuilder[3];
            final String[] types = {"load.step", "load.send", "load.edit"};
            for (int i = 0; i < events.length; i++)
            {
                events[i] = new EventBuilder().type(types[i]).source("test").subject("none").payload(new byte[100]);
            }
            final long thread = Thread.currentThread().getId();
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 6; attempt++)
            {
                final long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < 6000; i++)
                {
                    publish(engine, events[i % 3]);
                    engine.invoke();
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertEquals(0, least / 6000, least + " bytes for 6000 events");
            assertEquals(6 * 8000, count.get());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldListAndChangeRulesOverTheControlChannel()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED));
            ControlClient client = ControlClient.open(directory))
        {
            final ControlObject added = request(client, "rules.add", new ControlJson().addJson("rule", RULE.toJson()))
                .result();
            assertEquals(1, added.number("version"));
            assertEquals(1, added.number("from"));
            publish(engine, new EventBuilder().type("a").source("test"));
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            final ControlAnswer list = request(client, "rules", new ControlJson());
            assertEquals(RULE, RoutingRule.ofJson(list.items().get(0).json("rule")));
            assertEquals(1, list.items().get(0).number("discarded"));
            assertEquals(1, list.result().number("count"));
            request(client, "rules.disable", new ControlJson().add("name", "r"));
            assertFalse(engine.rules().rules().get(0).isEnabled());
            request(client, "rules.enable", new ControlJson().add("name", "r"));
            assertEquals(List.of(RULE), engine.rules().rules());
            final RoutingRule other = RULE.change().pattern("x").build();
            request(client, "rules.replace", new ControlJson().addJson("rule", other.toJson()));
            assertEquals("x", engine.rules().rules().get(0).pattern().text());
            assertEquals(ControlRefusedException.BAD_ARGUMENTS, assertThrows(
                ControlRefusedException.class,
                () -> request(client, "rules.add", new ControlJson().addJson("rule", RULE.toJson()))).code());
            assertThrows(ControlRefusedException.class, () -> request(
                client, "rules.add", new ControlJson().addJson("rule", "{\"nom\":1}")));
            final ControlAnswer removed = request(client, "rules.remove", new ControlJson().add("name", "r"));
            assertEquals(2, removed.result().number("from"));
            engine.unsubscribe(engine.subscribe(SubscriptionSpec.to("*", (event) ->
            {
            })));
            engine.rules().close();
            assertEquals(ControlRefusedException.FAILED, assertThrows(
                ControlRefusedException.class,
                () -> request(client, "rules.add", new ControlJson().addJson("rule", RULE.toJson()))).code());
        }
    }

    private static String text(final Path file)
    {
        try
        {
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void tidy(final Engine engine)
    {
        invoke(engine);
        clock.advance(Duration.ofMinutes(2));
        invoke(engine);
    }

    private static ControlAnswer request(final ControlClient client, final String command, final ControlJson arguments)
    {
        return client.request(command, arguments, Waiting.LIMIT_NS);
    }

    private static EventBuilder failed(final int n)
    {
        return new EventBuilder().type("a.failed").source("test").priority(Priority.LOW)
            .payloadJson("{\"n\":" + n + "}");
    }

    private static UnsafeBuffer record(final Publisher publisher, final EventBuilder event)
    {
        final EventBatchBuilder batch = publisher.newBatch().add(event);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[batch.event(0).recordLength()]);
        batch.copyTo(0, record, 0);
        return record;
    }

    private static void publish(final Engine engine, final EventBuilder event)
    {
        assertTrue(engine.publisher().publish(event) >= 0);
    }

    private EngineContext context(final ThreadingMode threads)
    {
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(threads)
            .arenaLength(1 << 22)
            .index(false)
            .hangTimeoutNs(0)
            .dedup(new DedupContext().enabled(false))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 18));
        return threads == ThreadingMode.INVOKER ? context.clock(clock) : context;
    }
}
