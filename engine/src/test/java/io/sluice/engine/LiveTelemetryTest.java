package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.ObservedThread;
import io.sluice.engine.telemetry.ObservedType;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What other processes see of a running engine, and what is left of an ended one. */
@ExtendWith(ThreadHygiene.class)
class LiveTelemetryTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @Test
    void shouldShowCountersErrorsTypesAndThreadsOfAnEngineInAnotherProcess() throws Exception
    {
        try (ChildJvm child =
            ChildJvm.start(ChildJvm.documentedFlags(), ChildEngine.class, directory.toString()))
        {
            child.expect("ready");
            try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(directory)))
            {
                assertEquals(child.pid(), reader.pid());
                assertTrue(reader.isAlive());
                assertTrue(reader.runId() > 0);
                // Written one after the other, by a thread that may have looked at some of it before the end.
                Waiting.until("current counters", () -> sum(reader, CounterLabel.SEQUENCED) == 100 &&
                    sum(reader, CounterLabel.HANDLED) + sum(reader, CounterLabel.FAILED) == 100 &&
                    sum(reader, CounterLabel.DEPTH) == 0 && reader.value(CounterLabel.ERRORS) == 10 &&
                    reader.value(CounterLabel.LAST_SEQUENCE) == 100 &&
                    reader.value(CounterLabel.STATE) == EngineState.RUNNING.ordinal() &&
                    reader.types().stream().mapToLong(ObservedType::count).sum() == 100 &&
                    // The journal of dead letters has one that forces it, too.
                    reader.threads().size() == 11);
                for (final Priority priority : Priority.values())
                {
                    assertEquals(25, reader.value(CounterLabel.ACCEPTED, priority));
                    assertEquals(25, reader.value(CounterLabel.SEQUENCED, priority));
                    assertEquals(0, reader.value(CounterLabel.DEPTH, priority));
                    assertEquals(0, reader.value(CounterLabel.REFUSED, priority));
                }
                assertEquals(90, sum(reader, CounterLabel.HANDLED));
                assertEquals(10, sum(reader, CounterLabel.FAILED));
                assertEquals(100, reader.value(CounterLabel.LAST_SEQUENCE));
                assertEquals(10, reader.value(CounterLabel.ERRORS));
                assertEquals(1, reader.value(CounterLabel.SUBSCRIPTIONS));
                assertEquals(1_000, reader.value(CounterLabel.LIMIT, Priority.CRITICAL));
                assertEquals(50_000_000L, reader.value(CounterLabel.BUDGET_NS, Priority.CRITICAL));
                assertTrue(reader.value(CounterLabel.JOURNAL_BYTES) > 100 * 150);
                assertEquals(
                    1, reader.errors().size(), () -> "one distinct error, however often it comes: " + reader.errors());
                assertEquals(10, reader.errors().get(0).count());
                assertTrue(reader.errors().get(0).stackTrace().contains("refuses"));
                assertEquals(
                    Map.of("bad", 10L, "good", 90L),
                    reader.types().stream().collect(Collectors.toMap(ObservedType::type, ObservedType::count)));
                assertEquals(
                    Set.of(
                        "sluice-arch", "sluice-deliver", "sluice-index", "sluice-seq", "sluice-handle", "sluice-mark",
                        "sluice-prep", "sluice-sync", "sluice-telem", "sluice-watch"),
                    reader.threads().stream().map(ObservedThread::name).collect(Collectors.toSet()));
                for (final ObservedThread thread : reader.threads())
                {
                    assertTrue(thread.allowedCpus().matches("[0-9,-]+"), thread.toString());
                    assertTrue(thread.threadId() > 0);
                }
                child.release();
                assertTrue(child.rest().contains("end -1"));
                assertFalse(reader.isAlive());
                assertEquals(List.of(), reader.threads());
                assertEquals(100, sum(reader, CounterLabel.SEQUENCED), "the last run stays readable");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void shouldLogEveryLatencyOnceUnderPriorityAndStageWhenTheEngineHasEnded(final ThreadingMode mode)
        throws IOException
    {
        final EngineContext context = new EngineContext().directory(directory).threadingMode(mode)
            .telemetryIntervalNs(1_000_000L).errorHandler(errors::add)
            .subscribe(SubscriptionSpec.to("*", event -> assertFalse(event.id().isEmpty())));
        final EngineStats stats;
        try (Engine engine = Engine.launch(context))
        {
            for (int i = 0; i < 1_000; i++)
            {
                assertTrue(engine.publisher().publish(new EventBuilder().type("t")
                    .priority(Priority.of(i % 3)).payloadText("n" + i % 500)) >= 0);
                if (i % 100 == 0)
                {
                    assertTrue(engine.drain(Waiting.LIMIT_NS));
                    engine.reopen();
                }
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            engine.close();
            stats = engine.stats();
        }
        final Map<String, Long> counts = new HashMap<>();
        readLog((tag, histogram) -> counts.merge(tag, histogram.getTotalCount(), Long::sum));
        assertEquals(
            Set.of(
                "critical.journaled", "high.journaled", "normal.journaled", "critical.handed", "high.handed",
                "normal.handed"),
            counts.keySet());
        for (final Priority priority : List.of(Priority.CRITICAL, Priority.HIGH, Priority.NORMAL))
        {
            final PriorityStats figures = stats.priority(priority);
            assertEquals(figures.sequenced(), counts.get(priority.label() + ".journaled"));
            assertEquals(figures.handled(), counts.get(priority.label() + ".handed"));
            assertEquals(figures.handled(), figures.latency().getTotalCount());
            assertEquals(figures.sequenced(), figures.handled() + figures.duplicates());
        }
        assertEquals(0, stats.priority(Priority.LOW).percentileNs(99));
        assertTrue(stats.priority(Priority.HIGH).percentileNs(99) >= 0);
        assertEquals(1_000, stats.accepted());
        assertEquals(0, stats.redelivered());
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldCountWhatIsHandedOverAfterItsBudgetFromTheIntendedTime()
    {
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory)
            .subscribe(SubscriptionSpec.to("*", event -> assertFalse(event.id().isEmpty())))))
        {
            final long start = test.clock().nanoTime();
            test.publisher().publish(event("in time"), start);
            test.clock().advance(Duration.ofMillis(50));
            test.runUntilIdle();
            assertEquals(0, test.engine().stats().priority(Priority.CRITICAL).overBudget());
            test.publisher().publish(event("late"), start - 1_000_000);
            test.runUntilIdle();
            assertEquals(1, test.engine().stats().priority(Priority.CRITICAL).overBudget());
            test.advance(Duration.ofSeconds(2));
            test.advance(Duration.ofSeconds(2));
            final PriorityStats stats = test.engine().stats().priority(Priority.CRITICAL);
            assertEquals(2, stats.latency().getTotalCount());
            assertNear(51_000_000, stats.latency().getMaxValue());
            assertEquals(50_000_000, stats.budgetNs());
            try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(directory)))
            {
                assertEquals(1, reader.value(CounterLabel.OVER_BUDGET, Priority.CRITICAL));
                assertNear(51_000_000, reader.value(CounterLabel.MAX_NS, Priority.CRITICAL));
                assertNear(50_000_000, reader.value(CounterLabel.P50_NS, Priority.CRITICAL));
            }
        }
    }

    @Test
    void shouldCopyLatenciesOfBothStagesWhenCollected()
    {
        final LatencyTotals totals = new LatencyTotals();
        totals.start(0);
        totals.journaled()[2].record(1_000);
        totals.handed()[2].record(-5);
        totals.handed()[2].record(Long.MAX_VALUE);
        final Map<String, Long> seen = new HashMap<>();
        totals.finish(1, (tag, histogram) -> seen.merge(tag, histogram.getTotalCount(), Long::sum));
        assertEquals(Map.of("normal.journaled", 1L, "normal.handed", 2L), seen);
        assertEquals(1, totals.journaledCopy(2).getTotalCount());
        assertEquals(2, totals.handedCopy(2).getTotalCount());
        assertEquals(0, totals.handedCopy(2).getMinValue());
    }

    /** Within the precision of the histograms. */
    private static void assertNear(final long expectedNs, final long ns)
    {
        assertTrue(Math.abs(expectedNs - ns) <= 100_000, ns + " instead of " + expectedNs);
    }

    private static EventBuilder event(final String id)
    {
        return new EventBuilder().type("t").id(id).priority(Priority.CRITICAL).payloadText(id);
    }

    private static long sum(final TelemetryReader reader, final CounterLabel label)
    {
        return Stream.of(Priority.values()).mapToLong(priority -> reader.value(label, priority)).sum();
    }

    private void readLog(final BiConsumer<String, Histogram> consumer) throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("telemetry")))
        {
            final Path log =
                files.filter(path -> path.toString().endsWith(".hlog")).findFirst().orElseThrow();
            try (HistogramLogReader reader = new HistogramLogReader(log.toFile()))
            {
                EncodableHistogram next = reader.nextIntervalHistogram();
                while (next != null)
                {
                    consumer.accept(next.getTag(), (Histogram)next);
                    next = reader.nextIntervalHistogram();
                }
            }
        }
    }
}
