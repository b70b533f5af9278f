package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ThreadHygiene.class)
class AwaitTest
{
    @TempDir
    private Path directory;

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @AfterEach
    void releaseHandlers()
    {
        release.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void shouldReturnTheSequenceWhenTheEventIsJournaled(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(context(mode)))
        {
            for (int i = 1; i <= 300; i++)
            {
                final long ticket = engine.publisher().publish(event(Priority.of(i % 4), "e" + i));
                assertEquals(i, engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS));
                assertEquals(i, engine.publisher().sequenceOf(ticket));
                assertTrue(engine.stats().lastSequence() >= i, "what is acknowledged is journaled");
            }
        }
    }

    @Test
    void shouldTimeOutWhenSequencingIsHeldUp()
    {
        final CountDownLatch entered = new CountDownLatch(1);
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).subscribe(
            SubscriptionSpec.to("stuck", event ->
            {
                entered.countDown();
                Waiting.on(release, "the end of the test");
            }))))
        {
            engine.publisher().publish(new EventBuilder().type("stuck"));
            Waiting.on(entered, "the handler");
            final long ticket = engine.publisher().publish(event(Priority.LOW, "late"));
            assertEquals(PublishResult.NOT_SEQUENCED, engine.publisher().sequenceOf(ticket));
            assertFalse(engine.publisher().isDuplicate(ticket));
            assertEquals(
                PublishResult.TIMED_OUT, engine.publisher().await(ticket, Durability.JOURNALED, 1_000_000));
            release.countDown();
            assertEquals(2, engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToWaitOnTheThreadThatCallsAHandler(final ThreadingMode mode)
    {
        final Engine[] holder = new Engine[1];
        final List<Throwable> refusals = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.launch(context(mode).subscribe(SubscriptionSpec.to("*", event ->
            refusals.add(assertThrows(
                IllegalStateException.class,
                () -> holder[0].publisher().await(0, Durability.JOURNALED, Long.MAX_VALUE)))))))
        {
            holder[0] = engine;
            engine.publisher().publish(event(Priority.CRITICAL, "a"));
            engine.publisher().publish(event(Priority.LOW, "b"));
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(2, engine.stats().handled(), errors.toString());
        }
        assertEquals(2, refusals.size());
        assertTrue(refusals.get(0).getMessage().contains("publishAsync"), refusals.get(0).getMessage());
    }

    @Test
    void shouldRefuseLevelsThatTheEngineDoesNotOffer()
    {
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory)))
        {
            final Publisher publisher = test.publisher();
            final long ticket = publisher.publish(event(Priority.LOW, "a"));
            assertEquals(ticket, publisher.await(ticket, Durability.ACCEPTED, 0));
            final IllegalArgumentException ex =
                assertThrows(IllegalArgumentException.class, () -> publisher.await(ticket, Durability.NONE, 0));
            assertTrue(
                ex.getMessage().contains("NONE") && ex.getMessage().contains("SYNCED"), ex.getMessage());
            for (final Durability any : Durability.values())
            {
                assertEquals(
                    PublishResult.BACK_PRESSURED, publisher.await(PublishResult.BACK_PRESSURED, any, 0));
            }
        }
    }

    @Test
    void shouldTellThatATicketIsExpiredWhenManyEventsCameAfterIt()
    {
        try (TestEngine test = TestEngine.launch(
            new EngineContext().directory(directory).limit(Priority.HIGH, 16)))
        {
            final long first = test.publisher().publish(event(Priority.HIGH, "first"));
            test.runUntilIdle();
            assertEquals(1, test.publisher().sequenceOf(first));
            for (int i = 0; i < 200; i++)
            {
                assertTrue(test.publisher().publish(event(Priority.HIGH, "e" + i)) >= 0);
                test.runUntilIdle();
            }
            assertEquals(PublishResult.EXPIRED, test.publisher().sequenceOf(first));
            assertEquals(PublishResult.EXPIRED, test.publisher().await(first, Durability.JOURNALED, 0));
            assertFalse(test.publisher().isDuplicate(first));
        }
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).errorHandler(errors::add);
    }

    private static EventBuilder event(final Priority priority, final String id)
    {
        return new EventBuilder().type("a.b").id(id).priority(priority).payloadText(id);
    }
}
