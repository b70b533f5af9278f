package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** K6 where two threads call one subscription: CRITICAL must get it after the unit in progress. */
@ExtendWith(ThreadHygiene.class)
class DedicatedCriticalTest
{
    private static final int LOWS = 2_000;

    @TempDir
    private Path directory;

    private final List<Priority> calls = new CopyOnWriteArrayList<>();

    @RepeatedTest(3)
    void shouldHandOverCriticalAfterOneUnitAtMostWhenOthersFloodTheSameSubscription()
    {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch waiting = new CountDownLatch(1);
        final EngineContext context = new EngineContext().directory(directory)
            .threadingMode(ThreadingMode.DEDICATED).dedup(new DedupContext().enabled(false))
            .idleStrategy(YieldingIdleStrategy::new)
            // However long the test takes while the first call waits for it.
            .hangTimeoutNs(0)
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                if (event.priority() != Priority.CRITICAL && entered.getCount() != 0)
                {
                    entered.countDown();
                    Waiting.on(waiting, "the CRITICAL event");
                }
                calls.add(event.priority());
            }).timeout(Duration.ofMinutes(1)));
        try (Engine engine = Engine.launch(context))
        {
            for (int i = 0; i < LOWS; i++)
            {
                assertTrue(engine.publisher().publish(new EventBuilder().type("t").priority(Priority.LOW)) >= 0);
            }
            Waiting.on(entered, "the first LOW event");
            final long ticket = engine.publisher().publish(new EventBuilder().type("t").priority(Priority.CRITICAL));
            engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS);
            // What is journaled is not yet routed, which is the work of another thread.
            Waiting.until("it is routed", () ->
                engine.core().rings()[Priority.CRITICAL.code()].routed().get() == Admission.positionOf(ticket));
            final long cycles = cyclesOfCritical(engine);
            Waiting.until("the CRITICAL thread to look twice", () -> cyclesOfCritical(engine) > cycles + 1000);
            waiting.countDown();
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        final int waited = calls.indexOf(Priority.CRITICAL);
        assertTrue(waited <= 1, "CRITICAL waited for " + waited + " units of LOW");
    }

    private static long cyclesOfCritical(final Engine engine)
    {
        return engine.stats().agents().stream()
            .filter(agent -> agent.role() == EngineRole.CRITICAL).findFirst().orElseThrow().dutyCycles();
    }
}
