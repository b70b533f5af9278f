package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.RateLimit;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EncodedText;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** So many events a second from a publisher, or of a type, and no more. */
@ExtendWith(ThreadHygiene.class)
class RateLimitTest
{
    @TempDir
    private Path directory;

    private final List<String> handled = new ArrayList<>();

    @Test
    void shouldLimitEachPublisherByItsNameWhenTheyShareAnEngine()
    {
        final AdmissionContext settings = new AdmissionContext()
            .publisherLimit(RateLimit.of(10, 5))
            .publisherLimit("shared", RateLimit.of(1, 2));
        try (TestEngine test = launch(settings);
            Publisher guest = test.engine().publisher("guest"); Publisher twin = test.engine().publisher("guest"))
        {
            assertEquals(2, publishUntilLimited(test.publisher(), "a.b"));
            assertEquals(5, publishUntilLimited(guest, "a.b"));
            assertEquals(0, publishUntilLimited(twin, "a.b"), "of the same name");
            assertEquals(
                Map.of("RATE_LIMITED", 3L), test.engine().stats().priority(Priority.NORMAL).refusals());
            test.advance(Duration.ofMillis(200));
            assertEquals(0, publishUntilLimited(test.publisher(), "a.b"));
            assertEquals(2, publishUntilLimited(twin, "a.b"));
            test.advance(Duration.ofHours(1));
            assertEquals(2, publishUntilLimited(test.publisher(), "a.b"));
            assertTrue(PublishResult.isTransient(PublishResult.RATE_LIMITED));
        }
    }

    @Test
    void shouldLimitATypeForAllPublishersByTheFirstPatternThatMatches()
    {
        final AdmissionContext settings = new AdmissionContext()
            .typeLimit("debug.trace", RateLimit.of(1, 1))
            .typeLimit("debug.*", RateLimit.of(1, 3));
        try (TestEngine test = launch(settings); Publisher guest = test.engine().publisher("guest"))
        {
            assertEquals(1, publishUntilLimited(test.publisher(), "debug.trace"));
            assertEquals(0, publishUntilLimited(guest, "debug.trace"));
            assertEquals(3, publishUntilLimited(guest, "debug.step"));
            for (int i = 0; i < 50; i++)
            {
                assertTrue(test.publisher().publish(event("other.type")) >= 0);
            }
        }
    }

    @Test
    void shouldTakeAllTokensOfABatchOrNone()
    {
        final AdmissionContext settings = new AdmissionContext()
            .publisherLimit(RateLimit.of(10, 10))
            .typeLimit("debug.*", RateLimit.of(10, 2));
        try (TestEngine test = launch(settings))
        {
            final List<EventBuilder> three = List.of(event("debug.a"), event("debug.b"), event("debug.c"));
            for (int i = 0; i < 20; i++)
            {
                assertEquals(PublishResult.RATE_LIMITED, test.publisher().publishBatch(three));
            }
            assertEquals(60, test.engine().stats().priority(Priority.NORMAL).refused());
            assertTrue(test.publisher().publishBatch(List.of(event("debug.a"), event("debug.b"), event("c"))) >= 0);
            assertEquals(7, publishUntilLimited(test.publisher(), "x.y"), "nothing was taken by the refused");
        }
    }

    @Test
    void shouldGiveTheTokenBackWhenTheRingRefuses()
    {
        final AdmissionContext settings = new AdmissionContext()
            .overflow(Priority.LOW, OverflowPolicy.DROP_NEWEST)
            .publisherLimit(RateLimit.of(1, 10))
            .typeLimit("a.*", RateLimit.of(1, 10));
        try (TestEngine test = launch(settings, 4))
        {
            for (int i = 0; i < 4; i++)
            {
                assertTrue(test.publisher().publish(event("a.b").priority(Priority.LOW)) >= 0);
            }
            for (int i = 0; i < 50; i++)
            {
                assertEquals(
                    PublishResult.DROPPED, test.publisher().publish(event("a.b").priority(Priority.LOW)));
                assertEquals(
                    PublishResult.DROPPED, test.publisher().tryClaim(new EventClaim(), Priority.LOW, 200));
            }
            test.runUntilIdle();
            int accepted = 4;
            while (test.publisher().publish(event("a.b").priority(Priority.LOW)) >= 0)
            {
                accepted++;
                test.runUntilIdle();
            }
            assertEquals(10, accepted);
        }
    }

    @Test
    void shouldLimitClaimsByPublisherAtOnceAndByTypeWhenPublished()
    {
        final AdmissionContext settings = new AdmissionContext()
            .publisherLimit("guest", RateLimit.of(1, 1))
            .typeLimit("debug.*", RateLimit.of(1, 2));
        try (TestEngine test = launch(settings); Publisher guest = test.engine().publisher("guest"))
        {
            assertEquals(0, claim(guest, "free.type"));
            assertEquals(PublishResult.RATE_LIMITED, guest.tryClaim(new EventClaim(), Priority.NORMAL, 300));
            assertEquals(0, claim(test.publisher(), "debug.a"));
            assertEquals(0, claim(test.publisher(), "debug.b"));
            assertEquals(PublishResult.RATE_LIMITED, claim(test.publisher(), "debug.c"));
            test.runUntilIdle();
            assertEquals(List.of("free.type", "debug.a", "debug.b"), handled);
            assertEquals(2, test.engine().stats().priority(Priority.NORMAL).refused());
            assertEquals(3, test.engine().stats().accepted());
        }
    }

