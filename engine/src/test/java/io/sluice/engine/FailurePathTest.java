package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.BreakerState;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.event.UndecodableEventException;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of events whose handler throws: further attempts, dead letters, breakers, demotion. */
@ExtendWith(ThreadHygiene.class)
class FailurePathTest
{
    private static final RetryPolicy THREE = RetryPolicy.DEFAULT
        .attempts(3).firstDelayNs(1_000_000_000L).factor(2.0).jitter(0.0);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> got = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private int lastNumber;

    @ParameterizedTest
    @EnumSource
    void shouldTryAgainAfterThePausesOfThePolicyWhenAHandlerThrows(final DeliveryMode mode)
    {
        final List<Long> calls = new ArrayList<>();
        try (Engine engine = launch(Specs.to("*", event ->
        {
            calls.add(event.sequence());
            if (event.sequence() == 3 && calls.stream().filter(one -> one == 3).count() < 3)
            {
                throw new IOException("no route");
            }
            got.add(event.sequence());
        }, mode).retry(THREE)))
        {
            publish(engine, 5);
            invoke(engine);
            assertEquals(List.of(1L, 2L, 4L, 5L), got, "others go ahead");
            advance(engine, Duration.ofMillis(999));
            assertEquals(5, calls.size());
            advance(engine, Duration.ofMillis(1));
            assertEquals(6, calls.size());
            advance(engine, Duration.ofMillis(1_999));
            assertEquals(6, calls.size());
            advance(engine, Duration.ofMillis(1));
            assertEquals(List.of(1L, 2L, 4L, 5L, 3L), got);
            advance(engine, Duration.ofHours(1));
            assertEquals(7, calls.size());
            assertEquals(2, engine.subscriptions().get(0).errors());
            assertEquals(0, engine.subscriptions().get(0).deadLetters());
        }
        assertFalse(Files.exists(new DataDirectory(directory).deadLetters()), "no dead letter was ever written");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBecomeADeadLetterWithItsCauseWhenNoAttemptIsLeft(final DeliveryMode mode)
    {
        try (Engine engine = launch(Specs.to("*", event ->
        {
            if (event.sequence() == 2)
            {
                throw new UnsupportedOperationException("not this one");
            }
            got.add(event.sequence());
        }, mode).name("picky").retry(THREE)))
        {
            publish(engine, 4);
            advance(engine, Duration.ofSeconds(1));
            advance(engine, Duration.ofSeconds(2));
            assertEquals(List.of(1L, 3L, 4L), got);
            assertEquals(1, engine.subscriptions().get(0).deadLetters());
        }
        final List<DeadLetter> letters = letters();
        assertEquals(1, letters.size());
        final DeadLetter letter = letters.get(0);
        assertEquals("picky", letter.status().subscription());
        assertEquals(2, letter.status().sequence());
        assertEquals(3, letter.status().attempts());
        assertEquals(FailureKind.MANUAL, letter.status().kind());
        assertEquals("java.lang.UnsupportedOperationException", letter.exception());
        assertEquals("not this one", letter.message());
        assertTrue(letter.status().firstFailureNs() < letter.status().lastFailureNs());
    }

    @Test
    void shouldNotTryAgainWhenTheFailureIsFinal()
    {
        final AtomicInteger calls = new AtomicInteger();
        try (Engine engine = launch(SubscriptionSpec.to("*", event ->
        {
            calls.incrementAndGet();
            throw new IllegalArgumentException("bad");
        }).retry(THREE.finalOn(IllegalArgumentException.class))))
        {
            publish(engine, 1);
            advance(engine, Duration.ofSeconds(10));
        }
        assertEquals(1, calls.get());
        assertEquals(1, letters().size());
        assertEquals(1, letters().get(0).status().attempts());
    }

    @ParameterizedTest
    @EnumSource
    void shouldTryAgainInALaterRunWhenTheProcessEndsInBetween(final DeliveryMode mode)
    {
        final AtomicInteger calls = new AtomicInteger();
        final SubscriptionSpec spec = Specs.to("*", event ->
        {
            if (event.sequence() == 2 && calls.incrementAndGet() < 3)
            {
                throw new IOException("not yet");
            }
            got.add(event.sequence());
        }, mode).durable("again").retry(THREE);
        try (Engine engine = launch(spec))
        {
            publish(engine, 3);
            invoke(engine);
        }
        assertEquals(List.of(1L, 3L), got);
        try (Engine engine = launch(spec))
        {
            invoke(engine);
            assertEquals(1, calls.get());
            advance(engine, Duration.ofSeconds(1));
            assertEquals(2, calls.get());
        }
        try (Engine engine = launch(spec))
        {
            advance(engine, Duration.ofSeconds(2));
            assertEquals(List.of(1L, 3L, 2L), got);
        }
        try (Engine engine = launch(spec))
        {
            advance(engine, Duration.ofHours(1));
            assertEquals(List.of(1L, 3L, 2L), got);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATE", "TAILING"})
    void shouldHoldLaterEventsOfTheKeyUntilTheEarlierOneIsDone(final DeliveryMode mode)
    {
        final AtomicInteger calls = new AtomicInteger();
        final List<String> order = new ArrayList<>();
        try (Engine engine = launch(SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 1 && calls.incrementAndGet() < 3)
            {
                throw new IOException("not yet");
            }
            order.add(event.text(EventField.CORRELATION_ID) + event.sequence());
        }).mode(mode).retry(THREE.order(RetryOrder.HOLD_KEY))))
        {
            publish(engine, event().correlationId("a"));
            publish(engine, event().correlationId("b"));
            publish(engine, event().correlationId("a"));
            publish(engine, event().correlationId("b"));
            publish(engine, event().correlationId("a"));
            invoke(engine);
            assertEquals(List.of("b2", "b4"), order);
            advance(engine, Duration.ofSeconds(1));
            publish(engine, event().correlationId("a"));
            advance(engine, Duration.ofSeconds(2));
            assertEquals(List.of("b2", "b4", "a1", "a3", "a5", "a6"), order);
            publish(engine, event().correlationId("a"));
            invoke(engine);
            assertEquals("a7", order.get(6));
            assertEquals(SubscriptionState.RUNNING, engine.subscriptions().get(0).state());
        }
        assertFalse(Files.exists(new DataDirectory(directory).deadLetters()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldWaitAndLoseNothingWhileTheBreakerOfADurableSubscriptionIsOpen(final DeliveryMode mode)
    {
        final boolean[] isDown = {true};
        final AtomicInteger calls = new AtomicInteger();
        try (Engine engine = launch(Specs.to("*", event ->
        {
            calls.incrementAndGet();
            if (isDown[0])
            {
                throw new IOException("down");
            }
            got.add(event.sequence());
        }, mode).durable("patient").retry(THREE.attempts(10)).breaker(BreakerPolicy.DEFAULT.failures(5))))
        {
            publish(engine, 50);
            invoke(engine);
            final Subscription subscription = engine.subscriptions().get(0);
            assertEquals(BreakerState.OPEN, subscription.breakerState());
            assertEquals(5, calls.get());
            publish(engine, 50);
            invoke(engine);
            assertEquals(5, calls.get(), "no call while it is open");
            isDown[0] = false;
            advance(engine, Duration.ofSeconds(30));
            assertEquals(BreakerState.CLOSED, subscription.breakerState());
            for (int i = 0; i < 20; i++)
            {
                advance(engine, Duration.ofSeconds(10));
            }
            assertEquals(SubscriptionState.RUNNING, subscription.state());
        }
        assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), got.stream().sorted().toList());
        assertFalse(Files.exists(new DataDirectory(directory).deadLetters()));
    }

    @Test
    void shouldMakeDeadLettersOfWhatAnOpenBreakerKeepsFromASubscriptionThatIsNotDurable()
    {
        try (Engine engine = launch(SubscriptionSpec.to("*", event ->
        {
            throw new IOException("down");
        }).name("impatient").retry(RetryPolicy.NONE).breaker(BreakerPolicy.DEFAULT.failures(2))))
        {
            publish(engine, 6);
            invoke(engine);
            invoke(engine);
        }
        final List<DeadLetter> letters = letters();
        assertEquals(6, letters.size());
        assertEquals(2, letters.stream().filter(one -> one.message().equals("down")).count());
    }

    @Test
    void shouldBeServedFromTheJournalUntilItIsPromotedWhenItsCallsTakeTooLong()
    {
        try (Engine engine = launch(SubscriptionSpec.to("*", event ->
        {
            clock.advance(event.sequence() <= 3 ? Duration.ofMillis(60) : Duration.ZERO);
            got.add(event.sequence());
        }).breaker(BreakerPolicy.OFF)))
        {
            publish(engine, 10);
            invoke(engine);
            final Subscription subscription = engine.subscriptions().get(0);
            assertEquals(3, subscription.timeouts());
            assertTrue(subscription.isDemoted());
            assertEquals(SubscriptionState.CATCHING_UP, subscription.state());
            publish(engine, 10);
            invoke(engine);
            assertTrue(subscription.isDemoted());
            subscription.promote();
            publish(engine, 10);
            invoke(engine);
            assertEquals(SubscriptionState.RUNNING, subscription.state());
        }
        assertEquals(LongStream.rangeClosed(1, 30).boxed().toList(), got);
    }

    @Test
    void shouldReturnToTheSameSubscriptionWhenADeadLetterIsTriedAgain()
    {
        final boolean[] isDown = {true};
        final AtomicInteger others = new AtomicInteger();
        final EventHandler handler = event ->
        {
            if (isDown[0])
            {
                throw new IOException("down");
            }
            got.add(event.sequence());
        };
        final EngineContext context = context()
            .deadLetters(new DeadLetterContext().retryDelayNs(60_000_000_000L))
            .subscribe(SubscriptionSpec.to("*", handler).name("down").retry(RetryPolicy.NONE))
            .subscribe(SubscriptionSpec.to("*", event -> others.incrementAndGet()).name("up"));
        try (Engine engine = Engine.launch(context))
        {
            publish(engine, 1);
            invoke(engine);
            assertEquals(1, engine.subscriptions().get(0).deadLetters());
            isDown[0] = false;
            advance(engine, Duration.ofMinutes(3));
            assertEquals(List.of(1L), got);
            assertEquals(1, others.get());
        }
        assertEquals(List.of(), letters(), "it was delivered");
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountPassOverAndKeepAsDeadLettersWhatCannotBeDecoded(final DeliveryMode mode)
    {
        final AtomicInteger calls = new AtomicInteger();
        try (Engine engine = launch(Specs.to("*", event ->
        {
            calls.incrementAndGet();
            if (event.sequence() <= 20)
            {
                // As a serializer does, and as a handler may hand it on.
                throw new IllegalStateException(new UndecodableEventException(
                    event, Integer.class, "no number", new IOException("end of input")));
            }
            got.add(event.sequence());
        }, mode).name("typed").retry(THREE).breaker(BreakerPolicy.DEFAULT.failures(5))))
        {
            publish(engine, 25);
            advance(engine, Duration.ofHours(1));
            final Subscription subscription = engine.subscriptions().get(0);
            assertEquals(List.of(21L, 22L, 23L, 24L, 25L), got);
            assertEquals(25, calls.get(), "no further attempt");
            assertEquals(20, subscription.undecodable());
            assertEquals(20, engine.subscriptionStats().get(0).undecodable());
            assertEquals(20, subscription.deadLetters());
            assertEquals(BreakerState.CLOSED, subscription.breakerState());
            assertEquals(5, errors.size(), "1, 2, 4, 8, 16");
            engine.retryDeadLetter(1);
            invoke(engine);
            assertEquals(26, calls.get());
        }
        final List<DeadLetter> letters = letters();
        assertEquals(20, letters.size());
        for (final DeadLetter letter : letters)
        {
            assertEquals(FailureCause.UNDECODABLE, letter.status().cause());
            assertEquals(FailureKind.FIXABLE, letter.status().kind());
        }
    }

    @Test
    void shouldCallNobodyAfterUnsubscribingAndGiveTheRestToTheNextWhenMuchWasRead()
    {
        final Engine[] running = new Engine[1];
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            got.add(event.sequence());
            if (event.sequence() == 3)
            {
                running[0].unsubscribe(running[0].subscriptions().get(0));
            }
        }).durable("leaving").mode(DeliveryMode.TAILING);
        try (Engine engine = launch(spec))
        {
            running[0] = engine;
            publish(engine, 10);
            invoke(engine);
            assertEquals(List.of(1L, 2L, 3L), got);
            engine.subscribe(spec);
            invoke(engine);
        }
        assertEquals(LongStream.rangeClosed(1, 10).boxed().toList(), got);
    }

