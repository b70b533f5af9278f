package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** K6 through the whole engine: order of handler calls under a saturating load. */
@ExtendWith(ThreadHygiene.class)
class PriorityBoundTest
{
    private static final int[] SHARES = {0, 8, 16, 32};

    @TempDir
    private Path directory;

    private final List<Priority> calls = new ArrayList<>();
    private final List<Long> sequences = new ArrayList<>();

    @Test
    void shouldKeepTheBoundsAndFifoWhenEveryPriorityIsSaturated()
    {
        final int units = 8_000;
        try (TestEngine test = TestEngine.launch(context()
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                calls.add(event.priority());
                sequences.add(event.sequence());
            }))))
        {
            fill(test);
            while (calls.size() < units)
            {
                fill(test);
                test.engine().invoke();
            }
        }
        assertCriticalWaitsForOneAtMost(calls.subList(0, units));
        for (int code = 1; code < Priority.COUNT; code++)
        {
            assertBound(calls.subList(0, units), code);
        }
        for (final Priority priority : Priority.values())
        {
            long last = 0;
            for (int i = 0; i < calls.size(); i++)
            {
                if (calls.get(i) == priority)
                {
                    assertTrue(sequences.get(i) > last, priority + " out of order at call " + i);
                    last = sequences.get(i);
                }
            }
        }
    }

    @Test
    void shouldServeLowWhenTheOthersNeverEnd()
    {
        final int lows = 50;
        try (TestEngine test = TestEngine.launch(
            context().subscribe(SubscriptionSpec.to("*", event -> calls.add(event.priority())))))
        {
            fill(test);
            test.engine().invoke();
            calls.clear();
            while (calls.stream().filter(priority -> priority == Priority.LOW).count() < lows)
            {
                fill(test);
                test.engine().invoke();
                assertTrue(calls.size() < 32 * lows + 64, "LOW starves: " + calls.size() + " calls");
            }
        }
    }

    @Test
    void shouldHandOverCriticalAfterOneUnitOfAnotherAtMostWhenItComesDuringAUnit()
    {
        final boolean[] asked = new boolean[1];
        final TestEngine[] holder = new TestEngine[1];
        try (TestEngine test = TestEngine.launch(context()
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                calls.add(event.priority());
                if (asked[0])
                {
                    asked[0] = false;
                    calls.clear();
                    publish(holder[0], Priority.CRITICAL);
                }
            }))))
        {
            holder[0] = test;
            // Every phase of the wheel of each stage.
            for (int phase = 0; phase < 200; phase++)
            {
                fillBelowCritical(test);
                final int before = phase;
                while (calls.size() < before)
                {
                    test.engine().invoke();
                    fillBelowCritical(test);
                }
                asked[0] = true;
                calls.clear();
                while (!calls.contains(Priority.CRITICAL))
                {
                    test.engine().invoke();
                    assertTrue(calls.size() <= 64, "CRITICAL was not handled at all in phase " + phase);
                }
                final int waited = calls.indexOf(Priority.CRITICAL);
                assertTrue(waited <= 1, "CRITICAL waited for " + waited + " units in phase " + phase);
                calls.clear();
            }
        }
    }

    @Test
    void shouldFollowConfiguredSharesWhenTheyAreSet()
    {
        try (TestEngine test = TestEngine.launch(context()
            .share(Priority.HIGH, 16).share(Priority.NORMAL, 8).share(Priority.LOW, 4)
            .subscribe(SubscriptionSpec.to("*", event -> calls.add(event.priority())))))
        {
            fill(test);
            while (calls.size() < 1600)
            {
                fill(test);
                test.engine().invoke();
            }
        }
        final List<Priority> steady = calls.subList(0, 1600);
        assertNear(400, steady.stream().filter(priority -> priority == Priority.LOW).count());
        assertNear(200, steady.stream().filter(priority -> priority == Priority.NORMAL).count());
        assertNear(100, steady.stream().filter(priority -> priority == Priority.HIGH).count());
    }

    private static void assertNear(final long expected, final long count)
    {
        assertTrue(Math.abs(expected - count) <= 4, count + " instead of " + expected);
    }

    private EngineContext context()
    {
        return new EngineContext().directory(directory).dedup(new DedupContext().enabled(false))
            .limit(Priority.CRITICAL, 300).limit(Priority.HIGH, 300).limit(Priority.NORMAL, 300)
            .limit(Priority.LOW, 300);
    }

    private static void fill(final TestEngine test)
    {
        for (final Priority priority : Priority.values())
        {
            while (publish(test, priority) >= 0)
            {
                continue;
            }
        }
    }

    private static void fillBelowCritical(final TestEngine test)
    {
        for (final Priority priority : List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW))
        {
            while (publish(test, priority) >= 0)
            {
                continue;
            }
        }
    }

    private static long publish(final TestEngine test, final Priority priority)
    {
        return test.publisher().publish(new EventBuilder().type("load.step").priority(priority));
    }

    private static void assertCriticalWaitsForOneAtMost(final List<Priority> calls)
    {
        int waited = 0;
        for (int i = 0; i < calls.size(); i++)
        {
            waited = calls.get(i) == Priority.CRITICAL ? 0 : waited + 1;
            assertTrue(waited <= 1, "CRITICAL waited for " + waited + " units at call " + i);
        }
    }

    private static void assertBound(final List<Priority> calls, final int code)
    {
        for (int start = 0; start < calls.size() / 2; start += 7)
        {
            int others = 0;
            int depth = 0;
            for (int i = start; i < calls.size(); i++)
            {
                if (calls.get(i).code() == code)
                {
                    depth++;
                    final int most = SHARES[code] * depth - 1;
                    assertTrue(
                        others <= most,
                        Priority.of(code) + " at depth " + depth + " came after " + others + " others");
                }
                else
                {
                    others++;
                }
            }
        }
    }
}
