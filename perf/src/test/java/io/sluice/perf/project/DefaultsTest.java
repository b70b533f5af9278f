package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.ModeTable;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.stream.EventStreamsContext;
import io.sluice.event.Priority;
import io.sluice.handlers.log.EventLoggerContext;
import io.sluice.journal.JournalContext;
import io.sluice.journal.RetentionPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of defaults in {@code docs/requirements.md} against what the classes have when nobody sets anything. */
class DefaultsTest
{
    private final EngineContext engine = new EngineContext();

    @Test
    void shouldBeAsTheTableSaysWhenNothingIsSet()
    {
        final Map<String, String> rows = new TreeMap<>();
        Checkout.read("docs/requirements.md").lines().map(RequirementsTable::cellsOf)
            .filter((cells) -> cells.size() > 1)
            .forEach((cells) -> rows.put(cells.get(0), cells.get(1)));

        final Map<String, String> defaults = defaults();

        assertTrue(rows.keySet().containsAll(defaults.keySet()), rows.toString());
        defaults.forEach((id, text) -> assertEquals(text, rows.get(id), id));
    }

    private Map<String, String> defaults()
    {
        final SubscriptionSpec subscription = SubscriptionSpec.to("a.*", (event) -> {});
        final BatchPolicy batch = BatchPolicy.defaults();
        final BreakerPolicy breaker = subscription.breaker();
        final EventLoggerContext log = new EventLoggerContext();
        final EventStreamsContext streams = new EventStreamsContext();
        final JournalContext journal = new JournalContext();
        final Map<String, String> rows = new TreeMap<>();
        rows.put("V1", "Rings: limits " + Arrays.stream(Priority.values())
            .map((priority) -> Integer.toString(engine.limit(priority))).collect(Collectors.joining(", ")) +
            "; budgets " + Arrays.stream(Priority.values())
            .map((priority) -> ms(engine.budgetNs(priority))).collect(Collectors.joining(", ")) + " ms");
        rows.put("V2", "Immediate time-out " + ms(subscription.timeoutNs()) + " ms");
        rows.put("V3", "Batch size " + batch.batchSize() + ", at least " + batch.minBatchSize() + ", at most " +
            batch.maxBatchSize() + ", time-out " + ms(batch.timeoutNs()) + " ms");
        rows.put("V4", "Dedup window " + ms(engine.dedup().contentWindowNs()) + " ms");
        rows.put("V5", "Breaker: " + breaker.failures() + " failures, recovery " + s(breaker.openNs()) + " s");
        rows.put("V6", "Concurrent calls per asynchronous handler " + SubscriptionSpec.DEFAULT_CONCURRENCY);
        rows.put("V8", "Load that prefers batching " + ModeTable.defaults().batchAbove());
        rows.put("V9", "Dead-letter alert after " + engine.deadLetters().alertAfter());
        rows.put("V10", "Log buffer " + log.bufferSize() + ", flush " + s(log.flushIntervalNs()) + " s");
        rows.put("V11", "Rotation " + journal.rollSize() / 1_000_000 + " MB, " + journal.rollAge().toDays() +
            " d; retention " + terms(journal.archive().retention()));
        rows.put("V13", "Streaming: " + streams.maxStreams() + " subscribers, buffer " + streams.bufferSize() +
            ", back pressure " + streams.backPressureThreshold() + ", slow after " + s(streams.slowTimeoutNs()) +
            " s");
        return rows;
    }

    private static String terms(final RetentionPolicy retention)
    {
        final Map<String, String> terms = new TreeMap<>();
        for (final String word : retention.toString().split(" ", -1))
        {
            terms.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1).replace("d", " d"));
        }
        return terms.get("default") + ", errors " + terms.get("error.**") + ", audit " + terms.get("audit.**");
    }

    private static String ms(final long ns)
    {
        return Long.toString(TimeUnit.NANOSECONDS.toMillis(ns));
    }

    private static String s(final long ns)
    {
        return Long.toString(TimeUnit.NANOSECONDS.toSeconds(ns));
    }
}
