package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.engine.admission.PressureMonitor;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is told when it gets tight, and how much memory all of it may take. */
@ExtendWith(ThreadHygiene.class)
class PressureAndMemoryTest
{
    private static final int LIMIT = 100;
    private static final long MEMORY_OF_ONE_CHUNK = 4L << 20;

    @TempDir
    private Path directory;

    private final List<String> signals = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldKnowThePressureOfEachPriorityWhenRingsFillAndEmpty()
    {
        final AdmissionContext settings = new AdmissionContext().pressureListener((priority, isHigh, level) ->
        {
            signals.add(priority.label() + " " + isHigh + " " + Math.round(level * 100));
            throw new IllegalStateException("a listener that throws");
        });
        final EngineContext context = context(settings).threadingMode(ThreadingMode.INVOKER)
            .errorHandler(errors::add);
        final EngineLifecycle lifecycle = EngineLifecycle.launch(context.conclude());
        try (Engine engine = new Engine(lifecycle))
        {
            final PressureMonitor pressure = lifecycle.core().pressure();
            for (int i = 0; i < 80; i++)
            {
                engine.publisher().publish(event(Priority.LOW));
            }
            pressure.sample();
            assertFalse(engine.isPressed(Priority.LOW));
            assertEquals(0.8, engine.load(), 1e-9);
            engine.publisher().publish(event(Priority.LOW));
            pressure.sample();
            pressure.sample();
            assertTrue(engine.isPressed(Priority.LOW));
            assertFalse(engine.isPressed(Priority.HIGH));
            assertTrue(engine.stats().load() > 0.8);
            int depth = lifecycle.core().rings()[Priority.LOW.code()].depth();
            while (depth > 0)
            {
                // Within the marks it stays as it was, on the way down.
                pressure.sample();
                assertEquals(depth >= 60, engine.isPressed(Priority.LOW), "depth " + depth);
                engine.invoke();
                depth = lifecycle.core().rings()[Priority.LOW.code()].depth();
            }
            pressure.sample();
            assertFalse(engine.isPressed(Priority.LOW));
            assertEquals(0.0, engine.load(), 1e-9);
        }
        assertEquals("low true 81", signals.get(0));
        assertTrue(signals.get(1).startsWith("low false "), signals.toString());
        assertEquals(2, signals.size());
        assertEquals(2, errors.size());
    }

