package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.ManualClock;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** In INVOKER mode with a manual clock the engine is deterministic. */
@ExtendWith(ThreadHygiene.class)
class DeterminismTest
{
    private static final int STEPS = 2_000;

    @TempDir
    private Path directory;

    @Test
    void shouldWriteTheSameRecordsAndCallHandlersInTheSameOrderWhenTheSeedIsTheSame() throws Exception
    {
        final List<String> first = run("first", 7, 1);
        final List<String> second = run("second", 7, 1);
        assertTrue(first.size() > STEPS / 2, "handled only " + first.size());
        assertEquals(first, second);
        assertEquals(
            JournalDigest.of(directory.resolve("first")), JournalDigest.of(directory.resolve("second")));
        assertEquals(
            STEPS + children(first), JournalDigest.map(directory.resolve("first"), EventFlyweight::sequence).size());
    }

    @Test
    void shouldWriteOtherRecordsWhenTheSeedDiffers() throws Exception
    {
        final List<String> first = run("first", 7, 1);
        final List<String> second = run("second", 8, 1);
        assertNotEquals(first, second, "generated ids depend on the seed");
        assertNotEquals(
            JournalDigest.of(directory.resolve("first")), JournalDigest.of(directory.resolve("second")));
    }

    @Test
    void shouldWriteTheSameRecordsUnderAnotherRunIdWhenOnlyThatDiffers() throws Exception
    {
        assertEquals(run("first", 7, 1), run("second", 7, 2));
        assertNotEquals(
            JournalDigest.of(directory.resolve("first")), JournalDigest.of(directory.resolve("second")));
        assertEquals(List.of(2L), runIds("second"));
    }

    @Test
    void shouldDeriveTheRunIdFromSeedAndClockWhenNoneIsSet() throws Exception
    {
        run("first", 7, 0);
        run("second", 7, 0);
        run("third", 9, 0);
        assertEquals(runIds("first"), runIds("second"));
        assertNotEquals(runIds("first"), runIds("third"));
        assertEquals(
            JournalDigest.of(directory.resolve("first")), JournalDigest.of(directory.resolve("second")));
    }

    private List<Long> runIds(final String name)
    {
        final List<Long> ids = JournalDigest.map(directory.resolve(name), EventFlyweight::runId);
        return ids.stream().distinct().toList();
    }

    private static long children(final List<String> calls)
    {
        return calls.stream().filter(call -> call.startsWith("parent")).count();
    }

    private List<String> run(final String name, final long seed, final long runId)
    {
        final List<String> calls = new ArrayList<>();
        final TestEngine[] holder = new TestEngine[1];
        final EngineContext context = new EngineContext().directory(directory.resolve(name)).seed(seed)
            .subscribe(SubscriptionSpec.to("parent.*", event ->
            {
                calls.add("parent " + event.id() + " " + event.sequence() + " " + event.journalTime());
                holder[0].publisher().publish(new EventBuilder().type("child").priority(Priority.CRITICAL)
                    .payloadText("of " + event.sequence()));
            }))
            .subscribe(SubscriptionSpec.to("*", event -> calls.add("any " + event.id() + " " + event.priority())));
        if (runId != 0)
        {
            context.runId(runId);
        }
        final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
        try (TestEngine test = TestEngine.launch(context, clock))
        {
            holder[0] = test;
            final SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < STEPS; i++)
            {
                final long ticket = test.publisher().publish(new EventBuilder()
                    .type(random.nextInt(4) == 0 ? "parent.a" : "other.b")
                    .priority(Priority.of(random.nextInt(Priority.COUNT)))
                    .payloadText("payload " + random.nextInt(500)));
                assertTrue(ticket >= 0, PublishResult.describe(ticket));
                if (random.nextInt(10) == 0)
                {
                    test.engine().invoke();
                }
                if (random.nextInt(100) == 0)
                {
                    test.advance(Duration.ofMillis(random.nextInt(700)));
                }
            }
            assertTrue(test.engine().drain(Waiting.LIMIT_NS));
            assertTrue(test.engine().stats().duplicates() > 10, "no duplicates to prove anything");
        }
        return calls;
    }
}
