package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import io.sluice.journal.VisibleAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ThreadHygiene.class)
class EngineContextTest
{
    @TempDir
    private Path directory;

    /** The rows of the table of defaults in the mission that this version has. */
    @Test
    void shouldHaveTheDefaultsOfTheMissionTableWhenNothingIsSet()
    {
        final EngineContext context = new EngineContext();
        assertEquals(1_000, context.limit(Priority.CRITICAL));
        assertEquals(5_000, context.limit(Priority.HIGH));
        assertEquals(10_000, context.limit(Priority.NORMAL));
        assertEquals(20_000, context.limit(Priority.LOW));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(50), context.budgetNs(Priority.CRITICAL));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(100), context.budgetNs(Priority.HIGH));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(500), context.budgetNs(Priority.NORMAL));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(1000), context.budgetNs(Priority.LOW));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(1000), context.dedup().contentWindowNs());
        assertEquals(Duration.ofDays(30), context.journal().rollAge());
        assertEquals(100_000_000L, context.journal().rollSize());
    }

    /** The decisions of the design. */
    @Test
    void shouldHaveTheDefaultsOfTheDesignWhenNothingIsSet()
    {
        final EngineContext context = new EngineContext();
        assertEquals(Durability.JOURNALED, context.durability());
        assertEquals(
            Runtime.getRuntime().availableProcessors() <= 2 ? ThreadingMode.SHARED : ThreadingMode.PAIRED,
            context.threadingMode());
        assertEquals(512, context.slotLength());
        assertEquals(1 << 20, context.maxEventLength());
        assertEquals(32 << 20, context.arenaLength());
        assertTrue(context.dedup().enabled());
        assertEquals(TimeUnit.MINUTES.toNanos(10), context.dedup().idHorizonNs());
        assertEquals(1 << 20, context.dedup().idCapacity());
        assertEquals(1 << 17, context.dedup().contentCapacity());
        assertEquals(List.of(0, 8, 16, 32), Arrays.stream(context.shares()).boxed().toList());
        assertEquals(TimeUnit.SECONDS.toNanos(1), context.telemetryIntervalNs());
        assertEquals(TimeUnit.SECONDS.toNanos(10), context.closeTimeoutNs());
        assertNull(context.directory());
        assertEquals(0, context.runId());
        assertEquals("", context.source());
        assertEquals(Map.of(), context.metadata());
        assertEquals(List.of(), context.subscriptions());
        assertSame(ForkJoinPool.commonPool(), context.completionExecutor());
        for (final EngineRole role : EngineRole.values())
        {
            assertEquals(-1, context.pin(role));
            if (role.isOnPath())
            {
                assertEquals(BackoffIdleStrategy.class, context.newIdleStrategy(role).getClass());
            }
        }
    }

    static Stream<Arguments> invalid()
    {
        final List<Arguments> rows = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            final String label = priority.label();
            rows.add(row(context -> context.limit(priority, 0), "limit(" + label + ")=0"));
            rows.add(row(context -> context.limit(priority, 1 << 21), "limit(" + label + ")=2097152"));
            rows.add(row(context -> context.budgetNs(priority, 0), "budgetNs(" + label + ")=0"));
        }
        rows.add(row(context -> context.directory(null), "directory"));
        rows.add(row(context -> context.durability(Durability.ACCEPTED), "durability=ACCEPTED"));
        rows.add(row(
            context -> context.durability(Durability.NONE).subscribe(
                SubscriptionSpec.to("*", event -> fail("never launched")).visibleAt(VisibleAt.SYNCED)),
            "visibleAt(*)=SYNCED"));
        rows.add(row(context -> context.slotLength(192), "slotLength=192"));
        rows.add(row(context -> context.slotLength(300), "slotLength=300"));
        rows.add(row(context -> context.maxEventLength(100), "maxEventLength=100"));
        rows.add(row(context -> context.maxEventLength((4 << 20) + 1), "maxEventLength=4194305"));
        rows.add(row(context -> context.arenaLength(-1), "arenaLength=-1"));
        rows.add(row(context -> context.arenaLength(0), "maxEventLength=1048576"));
        rows.add(row(context -> context.arenaLength(0).maxEventLength(512), "maxEventLength=512"));
        rows.add(row(context -> context.share(Priority.LOW, 3), "share 1/3"));
        rows.add(row(context -> context.share(Priority.HIGH, 4).share(Priority.NORMAL, 4), "share 1/32 of low"));
        rows.add(row(context -> context.dedup().idCapacity(0), "idCapacity=0"));
        rows.add(row(context -> context.dedup().idCapacity(Integer.MAX_VALUE), "idCapacity=2147483647"));
        rows.add(row(context -> context.dedup().contentCapacity(0), "contentCapacity=0"));
        rows.add(row(context -> context.dedup().contentCapacity(1 << 26), "contentCapacity=67108864"));
        rows.add(row(context -> context.dedup().idHorizonNs(-1), "idHorizonNs=-1"));
        rows.add(row(
            context -> context.dedup().contentWindowNs(86_400_000_000_001L), "contentWindowNs=86400000000001"));
        rows.add(row(
            context -> context.dedup().contentWindowNs("a.*", -5), "contentWindowNs(a.*)=-5"));
        rows.add(row(context -> context.telemetryIntervalNs(0), "telemetryIntervalNs=0"));
        rows.add(row(context -> context.closeTimeoutNs(-1), "closeTimeoutNs=-1"));
        rows.add(row(context -> context.journal(new JournalContext().rollSize(1)), "rollSize=1"));
        rows.add(row(context -> context.journal(new JournalContext().prepareAhead(-1)), "prepareAhead=-1"));
        rows.add(row(context -> context.runId(0), "runId=0"));
        rows.add(row(context -> context.runId(-3), "runId=-3"));
        rows.add(row(context -> context.pin(EngineRole.ROUTING, -1), "pin(ROUTING)=-1"));
        rows.add(row(
            context -> context.idleStrategy(EngineRole.WATCH, () -> NoOpIdleStrategy.INSTANCE), "idleStrategy(WATCH)"));
        rows.add(row(context -> context.share(Priority.CRITICAL, 8), "share(critical)"));
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void shouldNameSettingAndValueWhenAValueIsNotAllowed(final Consumer<EngineContext> setting, final String named)
    {
        final EngineContext context = new EngineContext().directory(directory);
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, () ->
        {
            setting.accept(context);
            Engine.launch(context).close();
        });
        assertTrue(ex.getMessage().contains(named), ex.getMessage());
    }

    static Stream<Arguments> setters()
    {
        return Stream.<UnaryOperator<EngineContext>>of(
            context -> context.directory(Path.of("x")),
            context -> context.durability(Durability.NONE),
            context -> context.threadingMode(ThreadingMode.SHARED),
            context -> context.idleStrategy(() -> NoOpIdleStrategy.INSTANCE),
            context -> context.idleStrategy(EngineRole.ENGINE, () -> NoOpIdleStrategy.INSTANCE),
            context -> context.pin(EngineRole.ENGINE, 0),
            context -> context.limit(Priority.LOW, 5),
            context -> context.budgetNs(Priority.LOW, 5),
            context -> context.share(Priority.LOW, 64),
            context -> context.slotLength(1024),
            context -> context.maxEventLength(1024),
            context -> context.arenaLength(1 << 22),
            context -> context.dedup(new DedupContext()),
            context -> context.journal(new JournalContext()),
            context -> context.telemetryIntervalNs(5),
            context -> context.closeTimeoutNs(5),
            context -> context.seed(5),
            context -> context.runId(5),
            context -> context.source("x"),
            context -> context.metadata(Map.of("a", 1)),
            context -> context.clock(System::nanoTime),
            context -> context.errorHandler(error -> assertNotNull(error)),
            context -> context.stateListener((from, to) -> assertNotNull(to)),
            context -> context.completionExecutor(Runnable::run),
            context -> context.subscribe(SubscriptionSpec.to("*", event -> assertNotNull(event))))
            .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("setters")
    void shouldThrowWhenSetAfterLaunch(final UnaryOperator<EngineContext> setter)
    {
        final EngineContext context = new EngineContext().durability(Durability.NONE);
        Engine.launch(context).close();
        final IllegalStateException ex = assertThrows(IllegalStateException.class, () -> setter.apply(context));
        assertTrue(ex.getMessage().contains("launched"), ex.getMessage());
        assertThrows(IllegalStateException.class, () -> Engine.launch(context));
    }

    @Test
    void shouldGiveBackWhatWasSet()
    {
        final EpochNanoClock clock = () -> 1L;
        final ErrorHandler errorHandler = error -> assertNotNull(error);
        final EngineStateListener listener = (from, to) -> assertNotNull(to);
        final Executor executor = Runnable::run;
        final IdleStrategy idle = NoOpIdleStrategy.INSTANCE;
        final EngineContext context = new EngineContext().directory(directory).clock(clock)
            .errorHandler(errorHandler).stateListener(listener).completionExecutor(executor)
            .idleStrategy(EngineRole.HANDLING, () -> idle).pin(EngineRole.HANDLING, 1).seed(9).runId(8)
            .source("here").metadata(Map.of("host", "h")).telemetryIntervalNs(7).closeTimeoutNs(6)
            .slotLength(1024).maxEventLength(2048).arenaLength(5 << 20);
        assertSame(clock, context.clock());
        assertSame(errorHandler, context.errorHandler());
        assertSame(listener, context.stateListener());
        assertSame(executor, context.completionExecutor());
        assertSame(idle, context.newIdleStrategy(EngineRole.HANDLING));
        assertEquals(1, context.pin(EngineRole.HANDLING));
        assertEquals(9, context.seed());
        assertEquals(8, context.runId());
        assertEquals("here", context.source());
        assertEquals(Map.of("host", "h"), context.metadata());
        assertEquals(7, context.telemetryIntervalNs());
        assertEquals(6, context.closeTimeoutNs());
        assertEquals(1024, context.slotLength());
        assertEquals(2048, context.maxEventLength());
        assertEquals(5 << 20, context.arenaLength());
        assertEquals(directory, context.directory());
    }

    @Test
    void shouldFillSourceAndMetadataWhenAnEventHasNone()
    {
        final List<String> seen = new ArrayList<>();
        final EngineContext context = new EngineContext().directory(directory).source("service-a")
            .metadata(Map.of("host", "machine"))
            .subscribe(SubscriptionSpec.to("*", event ->
                seen.add(event.source() + " " + event.text(EventField.METADATA))));
        try (TestEngine test = TestEngine.launch(context))
        {
            test.publisher().publish(new EventBuilder().type("a"));
            test.publisher().publish(new EventBuilder().type("a").source("own").metadata(Map.of("host", "mine")));
            test.runUntilIdle();
        }
        assertEquals(List.of("service-a {\"host\":\"machine\"}", "own {\"host\":\"mine\"}"), seen);
    }

    private static Arguments row(final Consumer<EngineContext> setting, final String named)
    {
        return Arguments.of(setting, named);
    }
}