    @Test
    void shouldBePressedForAllPrioritiesWhenBytesForLargeEventsAreShort()
    {
        final EngineLifecycle lifecycle = EngineLifecycle.launch(context(new AdmissionContext())
            .threadingMode(ThreadingMode.INVOKER).arenaLength(4 << 20).conclude());
        try (Engine engine = new Engine(lifecycle))
        {
            for (int i = 0; i < 4; i++)
            {
                assertTrue(engine.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])) >= 0);
            }
            lifecycle.core().pressure().sample();
            for (final Priority priority : Priority.values())
            {
                assertTrue(engine.isPressed(priority), priority.label());
            }
            assertTrue(engine.load() > 0.9);
        }
    }

    @Test
    void shouldSampleEveryTenMillisecondsWhenTheEngineRuns()
    {
        final AdmissionContext settings = new AdmissionContext().pressureMarks(0.5, 0.1)
            .pressureListener((priority, isHigh, level) -> signals.add(priority.label() + " " + isHigh));
        final TestEngine[] test = new TestEngine[1];
        final EngineContext context = context(settings).durability(Durability.NONE)
            .subscribe(SubscriptionSpec.to("fill.*", event ->
            {
                for (int i = 0; i < LIMIT; i++)
                {
                    test[0].publisher().publish(new EventBuilder().type("filled.step").priority(Priority.LOW));
                }
            }));
        test[0] = TestEngine.launch(context);
        try (TestEngine engine = test[0])
        {
            engine.publisher().publish(new EventBuilder().type("fill.now").priority(Priority.HIGH));
            engine.clock().advance(Duration.ofMillis(11));
            engine.engine().invoke();
            assertEquals(List.of("low true"), signals);
            engine.advance(Duration.ofMillis(11));
            engine.advance(Duration.ofMillis(11));
            assertEquals(List.of("low true", "low false"), signals);
        }
    }

    @Test
    void shouldFitIntoAHundredMegabytesWhenNothingIsSet()
    {
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory)))
        {
            final EngineStats stats = test.engine().stats();
            assertEquals(100_000_000L, stats.memoryLimit());
            assertTrue(stats.memoryUsed() < 80_000_000L, stats.memory().toString());
            assertTrue(stats.memory().get("dedup") >= 32L << 20, stats.memory().toString());
            assertTrue(stats.memory().get("ring low") >= 32_768L * 512, stats.memory().toString());
        }
    }

    @Test
    void shouldNameTheLimitAndThePartsWhenTheSettingsNeedMore()
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class,
            () -> Engine.launch(new EngineContext().directory(directory)
                .admission(new AdmissionContext().memoryLimit(50_000_000L))));
        assertTrue(ex.getMessage().startsWith("memoryLimit=50000000"), ex.getMessage());
        for (final String part : List.of("ring critical", "ring low", "dedup", "journal", "latencies"))
        {
            assertTrue(ex.getMessage().contains(part), ex.getMessage());
        }
        assertThrows(
            IllegalArgumentException.class,
            () -> Engine.launch(new EngineContext().directory(directory).limit(Priority.LOW, 200_000)));
        for (final AdmissionContext wrong : List.of(
            new AdmissionContext().pressureMarks(0.5, 0.5),
            new AdmissionContext().pressureMarks(1.1, 0.5),
            new AdmissionContext().memoryCleanUpFrom(1.1)))
        {
            assertThrows(IllegalArgumentException.class, () -> wrong.conclude(true));
        }
    }

    @Test
    void shouldRefuseLargeEventsAtTheLimitAndGiveMemoryBackFromTheMarkOn()
    {
        final EngineContext probe = context(new AdmissionContext());
        final long fixed = new MemoryPlan(probe).newBudget().used();
        final AdmissionContext settings = new AdmissionContext()
            .memoryLimit(fixed + 2 * MEMORY_OF_ONE_CHUNK)
            .memoryCleanUpFrom((double)(fixed + 1) / (fixed + 2 * MEMORY_OF_ONE_CHUNK));
        final List<Integer> handled = new ArrayList<>();
        final EngineContext context = context(settings)
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.recordLength())));
        try (TestEngine test = TestEngine.launch(context))
        {
            int accepted = 0;
            while (test.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])) >= 0)
            {
                accepted++;
            }
            assertEquals(8, accepted, "two chunks of four");
            assertEquals(
                PublishResult.BYTES_LIMITED,
                test.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])));
            assertEquals(fixed + 2 * MEMORY_OF_ONE_CHUNK, test.engine().stats().memoryUsed());
            test.runUntilIdle();
            test.advance(Duration.ofSeconds(1));
            test.advance(Duration.ofSeconds(1));
            test.advance(Duration.ofSeconds(1));
            assertEquals(fixed + MEMORY_OF_ONE_CHUNK, test.engine().stats().memoryUsed(), "the first chunk stays");
            for (int i = 0; i < 8; i++)
            {
                assertTrue(test.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])) >= 0);
            }
            test.runUntilIdle();
            assertEquals(16, handled.size());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATE", "TAILING"})
    void shouldTakeAsManyLargeEventsAfterMoreOfThemHavePassedThanAWindowHasPlaces(final DeliveryMode mode)
    {
        final EngineContext context = context(new AdmissionContext()).limit(Priority.HIGH, 1024)
            .arenaLength(32 << 20)
            .subscribe(SubscriptionSpec.to("*", event ->
            {
            }).name("one").mode(mode));
        try (TestEngine test = TestEngine.launch(context))
        {
            final EventBuilder event = event(Priority.HIGH).payload(new byte[60_000]);
            for (int i = 0; i < DeliveryWindow.CAPACITY + 100; i++)
            {
                assertTrue(test.publisher().publish(event) >= 0);
                test.runUntilIdle();
            }
            int accepted = 0;
            while (test.publisher().publish(event) >= 0)
            {
                accepted++;
            }
            assertEquals(512, accepted, "the whole arena: " + test.engine().stats().memory());
        }
    }

    @Test
    void shouldKeepRoomForALargeEventWhateverDeliveryHolds()
    {
        final EngineLifecycle lifecycle = EngineLifecycle.launch(
            context(new AdmissionContext()).threadingMode(ThreadingMode.INVOKER).conclude());
        try (Engine engine = new Engine(lifecycle))
        {
            final long before = engine.stats().memoryUsed();
            final GrowingMemory delivery = lifecycle.core().subscriptions().memory();
            final long rest = engine.stats().memoryLimit() - before - MEMORY_OF_ONE_CHUNK;
            assertFalse(delivery.tryReserve(rest + 1));
            assertTrue(delivery.tryReserve(rest));
            assertEquals(before + rest, engine.stats().memoryUsed(), "what is kept free is not held");
            for (int i = 0; i < 4; i++)
            {
                assertTrue(engine.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])) >= 0);
            }
            assertEquals(engine.stats().memoryLimit(), engine.stats().memoryUsed());
            assertEquals(
                PublishResult.BYTES_LIMITED,
                engine.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])));
            delivery.release(rest);
            assertTrue(engine.publisher().publish(event(Priority.HIGH).payload(new byte[1_000_000])) >= 0);
        }
    }

    private EngineContext context(final AdmissionContext settings)
    {
        final EngineContext context = new EngineContext().directory(directory)
            .index(false)
            .admission(settings)
            .dedup(new DedupContext().enabled(false));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, LIMIT);
        }
        return context;
    }

    private static EventBuilder event(final Priority priority)
    {
        return new EventBuilder().type("load.step").priority(priority);
    }
}