    @Test
    void shouldNotWaitForATokenWhenTheHostDrivesTheEngine()
    {
        final AdmissionContext settings =
            new AdmissionContext().publisherLimit(RateLimit.of(1, 1).waitAtMostNs(TimeUnit.HOURS.toNanos(1)));
        try (TestEngine test = launch(settings))
        {
            assertEquals(1, publishUntilLimited(test.publisher(), "a.b"));
        }
    }

    @Test
    void shouldHoldThePublishingThreadUntilItsTurnWhenTheLimitSaysSo()
    {
        final long intervalNs = 5_000_000L;
        final AdmissionContext settings = new AdmissionContext()
            .publisherLimit("patient", RateLimit.of(200, 1).waitAtMostNs(TimeUnit.SECONDS.toNanos(30)))
            .publisherLimit("hasty", RateLimit.of(1, 1).waitAtMostNs(intervalNs));
        try (Engine engine = Engine.launch(context(settings, 100).threadingMode(ThreadingMode.SHARED));
            Publisher patient = engine.publisher("patient"); Publisher hasty = engine.publisher("hasty"))
        {
            final long start = System.nanoTime();
            for (int i = 0; i < 6; i++)
            {
                assertTrue(patient.publish(event("a.b")) >= 0);
            }
            assertTrue(System.nanoTime() - start >= 5 * intervalNs - 1_000_000L, "five intervals");
            assertTrue(hasty.publish(event("a.b")) >= 0);
            assertEquals(PublishResult.RATE_LIMITED, publishAgain(hasty), "its turn would be too late");
            Thread.currentThread().interrupt();
            assertEquals(PublishResult.RATE_LIMITED, publishAgain(patient), "an interrupt ends the wait");
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldEndTheWaitWhenThePublisherIsClosed() throws Exception
    {
        final AdmissionContext settings = new AdmissionContext()
            .publisherLimit(RateLimit.of(1, 1).waitAtMostNs(TimeUnit.SECONDS.toNanos(3000)));
        try (Engine engine = Engine.launch(context(settings, 100).threadingMode(ThreadingMode.SHARED)))
        {
            final Publisher guest = engine.publisher("guest");
            final long[] result = new long[1];
            assertTrue(guest.publish(event("a.b")) >= 0);
            final Thread waiting = new Thread(() ->
            {
                long last = 0;
                while (last >= 0)
                {
                    last = guest.publish(event("a.b"));
                }
                result[0] = last;
            });
            waiting.start();
            Waiting.until("the wait", () -> waiting.getState() == Thread.State.TIMED_WAITING);
            guest.close();
            waiting.join(TimeUnit.SECONDS.toMillis(30));
            assertFalse(waiting.isAlive());
            assertEquals(PublishResult.CLOSED, result[0]);
        }
    }

    @Test
    void shouldAllocateNothingWhenLimitsAreLookedAt()
    {
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        final AdmissionContext settings = new AdmissionContext()
            .overflow(Priority.NORMAL, OverflowPolicy.DROP_NEWEST)
            .overflow(Priority.LOW, OverflowPolicy.BLOCK)
            .typeLimit("load.**", RateLimit.of(1_000_000, 100_000))
            .publisherLimit(RateLimit.of(1_000_000, 100_000));
        try (TestEngine test = launch(settings, 30_000))
        {
            final EventBuilder event = event("load.step");
            final EventBatchBuilder batch = test.publisher().newBatch().add(event).add(event);
            final long thread = Thread.currentThread().getId();
            long before = 0;
            for (int i = 0; i < 20_000; i++)
            {
                before = i == 10_000 ? threads.getThreadAllocatedBytes(thread) : before;
                test.publisher().publish(event);
                test.publisher().publishBatch(batch);
            }
            assertEquals(0, (threads.getThreadAllocatedBytes(thread) - before) / 10_000);
            assertTrue(test.engine().stats().priority(Priority.NORMAL).refusals().get("DROPPED") > 0);
        }
    }

    /** Where this thread gets no processor for a while, it finds a token some times, and need not wait. */
    private static long publishAgain(final Publisher publisher)
    {
        long result = 0;
        for (int i = 0; i < 20 && result >= 0; i++)
        {
            result = publisher.publish(event("a.b"));
        }
        return result;
    }

    private static long claim(final Publisher publisher, final String type)
    {
        final EventClaim claim = new EventClaim();
        final EventEncoder encoder = new EventEncoder();
        assertTrue(publisher.tryClaim(claim, Priority.NORMAL, 300) >= 0);
        try (claim)
        {
            encoder.wrap(claim.buffer(), claim.offset(), claim.capacity())
                .priority(Priority.NORMAL).uuid(1, 2).put(EncodedText.of(EventField.TYPE, type));
            encoder.complete();
            return claim.publish();
        }
    }

    private static int publishUntilLimited(final Publisher publisher, final String type)
    {
        int count = 0;
        long result = publisher.publish(event(type));
        while (result >= 0)
        {
            count++;
            result = publisher.publish(event(type));
        }
        assertEquals("RATE_LIMITED", PublishResult.describe(result));
        return count;
    }

    private TestEngine launch(final AdmissionContext settings)
    {
        return launch(settings, 1000);
    }

    private TestEngine launch(final AdmissionContext settings, final int limit)
    {
        return TestEngine.launch(context(settings, limit));
    }

    private EngineContext context(final AdmissionContext settings, final int limit)
    {
        final EngineContext context = new EngineContext().directory(directory)
            .admission(settings)
            .index(false)
            .dedup(new DedupContext().enabled(false))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.type())));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, limit);
        }
        return context;
    }

    private static EventBuilder event(final String type)
    {
        return new EventBuilder().type(type);
    }
}
