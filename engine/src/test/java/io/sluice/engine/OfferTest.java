package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.RateLimit;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Publishing that never waits, and of events that were held back. */
class OfferTest extends InvokedFixture
{
    private static final int LIMIT = 20;
    private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);

    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldRefuseAtOnceWhenThePolicyWouldWaitForRoom()
    {
        final CountDownLatch release = new CountDownLatch(1);
        final AdmissionContext admission = new AdmissionContext().blockTimeoutNs(LONG_NS)
            .overflow(Priority.LOW, OverflowPolicy.BLOCK)
            .overflow(Priority.NORMAL, OverflowPolicy.SPILL)
            .overflow(Priority.HIGH, OverflowPolicy.DROP_NEWEST);
        try (Engine engine = Engine.launch(settings().admission(admission).threadingMode(ThreadingMode.SHARED)
            .limit(Priority.LOW, LIMIT).limit(Priority.NORMAL, LIMIT).limit(Priority.HIGH, LIMIT)
            .subscribe(SubscriptionSpec.to("*", event -> Waiting.on(release, "the release")))))
        {
            // Held in a handler, the engine's thread makes no room.
            assertTrue(engine.publisher().offer(event(Priority.CRITICAL)) >= 0);
            assertEquals(PublishResult.BACK_PRESSURED, offerUntilRefused(engine, Priority.LOW));
            assertEquals(PublishResult.BACK_PRESSURED, offerUntilRefused(engine, Priority.NORMAL));
            assertEquals(PublishResult.DROPPED, offerUntilRefused(engine, Priority.HIGH));
            assertEquals(PublishResult.BACK_PRESSURED, engine.publisher().offerHeld(event(Priority.LOW)));
            assertEquals(4, engine.stats().refused());
            release.countDown();
        }
    }

    @Test
    void shouldRefuseAtOnceWhenTheRateWouldWait()
    {
        final AdmissionContext admission =
            new AdmissionContext().publisherLimit(RateLimit.of(1, 1).waitAtMostNs(LONG_NS));
        try (Engine engine = Engine.launch(settings().admission(admission).threadingMode(ThreadingMode.SHARED)))
        {
            assertTrue(engine.publisher().offer(event(Priority.LOW)) >= 0);
            assertEquals(PublishResult.RATE_LIMITED, engine.publisher().offer(event(Priority.LOW)));
            assertEquals(PublishResult.RATE_LIMITED, engine.publisher().offerHeld(event(Priority.LOW)));
        }
    }

    @Test
    void shouldBeOfTheHandlerOnlyWhenItWasNotHeldBack()
    {
        final Engine[] engine = new Engine[1];
        try (Engine launched = Engine.launch(settings()
            .subscribe(SubscriptionSpec.to("start", event ->
            {
                final Publisher publisher = engine[0].publisher();
                publisher.offer(event(Priority.LOW).id("offered"));
                publisher.offerHeld(event(Priority.LOW).id("held"));
                publisher.offerHeld(publisher.carryContext(event(Priority.LOW).id("carried")));
                publisher.offerHeld(publisher.carryContext(event(Priority.LOW).id("own").causationId("cause")));
                assertFalse(publisher.mayWait());
            }))
            .subscribe(SubscriptionSpec.to("load.step", event -> seen.add(
                event.id() + " " + event.text(EventField.CORRELATION_ID) + " " +
                event.text(EventField.CAUSATION_ID))))))
        {
            engine[0] = launched;
            assertTrue(launched.publisher().mayWait());
            launched.publisher().publish(new EventBuilder().type("start").id("first").correlationId("c"));
            invoke(launched);
            assertEquals(List.of("offered c first", "held  ", "carried c first", "own c cause"), seen);
            final EventBuilder outside = event(Priority.LOW);
            assertSame(outside, launched.publisher().carryContext(outside));
            launched.publisher().offer(outside.id("outside"));
            invoke(launched);
            assertEquals("outside  ", seen.get(4));
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNotUseTheReserveOfHandlersWhenItWasHeldBack()
    {
        final Engine[] engine = new Engine[1];
        final List<Long> results = new ArrayList<>();
        try (Engine launched = Engine.launch(settings().limit(Priority.LOW, LIMIT)
            .subscribe(SubscriptionSpec.to("start", event ->
            {
                offerUntilRefusedAsHeld(engine[0]);
                results.add(engine[0].publisher().offerHeld(event(Priority.LOW)));
                results.add(engine[0].publisher().offer(event(Priority.LOW)));
            }))))
        {
            engine[0] = launched;
            launched.publisher().publish(new EventBuilder().type("start").priority(Priority.HIGH));
            invoke(launched);
            assertEquals(PublishResult.BACK_PRESSURED, results.get(0));
            assertTrue(results.get(1) >= 0, "its own: " + results);
        }
    }

    @Test
    void shouldRefuseWhatIsTooLarge()
    {
        try (Engine engine = Engine.launch(settings().maxEventLength(16_384)))
        {
            final EventBuilder large = event(Priority.LOW).payload(new byte[20_000]);
            assertEquals(PublishResult.EVENT_TOO_LARGE, engine.publisher().offer(large));
            assertEquals(PublishResult.EVENT_TOO_LARGE, engine.publisher().offerHeld(large));
            assertEquals(2, engine.stats().priority(Priority.LOW).refused());
        }
    }

    // Events without a payload are alike.
    private EngineContext settings()
    {
        return context().dedup(new DedupContext().enabled(false));
    }

    private static long offerUntilRefused(final Engine engine, final Priority priority)
    {
        long result = 0;
        while (result >= 0)
        {
            result = engine.publisher().offer(event(priority));
        }
        return result;
    }

    private static void offerUntilRefusedAsHeld(final Engine engine)
    {
        long result = 0;
        while (result >= 0)
        {
            result = engine.publisher().offerHeld(event(Priority.LOW));
        }
    }

    private static EventBuilder event(final Priority priority)
    {
        return new EventBuilder().type("load.step").priority(priority);
    }
}
