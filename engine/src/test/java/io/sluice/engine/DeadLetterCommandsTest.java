package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.deadletter.DeadLetterProcessor;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.journal.StartPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people ask for about dead letters: when it is done, when it is refused, and what is noted of it. */
@Timeout(120)
class DeadLetterCommandsTest extends InvokedFixture
{
    private final List<String> payloads = new CopyOnWriteArrayList<>();

    @Test
    void shouldTryALetterOnceMoreWhenTheEndOfTheProcessCutARetryByHandShort()
    {
        try (Engine engine = Engine.launch(context().subscribe(failing(DeliveryMode.TAILING))))
        {
            publish(engine, 1);
            invoke(engine);
        }
        // As a process leaves it that was killed while the event was on its way to the handler.
        try (DeadLetterProcessor letters =
            DeadLetterProcessor.open(new DeadLetterContext().directory(directory).clock(clock)))
        {
            assertTrue(letters.retrying(1));
        }
        assertEquals(List.of("only 1 RETRYING"), states());
        try (Engine engine = Engine.launch(context().subscribe(taking())))
        {
            invoke(engine);
            assertEquals(List.of(1L), got);
        }
        assertEquals(List.of("only 1 DELIVERED"), states());
    }

    @Test
    void shouldHandOverTheRepairedEventWhenItWasRepairedDuringACall()
    {
        final Engine[] running = new Engine[1];
        try (Engine engine = Engine.launch(context().subscribe(SubscriptionSpec.to("*", event ->
        {
            final String payload = new String(event.payload(), StandardCharsets.UTF_8);
            payloads.add(payload);
            if (payloads.size() == 2)
            {
                running[0].fixDeadLetter(1, one -> one.payloadText("repaired"));
            }
            if (!payload.equals("repaired"))
            {
                throw new UnsupportedOperationException("not this");
            }
        }).name("only").mode(DeliveryMode.TAILING).retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF))))
        {
            running[0] = engine;
            publish(engine, 1);
            invoke(engine);
            engine.retryDeadLetter(1);
            invoke(engine);
            assertEquals(List.of("{\"n\":1}", "{\"n\":1}", "repaired"), payloads);
        }
        assertEquals(List.of("only 1 DELIVERED"), states());
    }

    @Test
    void shouldNoteNoRetryWhenBatchesHaveNoRoomForTheCall() throws Exception
    {
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final CountDownLatch isBlocked = new CountDownLatch(1);
        final AtomicBoolean isDown = new AtomicBoolean(true);
        final int waiting = DeliveryWindow.CAPACITY + 200;
        try (Engine engine = Engine.launch(context()
            .threadingMode(ThreadingMode.PAIRED)
            .subscribe(Specs.to("*", event ->
            {
                if (event.sequence() == waiting + 2)
                {
                    isBlocked.countDown();
                    mayReturn.await();
                }
                if (isDown.get())
                {
                    throw event.sequence() == 1 ? new IllegalArgumentException("bad") : new IOException("down");
                }
                got.add(event.sequence());
            }, DeliveryMode.BATCHED).name("only").breaker(BreakerPolicy.OFF).timeout(Duration.ofHours(1))
                .retry(RetryPolicy.DEFAULT.attempts(3).firstDelayNs(1_000_000_000L).jitter(0.0)
                    .finalOn(IllegalArgumentException.class)))))
        {
            final Subscription subscription = engine.subscriptions().get(0);
            publish(engine, waiting + 1);
            Waiting.until("all to fail", () -> subscription.errors() == waiting + 1);
            Waiting.until("the letter", () -> subscription.deadLetters() == 1);
            isDown.set(false);
            publish(engine, 1);
            isBlocked.await();
            clock.advance(Duration.ofSeconds(1));
            Waiting.until("no room", () -> !subscription.batches().hasRoomForRetry());
            assertTrue(engine.retryDeadLetter(1).toCompletableFuture().join());
            // It is looked at again some times, and found to have no room.
            for (int i = 0; i < 100; i++)
            {
                clock.advance(Duration.ofMillis(110));
                assertFalse(engine.dropDeadLetter(99, "").toCompletableFuture().join());
            }
            mayReturn.countDown();
            Waiting.until("all events", () ->
            {
                clock.advance(Duration.ofMillis(20));
                assertFalse(engine.dropDeadLetter(99, "").toCompletableFuture().join());
                return got.size() == waiting + 2;
            });
        }
        final LetterStatus letter = letters().get(0).status();
        assertEquals(LetterState.DELIVERED, letter.state());
        assertEquals(1, letter.retries(), "noted once: when the call was taken");
    }

    @Test
    void shouldRefuseEverythingAndWriteNothingWhenTheEngineIsClosed()
    {
        try (Engine engine = Engine.launch(context().subscribe(failing(DeliveryMode.TAILING).durable("orphan"))))
        {
            publish(engine, 3);
            invoke(engine);
        }
        final Engine engine = Engine.launch(context());
        assertEquals(3, engine.subscriptionStats().get(0).position());
        engine.close();
        assertRefused("is closed", engine.retryDeadLetter(1));
        assertRefused("is closed", engine.dropDeadLetter(1, ""));
        assertRefused("is closed", engine.fixDeadLetter(1, event -> event));
        assertThrows(IllegalStateException.class, () -> engine.retryDeadLetters(new DeadLetterSelection()));
        assertThrows(IllegalStateException.class, () -> engine.removeSubscription("orphan"));
        assertThrows(IllegalStateException.class, () -> engine.seekSubscription("orphan", StartPosition.start()));
        assertThrows(IllegalStateException.class, () -> engine.subscribe(taking().durable("late")));
        assertEquals(3, engine.subscriptionStats().get(0).position(), "figures stay readable");
        try (Engine next = Engine.launch(context()))
        {
            assertEquals("orphan", next.subscriptionStats().get(0).name(), "it is still there");
        }
    }

    @Test
    void shouldRefuseEverythingWhenTheEngineHasFailed()
    {
        final IllegalStateException cause = new IllegalStateException("the device is gone");
        final HeldJournal[] journal = new HeldJournal[1];
        final EngineContext context = context().subscribe(failing(DeliveryMode.TAILING).durable("only"));
        try (Engine engine = new Engine(EngineLifecycle.launch(context.conclude(), settings ->
        {
            journal[0] = HeldJournal.open(settings);
            journal[0].hold(false);
            return journal[0];
        })))
        {
            publish(engine, 9);
            invoke(engine);
            final DeadLetterRetry run = engine.retryDeadLetters(new DeadLetterSelection());
            journal[0].breakDown(cause);
            engine.invoke();
            assertEquals(DeadLetterRetryState.RUNNING, run.progress().state());
            engine.invoke();
            assertEquals(DeadLetterRetryState.CLOSED, run.outcome().toCompletableFuture().join().state());
            final CompletionException late = assertRefused("has failed", engine.retryDeadLetter(1));
            assertSame(cause, late.getCause().getCause());
            assertThrows(IllegalStateException.class, () -> engine.retryDeadLetters(new DeadLetterSelection()));
            assertThrows(IllegalStateException.class, () -> engine.removeSubscription("only"));
            assertThrows(IllegalStateException.class, () -> engine.seekSubscription("only", StartPosition.start()));
        }
    }

    @Test
    void shouldTellWhenItFailedFirstOfAnEventThatWaitedForItsKey()
    {
        final List<Long> calls = new ArrayList<>();
        try (Engine engine = Engine.launch(context().subscribe(SubscriptionSpec.to("*", event ->
        {
            calls.add(event.sequence());
            if (event.sequence() == 2 || calls.size() == 1)
            {
                throw new UnsupportedOperationException("no");
            }
        }).name("only").breaker(BreakerPolicy.OFF).retry(RetryPolicy.DEFAULT.attempts(2)
            .firstDelayNs(1_000_000_000L).factor(1.0).jitter(0.0).order(RetryOrder.HOLD_KEY)))))
        {
            publish(engine, new EventBuilder().correlationId("a"));
            publish(engine, new EventBuilder().correlationId("a"));
            final long startNs = clock.nanoTime();
            advance(engine, Duration.ofSeconds(1));
            advance(engine, Duration.ofSeconds(1));
            assertEquals(List.of(1L, 1L, 2L, 2L), calls);
            final LetterStatus letter = letters().get(0).status();
            assertEquals(startNs + 1_000_000_000L, letter.firstFailureNs());
            assertEquals(2, letter.attempts());
        }
    }

    @Test
    void shouldTellThatNobodyWasCalledWhenTheBreakerIsOpen()
    {
        try (Engine engine = Engine.launch(context().subscribe(
            failing(DeliveryMode.IMMEDIATE).breaker(BreakerPolicy.DEFAULT.failures(1)))))
        {
            publish(engine, 2);
            invoke(engine);
            assertEquals(1, letters().get(0).status().attempts());
            final LetterStatus second = letters().get(1).status();
            assertEquals(FailureCause.BREAKER_OPEN, second.cause());
            assertEquals(0, second.attempts());
        }
    }

    private static CompletionException assertRefused(final String why, final CompletionStage<?> stage)
    {
        assertTrue(stage.toCompletableFuture().isDone(), "nobody waits");
        final CompletionException ex =
            assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
        assertTrue(ex.getCause() instanceof IllegalStateException, ex.toString());
        assertTrue(ex.getCause().getMessage().contains(why), ex.toString());
        return ex;
    }

    private SubscriptionSpec failing(final DeliveryMode mode)
    {
        return SubscriptionSpec.to("*", event ->
        {
            throw new UnsupportedOperationException("not this");
        }).name("only").mode(mode).retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF);
    }

    private SubscriptionSpec taking()
    {
        return SubscriptionSpec.to("*", event -> got.add(event.sequence())).name("only");
    }
}
