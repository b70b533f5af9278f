package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.rule.RoutingRuleBuilder;
import io.sluice.engine.rule.RuleVersion;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules that change while events flow, in a way that nobody foresees: each subscription gets of each event what the
 * version says that held for its sequence, from the rings, from the journal, and after a crash. More of it: {@code
 * -Dsluice.rules.events=N -Dsluice.rules.seed=S}.
 */
@ExtendWith(ThreadHygiene.class)
@Timeout(300)
class RuleChangesTest
{
    private static final int EVENTS = Integer.getInteger("sluice.rules.events", 3000);
    private static final long SEED = Long.getLong("sluice.rules.seed", 20_240_120L);
    private static final int CHANGES = 60;

    /** What a version does with every event. */
    private enum Kind
    {
        STAMP, DIVERT, COPY, DISCARD, RENAME, NONE
    }

    private record Change(Kind kind, int number)
    {
    }

    private record Version(long from, Change change)
    {
    }

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final Map<String, Map<Long, String>> got = new TreeMap<>();
    private final List<Version> versions = new ArrayList<>();
    private volatile long mayPublish;

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEachEventByTheVersionOfItsSequenceWhenRulesChangeMeanwhile(final ThreadingMode threads)
        throws InterruptedException
    {
        final Random random = new Random(SEED + threads.ordinal());
        versions.add(new Version(0, new Change(Kind.NONE, 0)));
        try (Engine engine = Engine.launch(subscribed(context(threads))))
        {
            final Thread publishing = new Thread(() -> publishAll(engine, new Random(SEED)));
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            publishing.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            publishing.start();
            if (threads == ThreadingMode.INVOKER)
            {
                final Thread changing = new Thread(() -> changeAll(engine, random));
                changing.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
                changing.start();
                Waiting.until("all changes", () -> engine.invoke() < 0 || !changing.isAlive());
                changing.join();
            }
            else
            {
                changeAll(engine, random);
            }
            Waiting.until("all events", () -> invoke(engine) && !publishing.isAlive());
            publishing.join();
            assertEquals(null, failure.get());
            engine.subscriptions().forEach(Subscription::resume);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            for (final String name : got.keySet())
            {
                Waiting.until(name + " with " + got.get(name).size() + " events", () ->
                    invoke(engine) && got.get(name).size() >= expected(name).size());
            }
        }
        assertAsExpected(threads + ", seed " + SEED);
        assertTrue(versions.stream().map(Version::from).distinct().count() > CHANGES / 4, "changes between events");
        forgetPositions();
        got.values().forEach(Map::clear);
        try (Engine engine = Engine.launch(subscribed(context(threads).rules(List.of()))))
        {
            assertEquals(EVENTS, engine.stats().redelivered());
        }
        // Durable ones stand where they stood.
        got.remove("slow");
        got.remove("other");
        assertAsExpected(threads + " after a crash, seed " + SEED);
        assertEquals(List.of(), errors);
    }

    private void assertAsExpected(final String what)
    {
        for (final String name : got.keySet())
        {
            assertEquals(expected(name), got.get(name), what + ", " + name);
        }
    }

    private Map<Long, String> expected(final String name)
    {
        final Map<Long, String> expected = new TreeMap<>();
        for (long sequence = 1; sequence <= EVENTS; sequence++)
        {
            final Change change = changeAt(sequence);
            final boolean isQuarantine = "quarantine".equals(name);
            final boolean isForAll = change.kind != Kind.DIVERT && change.kind != Kind.DISCARD;
            if (isQuarantine ? change.kind == Kind.DIVERT || change.kind == Kind.COPY : isForAll)
            {
                expected.put(sequence, change.kind == Kind.NONE ? "a " : change.kind == Kind.RENAME ?
                    "a.renamed" + change.number + " " : "a {\"v\":" + change.number + "}");
            }
        }
        return expected;
    }

    private Change changeAt(final long sequence)
    {
        int place = versions.size() - 1;
        while (versions.get(place).from > sequence)
        {
            place--;
        }
        return versions.get(place).change;
    }

    private void changeAll(final Engine engine, final Random random)
    {
        for (int i = 1; i <= CHANGES; i++)
        {
            // Some events flow meanwhile, and not all of them.
            final int step = EVENTS / CHANGES;
            final long until = (long)(i - 1) * step + random.nextInt(step);
            mayPublish = until + step / 2;
            Waiting.until("the next change", () -> engine.journaledSequence() >= until);
            final Change change = new Change(Kind.values()[random.nextInt(Kind.values().length)], i);
            final RuleVersion version = engine.rules().replaceAll(rules(change));
            versions.add(new Version(version.from(), change));
            final Subscription one = engine.subscriptions().get(random.nextInt(3));
            if (one.isPaused())
            {
                one.resume();
            }
            else
            {
                one.pause();
            }
        }
        mayPublish = EVENTS;
    }

    private static List<RoutingRule> rules(final Change change)
    {
        final RoutingRuleBuilder rule = RoutingRule.named("r").set("metadata.v", change.number);
        return switch (change.kind)
        {
            case STAMP -> List.of(rule.build());
            case DIVERT -> List.of(rule.divert("quarantine").build());
            case COPY -> List.of(rule.copyTo("quarantine").build());
            case DISCARD -> List.of(rule.discard().build());
            case RENAME -> List.of(RoutingRule.named("r").rename("type", "a.renamed" + change.number).build());
            default -> List.of();
        };
    }

    private void publishAll(final Engine engine, final Random random)
    {
        final EventBuilder event = new EventBuilder().type("a").source("test");
        for (int i = 0; i < EVENTS; i++)
        {
            event.priority(Priority.of(random.nextInt(Priority.COUNT))).payloadJson("{\"n\":" + i + "}");
            final int before = i;
            Waiting.until("the change before", () -> before < mayPublish);
            while (engine.publisher().publish(event) < 0)
            {
                Thread.yield();
            }
        }
    }

    private EngineContext subscribed(final EngineContext context)
    {
        return context
            .subscribe(spec("live", "a.**"))
            .subscribe(spec("other", "a.**").durable("other"))
            .subscribe(spec("slow", "a.**").mode(DeliveryMode.TAILING).durable("slow"))
            .subscribe(spec("quarantine", "none"));
    }

    private SubscriptionSpec spec(final String name, final String pattern)
    {
        final Map<Long, String> ofThis = new ConcurrentSkipListMap<>();
        got.put(name, ofThis);
        return SubscriptionSpec.to(pattern, (event) -> ofThis.merge(event.sequence(), text(event), (first, second) ->
            "twice: " + first + ", " + second)).name(name);
    }

    private static String text(final EventFlyweight event)
    {
        return event.type() + " " + event.text(EventField.METADATA);
    }

    private boolean invoke(final Engine engine)
    {
        return engine.context().threadingMode() != ThreadingMode.INVOKER || engine.invoke() >= 0;
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

    private EngineContext context(final ThreadingMode threads)
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(threads)
            .arenaLength(1 << 22)
            .index(false)
            .dedup(new DedupContext().enabled(false))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 18));
    }
}
