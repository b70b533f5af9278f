package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RuleStats;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VisibleAt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What rules make of events, whichever way these reach a handler. */
@ExtendWith(ThreadHygiene.class)
class RuleDeliveryTest
{
    private static final List<RoutingRule> RULES = List.of(
        RoutingRule.named("edit").pattern("order.*").where("payload.n = 1").order(1)
            .set("metadata.team", "x").drop("payload.token").build(),
        RoutingRule.named("old").pattern("legacy.*").order(2).rename("type", "billing.new").build(),
        RoutingRule.named("re").pattern("order.re").order(3).reroute("billing.re").build(),
        RoutingRule.named("divert").where("payload.n = 2").order(4)
            .set("metadata.why", "two").divert("quarantine").build(),
        RoutingRule.named("copy").where("payload.n = 3").order(5).copyTo("quarantine").build(),
        RoutingRule.named("drop").where("payload.n = 4").order(6).copyTo("quarantine").discard().build(),
        RoutingRule.named("vain").where("payload.n = 5").order(7).divert("nobody").copyTo("none").build(),
        RoutingRule.named("broken").pattern("order.*").where("payload.n = 6").order(8)
            .set("payload.n.deep", 1).build());

    private static final List<String> EXPECTED = List.of(
        "billing 10 billing.new {\"n\":0} -",
        "billing 11 order.re {\"n\":0} -",
        "orders 1 order.a {\"n\":1} {\"team\":\"x\"}",
        "orders 3 order.a {\"n\":3,\"token\":\"t\"} -",
        "orders 5 order.a {\"n\":5,\"token\":\"t\"} -",
        "orders 6 order.a {\"n\":6,\"token\":\"t\"} -",
        "orders 7 order.a {\"n\":7,\"token\":\"t\"} -",
        "picky 1 order.a {\"n\":1} {\"team\":\"x\"}",
        "quarantine 2 order.a {\"n\":2,\"token\":\"t\"} {\"why\":\"two\"}",
        "quarantine 3 order.a {\"n\":3,\"token\":\"t\"} -");

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> got = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));

    @ParameterizedTest
    @EnumSource
    void shouldReachEverybodyAsTheRulesSayOverEitherFeed(final ThreadingMode threads)
    {
        for (final DeliveryMode mode : DeliveryMode.values())
        {
            for (final VisibleAt visibleAt : VisibleAt.values())
            {
                got.clear();
                errors.clear();
                final Path data = directory.resolve(mode + "-" + visibleAt);
                final EngineContext context = context(threads).directory(data).rules(RULES);
                subscriptions(mode, visibleAt).forEach(context::subscribe);
                try (Engine engine = Engine.launch(context))
                {
                    publishAll(engine);
                    await(engine, EXPECTED.size());
                    assertEquals(EXPECTED, got.stream().sorted().toList(), mode + " " + visibleAt);
                    assertStats(engine);
                }
                assertEquals(3, errors.size(), errors.toString());
                assertTrue(errors.stream().anyMatch((ex) -> ex.getMessage().contains("'nobody'")), errors.toString());
                assertTrue(errors.stream().anyMatch((ex) -> ex.getMessage().contains("rule 'broken' can't change")));
                assertJournaledAsPublished(data);
            }
        }
    }

    @Test
    void shouldReachEverybodyAsTheRulesSayWhenThereIsNoJournal()
    {
        final EngineContext context =
            context(ThreadingMode.SHARED).durability(Durability.NONE).rules(RULES);
        subscriptions(DeliveryMode.IMMEDIATE, VisibleAt.JOURNALED).forEach(context::subscribe);
        try (Engine engine = Engine.launch(context))
        {
            publishAll(engine);
            await(engine, EXPECTED.size());
            assertEquals(EXPECTED, got.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeTheSameOfEventsWhenTheyAreDeliveredAgainUnderOtherRules(final DeliveryMode mode)
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).rules(RULES)))
        {
            publishAll(engine);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        forgetPositions();
        errors.clear();
        final EngineContext context = context(ThreadingMode.INVOKER).rules(List.of());
        subscriptions(mode, VisibleAt.JOURNALED).forEach(
            (spec) -> context.subscribe(mode == DeliveryMode.TAILING ? spec.from(StartPosition.start()) : spec));
        try (Engine engine = Engine.launch(context))
        {
            await(engine, EXPECTED.size());
            assertEquals(List.of(), engine.rules().rules());
            publish(engine, "order.a", 1);
            await(engine, EXPECTED.size() + 1);
        }
        final List<String> expected = new ArrayList<>(EXPECTED);
        expected.add("orders 12 order.a {\"n\":1,\"token\":\"t\"} -");
        assertEquals(expected.stream().sorted().toList(), got.stream().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOutWhatTheRulesMadeWhenItIsTriedAgainAndWhenItIsADeadLetter(final DeliveryMode mode)
    {
        final AtomicInteger calls = new AtomicInteger();
        final EventHandler handler = (event) ->
        {
            note("orders", event);
            if (calls.incrementAndGet() < 3 || calls.get() > 3)
            {
                throw new IOException("no route");
            }
        };
        final SubscriptionSpec spec = Specs.to("order.*", handler, mode).name("orders").retry(
            RetryPolicy.DEFAULT.attempts(3).firstDelayNs(1_000_000_000L).factor(1.0).jitter(0.0));
        final RoutingRule rule = RoutingRule.named("edit").set("metadata.by", "rule").drop("payload.token").build();
        final String first = "orders 1 order.a {\"n\":1} {\"by\":\"rule\"}";
        final String second = "orders 2 order.a {\"n\":2} {\"by\":\"rule\"}";
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).rules(List.of(rule)).subscribe(spec)))
        {
            publish(engine, "order.a", 1);
            invoke(engine);
            // What held for the event goes on to hold for it.
            engine.rules().remove("edit");
            for (int i = 0; i < 3; i++)
            {
                clock.advance(Duration.ofSeconds(1));
                invoke(engine);
            }
            assertEquals(List.of(first, first, first), got);
            engine.rules().add(rule);
            publish(engine, "order.a", 2);
            for (int i = 0; i < 4; i++)
            {
                invoke(engine);
                clock.advance(Duration.ofSeconds(1));
            }
            assertEquals(List.of(first, first, first, second, second, second), got);
            engine.rules().remove("edit");
            engine.retryDeadLetter(1);
            invoke(engine);
            assertEquals(second, got.get(6));
            assertEquals(7, got.size());
        }
        final List<String> letters = new ArrayList<>();
        try (DeadLetters reader = DeadLetters.open(directory))
        {
            reader.forEach(new DeadLetterQuery(), (letter, event) -> letters.add(event.text(EventField.PAYLOAD)));
        }
        assertEquals(List.of("{\"n\":2}"), letters);
    }

    @Test
    void shouldSendToADurableSubscriptionThatHasNoHandlerAndToNobodyWhoWasNotThereYet()
    {
        final RoutingRule rule = RoutingRule.named("d").where("payload.n > 1").divert("later").build();
        final SubscriptionSpec all = SubscriptionSpec.to("*", (event) -> note("all", event)).durable("all");
        final SubscriptionSpec later = SubscriptionSpec.to("none.*", (event) -> note("later", event)).durable("later");
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).rules(List.of(rule)).subscribe(all)))
        {
            engine.subscriptions().get(0).pause();
            publish(engine, "a", 2);
            invoke(engine);
            engine.unsubscribe(engine.subscribe(later));
            invoke(engine);
            publish(engine, "a", 3);
            invoke(engine);
            engine.subscriptions().get(0).resume();
            await(engine, 1);
            assertEquals(List.of("all 1 a {\"n\":2,\"token\":\"t\"} -"), got, "it came before there was a target");
        }
        clock.advance(Duration.ofSeconds(1));
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(all)))
        {
            publish(engine, "a", 4);
            invoke(engine);
            assertEquals(1, got.size(), "it is kept for the one that is registered");
            engine.subscribe(later);
            await(engine, 3);
            assertEquals(
                List.of("later 2 a {\"n\":3,\"token\":\"t\"} -", "later 3 a {\"n\":4,\"token\":\"t\"} -"),
                got.subList(1, 3));
            engine.unsubscribe(engine.subscriptions().get(1));
            invoke(engine);
            assertTrue(engine.removeSubscription("later"));
            publish(engine, "a", 5);
            await(engine, 4);
            assertEquals("all 4 a {\"n\":5,\"token\":\"t\"} -", got.get(3));
            assertEquals(1, engine.rules().stats().get(0).absent());
        }
    }

    @Test
    void shouldFlagWhatIsDeliveredAgainWhenARuleChangesIt()
    {
        final RoutingRule rule = RoutingRule.named("edit").set("metadata.by", "rule").build();
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).rules(List.of(rule))))
        {
            publish(engine, "a", 1);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        forgetPositions();
        final List<Integer> flags = new ArrayList<>();
        final SubscriptionSpec spec = SubscriptionSpec.to("*", (event) ->
        {
            note("all", event);
            flags.add(event.deliveryFlags());
        });
        try (Engine engine = Engine.launch(context(ThreadingMode.INVOKER).subscribe(spec)))
        {
            publish(engine, "a", 2);
            await(engine, 2);
        }
        assertEquals(List.of(EventDescriptor.FLAG_REDELIVERED, 0), flags);
        assertTrue(got.stream().allMatch((line) -> line.endsWith("{\"by\":\"rule\"}")), got.toString());
    }

    private List<SubscriptionSpec> subscriptions(final DeliveryMode mode, final VisibleAt visibleAt)
    {
        return List.of(
            spec("order.*", "orders", mode, visibleAt),
            spec("order.*", "picky", mode, visibleAt).where("metadata.team = 'x'"),
            spec("billing.*", "billing", mode, visibleAt),
            spec("none.*", "quarantine", mode, visibleAt).minimumPriority(Priority.CRITICAL).where("id = 'no'"));
    }

    private SubscriptionSpec spec(
        final String pattern, final String name, final DeliveryMode mode, final VisibleAt visibleAt)
    {
        return Specs.to(pattern, (event) -> note(name, event), mode).name(name).visibleAt(visibleAt);
    }

    private void note(final String name, final EventFlyweight event)
    {
        final String metadata = event.text(EventField.METADATA);
        got.add(name + " " + event.sequence() + " " + event.type() + " " + event.text(EventField.PAYLOAD) + " " +
            (metadata.isEmpty() ? "-" : metadata));
    }

    private void publishAll(final Engine engine)
    {
        for (int n = 1; n <= 7; n++)
        {
            publish(engine, "order.a", n);
        }
        publish(engine, "other.a", 0);
        publish(engine, "other.a", 4);
        publish(engine, "legacy.a", "{\"n\":0}");
        publish(engine, "order.re", "{\"n\":0}");
    }

    private void publish(final Engine engine, final String type, final int n)
    {
        publish(engine, type, "{\"n\":" + n + ",\"token\":\"t\"}");
    }

    private void publish(final Engine engine, final String type, final String payload)
    {
        assertTrue(engine.publisher().publish(new EventBuilder().type(type).source("test").payloadJson(payload)) >= 0);
    }

    private static void assertStats(final Engine engine)
    {
        // Where the journal serves all, they may have handled an event before the routing stage counts it.
        final List<Long> expected = List.of(1L, 1L, 1L, 1L, 1L, 2L, 1L, 1L);
        Waiting.until(
            "the rules to have matched " + expected + ", they have " + matched(engine),
            () ->
            {
                invokeWhereDriven(engine);
                return matched(engine).equals(expected);
            });
        final List<RuleStats> stats = engine.rules().stats();
        assertEquals(List.of(1L, 1L, 0L, 1L, 0L, 0L, 0L, 0L), stats.stream().map(RuleStats::transformed).toList());
        assertEquals(2, stats.get(6).absent());
        assertEquals(2, stats.get(5).discarded());
        assertEquals(1, stats.get(7).failed());
    }

    private static List<Long> matched(final Engine engine)
    {
        return engine.rules().stats().stream().map(RuleStats::matched).toList();
    }

    private void assertJournaledAsPublished(final Path data)
    {
        final List<String> journaled = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(data).from(StartPosition.start())))
        {
            while (tailer.poll((event) -> journaled.add(
                event.type() + " " + event.text(EventField.PAYLOAD) + event.text(EventField.METADATA)), 64) > 0)
            {
                assertFalse(journaled.isEmpty());
            }
        }
        assertEquals(
            IntStream.rangeClosed(1, 7).mapToObj((n) -> "order.a {\"n\":" + n + ",\"token\":\"t\"}").toList(),
            journaled.subList(0, 7));
        assertEquals("legacy.a {\"n\":0}", journaled.get(9));
    }

    private void forgetPositions()
    {
        final PipelinePositions positions = TestPositions.open(directory);
        for (final Priority priority : Priority.values())
        {
            positions.watermark(priority.code(), 0);
        }
        positions.close();
    }

    private void await(final Engine engine, final int count)
    {
        Waiting.until(count + " events, there are " + got, () ->
        {
            invokeWhereDriven(engine);
            return got.size() >= count;
        });
        assertTrue(engine.stats().accepted() >= 0);
    }

    private static void invokeWhereDriven(final Engine engine)
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
    }

    private EngineContext context(final ThreadingMode threads)
    {
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(threads)
            .arenaLength(1 << 22)
            .index(false)
            .dedup(new DedupContext().enabled(false))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 18));
        return threads == ThreadingMode.INVOKER ? context.clock(clock) : context;
    }
}