    @Test
    void shouldServeOthersAndLoseNothingWhileDeadLettersCannotBeWritten() throws IOException
    {
        final Path blocked = new DataDirectory(directory).deadLetters();
        try (Engine engine = launch(SubscriptionSpec.to("*", event ->
        {
            if (event.sequence() == 2)
            {
                throw new UnsupportedOperationException("not this one");
            }
            got.add(event.sequence());
        }).retry(RetryPolicy.NONE).mode(DeliveryMode.TAILING)))
        {
            Files.createFile(blocked);
            publish(engine, 4);
            advance(engine, Duration.ofSeconds(1));
            publish(engine, 4);
            advance(engine, Duration.ofSeconds(1));
            assertEquals(List.of(1L, 3L, 4L, 5L, 6L, 7L, 8L), got);
            assertEquals(0, engine.subscriptions().get(0).deadLetters());
            Files.delete(blocked);
            advance(engine, Duration.ofMinutes(1));
            assertEquals(1, engine.subscriptions().get(0).deadLetters());
        }
        assertEquals(1, letters().size());
    }

    private List<DeadLetter> letters()
    {
        final List<DeadLetter> letters = new ArrayList<>();
        try (DeadLetters reader = DeadLetters.open(directory))
        {
            reader.forEach(
                new DeadLetterQuery().states(Set.of(LetterState.OPEN, LetterState.RETRYING)),
                (letter, event) -> letters.add(letter));
        }
        return letters;
    }

    private void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, event());
        }
    }

    private static void publish(final Engine engine, final EventBuilder event)
    {
        assertTrue(engine.publisher().publish(event) >= 0);
    }

    private EventBuilder event()
    {
        return new EventBuilder().type("failure.test").source("test").priority(Priority.NORMAL)
            .payload(("{\"n\":" + ++lastNumber + "}").getBytes(StandardCharsets.UTF_8));
    }

    private void advance(final Engine engine, final Duration by)
    {
        invoke(engine);
        clock.advance(by);
        invoke(engine);
    }

    private Engine launch(final SubscriptionSpec spec)
    {
        return Engine.launch(context().subscribe(spec));
    }

    private EngineContext context()
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(clock)
            .arenaLength(1 << 22)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20));
    }
}
