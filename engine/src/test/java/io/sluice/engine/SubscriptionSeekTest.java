package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.StartPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durable subscriptions that go on from another place, while an engine runs and while none does. */
class SubscriptionSeekTest extends InvokedFixture
{
    private final Set<Long> failing = new HashSet<>();
    private int published;

    @ParameterizedTest
    @EnumSource
    void shouldGoBackAndComeBackToWhereItWas(final DeliveryMode mode)
    {
        try (Engine engine = Engine.launch(context().subscribe(spec(mode))))
        {
            publishNumbered(engine, 10);
            invoke(engine);
            final CompletableFuture<Long> outcome =
                engine.seekSubscription("books", StartPosition.sequence(4)).toCompletableFuture();
            assertFalse(outcome.isDone());
            invoke(engine);
            assertEquals(4, outcome.join());
            publishNumbered(engine, 2);
            invoke(engine);
            assertEquals(
                LongStream.concat(LongStream.rangeClosed(1, 10), LongStream.rangeClosed(4, 12)).boxed().toList(), got);
            assertEquals(SubscriptionState.RUNNING, engine.subscriptions().get(0).state());
            assertEquals(0, engine.subscriptionStats().get(0).lag());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDoWithoutWhatLiesBetweenWhenItGoesAhead(final DeliveryMode mode)
    {
        try (Engine engine = Engine.launch(context().subscribe(spec(mode))))
        {
            publishNumbered(engine, 3);
            invoke(engine);
            engine.subscriptions().get(0).pause();
            invoke(engine);
            publishNumbered(engine, 7);
            invoke(engine);
            assertEquals(7, engine.subscriptionStats().get(0).lag());
            engine.seekSubscription("books", StartPosition.sequence(9));
            invoke(engine);
            assertEquals(2, engine.subscriptionStats().get(0).lag(), "also while it is paused");
            assertEquals(3, got.size());
            engine.subscriptions().get(0).resume();
            invoke(engine);
            assertEquals(List.of(1L, 2L, 3L, 9L, 10L), got);
            engine.seekSubscription("books", StartPosition.end());
            publishNumbered(engine, 1);
            invoke(engine);
            assertEquals(11, got.get(5));
        }
    }

    @Test
    void shouldFindAPlaceByTimeAndBeginAnew()
    {
        try (Engine engine = Engine.launch(context().subscribe(spec(DeliveryMode.IMMEDIATE))))
        {
            publishNumbered(engine, 3);
            invoke(engine);
            clock.advance(Duration.ofMinutes(1));
            final long timeNs = clock.nanoTime();
            publishNumbered(engine, 2);
            invoke(engine);
            got.clear();
            engine.seekSubscription("books", StartPosition.timeNs(timeNs));
            invoke(engine);
            assertEquals(List.of(4L, 5L), got);
            got.clear();
            engine.resetSubscription("books");
            invoke(engine);
            assertEquals(numbers(1, 5), got);
        }
    }

    @Test
    void shouldStandWhereTheLastOfTwoWishesSaidWhenTheyFollowEachOther()
    {
        try (Engine engine = Engine.launch(context().subscribe(spec(DeliveryMode.TAILING))))
        {
            publishNumbered(engine, 6);
            invoke(engine);
            got.clear();
            final CompletableFuture<Long> first =
                engine.seekSubscription("books", StartPosition.start()).toCompletableFuture();
            final CompletableFuture<Long> second =
                engine.seekSubscription("books", StartPosition.sequence(5)).toCompletableFuture();
            invoke(engine);
            assertEquals(5, first.join(), "told where it stands");
            assertEquals(5, second.join());
            assertEquals(List.of(5L, 6L), got);
        }
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldGiveUpAttemptsOnlyForEventsThatComeAgain(final RetryOrder order)
    {
        failing.addAll(Set.of(2L, 5L));
        final SubscriptionSpec spec = spec(DeliveryMode.TAILING)
            .retry(RetryPolicy.DEFAULT.attempts(10).firstDelayNs(1_000_000_000L).factor(1.0).jitter(0.0).order(order));
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publishNumbered(engine, 7);
            invoke(engine);
            got.clear();
            failing.clear();
            engine.seekSubscription("books", StartPosition.sequence(4));
            invoke(engine);
            advance(engine, Duration.ofMinutes(1));
            assertEquals(numbers(4, 7), got.stream().filter(one -> one >= 4).sorted().toList());
            assertEquals(1, got.stream().filter(one -> one == 2).count(), "it had failed before");
        }
    }

    @Test
    void shouldMoveOneThatNobodyHandlesAndRefuseWhatHasNoPlace()
    {
        try (Engine engine = Engine.launch(context().subscribe(spec(DeliveryMode.IMMEDIATE))
            .subscribe(SubscriptionSpec.to("*", event ->
            {
            }).name("passing"))))
        {
            publishNumbered(engine, 5);
            invoke(engine);
            final Subscription subscription = engine.subscriptions().get(0);
            for (final String unknown : List.of("passing", "nobody"))
            {
                assertTrue(assertThrows(
                    IllegalArgumentException.class,
                    () -> engine.seekSubscription(unknown, StartPosition.start())).getMessage().contains(unknown));
            }
            assertThrows(
                IllegalArgumentException.class, () -> engine.seekSubscription("books", StartPosition.sequence(100)));
            engine.unsubscribe(subscription);
            assertThrows(IllegalStateException.class, () -> engine.seekSubscription("books", StartPosition.start()));
            invoke(engine);
            got.clear();
            assertEquals(
                4, engine.seekSubscription("books", StartPosition.sequence(4)).toCompletableFuture().join());
            invoke(engine);
            assertEquals(2, engine.subscriptionStats().get(1).lag());
            engine.subscribe(spec(DeliveryMode.IMMEDIATE));
            invoke(engine);
            assertEquals(List.of(4L, 5L), got);
        }
    }

    @Test
    void shouldSayThatTheEngineWasClosedWhenItDidNotComeToIt()
    {
        final CompletableFuture<Long> outcome;
        try (Engine engine = Engine.launch(context().subscribe(spec(DeliveryMode.IMMEDIATE))))
        {
            publishNumbered(engine, 1);
            invoke(engine);
            // Nothing is drained, so no duty cycle comes.
            outcome = engine.seekSubscription("books", StartPosition.start()).toCompletableFuture();
        }
        if (outcome.isCompletedExceptionally())
        {
            final CompletionException failure = assertThrows(CompletionException.class, outcome::join);
            assertTrue(failure.getCause().getMessage().contains("stays where it was"), failure::toString);
        }
        else
        {
            assertEquals(1, outcome.join());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldChangeTheFilesWhenNoEngineRuns(final DeliveryMode mode)
    {
        failing.add(6L);
        final SubscriptionSpec spec = spec(mode)
            .retry(RetryPolicy.DEFAULT.attempts(10).firstDelayNs(1_000_000_000L).factor(1.0).jitter(0.0));
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publishNumbered(engine, 8);
            invoke(engine);
        }
        assertEquals(8, OfflineDelivery.list(directory).get(0).position());
        try (OfflineDelivery files = open())
        {
            assertThrows(DataDirectoryException.class, () -> Engine.launch(context()), "the lock is held");
            assertEquals(5, files.seek("books", StartPosition.sequence(5)));
            assertEquals(0, files.seek("nobody", StartPosition.start()));
            assertThrows(IllegalArgumentException.class, () -> files.seek("books", StartPosition.sequence(100)));
        }
        final SubscriptionStats listed = OfflineDelivery.list(directory).get(0);
        assertEquals(4, listed.position());
        assertEquals(4, listed.lag());
        assertEquals("books", listed.name());
        got.clear();
        failing.clear();
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            invoke(engine);
            advance(engine, Duration.ofMinutes(1));
            assertEquals(numbers(5, 8), got, "each once, the one that had failed, too");
            publishNumbered(engine, 1);
            invoke(engine);
            assertEquals(9, got.get(4));
        }
        try (OfflineDelivery files = open())
        {
            assertTrue(files.paused("books", true));
            assertFalse(files.paused("nobody", true));
        }
        assertEquals(SubscriptionState.PAUSED, OfflineDelivery.list(directory).get(0).state());
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            assertTrue(engine.subscriptions().get(0).isPaused());
        }
        try (OfflineDelivery files = open())
        {
            assertTrue(files.remove("books"));
            assertFalse(files.remove("books"));
        }
        assertEquals(List.of(), OfflineDelivery.list(directory));
    }

    @Test
    void shouldRepairAndGiveUpDeadLettersWhenNoEngineRuns()
    {
        failing.addAll(Set.of(1L, 2L));
        final SubscriptionSpec spec = spec(DeliveryMode.TAILING).retry(RetryPolicy.NONE);
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publishNumbered(engine, 2);
            invoke(engine);
        }
        try (OfflineDelivery files = open())
        {
            assertTrue(files.fixDeadLetter(1, event -> event.payloadJson("{\"n\":\"repaired\"}")));
            assertFalse(files.fixDeadLetter(9, event -> event));
            assertThrows(EventValidationException.class, () -> files.fixDeadLetter(1, event -> event.id("another")));
            assertTrue(files.dropDeadLetter(2, "too old"));
            assertFalse(files.dropDeadLetter(2, "again"));
        }
        final List<String> payloads = new ArrayList<>();
        try (Engine engine = Engine.launch(context().subscribe(SubscriptionSpec.to("*", event ->
            payloads.add(new String(event.payload(), StandardCharsets.UTF_8))).durable("books"))))
        {
            invoke(engine);
            engine.retryDeadLetter(1);
            invoke(engine);
        }
        assertEquals(List.of("{\"n\":\"repaired\"}"), payloads);
        final List<String> states = new ArrayList<>();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(new DeadLetterQuery(), (letter, event) -> states.add(letter.status().state().name()));
        }
        assertEquals(List.of("DELIVERED", "DROPPED"), states);
    }

    @Test
    void shouldMakeNothingWhereThereIsNoJournal()
    {
        final Path nowhere = directory.resolve("nowhere");
        assertThrows(DataDirectoryException.class, () -> OfflineDelivery.open(nowhere, errors::add));
        assertThrows(DataDirectoryException.class, () -> OfflineDelivery.list(nowhere));
        assertFalse(nowhere.toFile().exists());
    }

    private OfflineDelivery open()
    {
        return OfflineDelivery.open(directory, errors::add);
    }

    private SubscriptionSpec spec(final DeliveryMode mode)
    {
        return Specs.to("*", this::handle, mode).durable("books").breaker(BreakerPolicy.OFF);
    }

    private void handle(final EventFlyweight event) throws IOException
    {
        if (failing.contains(event.sequence()))
        {
            throw new IOException("not " + event.sequence());
        }
        got.add(event.sequence());
    }

    private static List<Long> numbers(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private void publishNumbered(final Engine engine, final int count)
    {
        for (int i = 1; i <= count; i++)
        {
            assertTrue(engine.publisher().publish(new EventBuilder().type("seek.test").source("test")
                .priority(Priority.NORMAL).payloadJson("{\"n\":" + i + ",\"at\":" + published++ + "}")) >= 0);
        }
    }
}
