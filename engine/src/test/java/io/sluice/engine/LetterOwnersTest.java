package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** To whom dead letters and waiting attempts belong: a name is one subscription, and what has ended leaves letters. */
class LetterOwnersTest extends InvokedFixture
{
    private static final RetryPolicy SLOWLY =
        RetryPolicy.DEFAULT.attempts(3).firstDelayNs(60_000_000_000L).factor(1.0).jitter(0.0);

    private final List<String> calls = new ArrayList<>();
    private boolean isDown = true;

    @Test
    void shouldKeepTheLettersApartWhenTwoSubscriptionsAskForOneName()
    {
        try (Engine engine = Engine.launch(context()
            .subscribe(noting("first").retry(RetryPolicy.NONE))
            .subscribe(noting("second").retry(RetryPolicy.NONE))
            .subscribe(noting("third").name("letter.*#3"))))
        {
            assertEquals(List.of("letter.*", "letter.*#2", "letter.*#3"), names(engine));
            assertEquals("letter.*#2", engine.subscriptionStats().get(1).name());
            publish(engine, 1);
            invoke(engine);
            assertEquals(List.of("letter.* 1 OPEN", "letter.*#2 1 OPEN"), states().stream().sorted().toList());
            isDown = false;
            calls.clear();
            engine.retryDeadLetter(letters().stream().map(DeadLetter::status)
                .filter(one -> one.subscription().equals("letter.*#2")).findFirst().orElseThrow().letter());
            invoke(engine);
            assertEquals(List.of("second 1"), calls);
        }
        assertEquals(List.of("letter.* 1 OPEN", "letter.*#2 1 DELIVERED"), states().stream().sorted().toList());
    }

    @Test
    void shouldGiveNoSubscriptionTheAttemptsOfAnotherWhenOneOfItsNameHasEnded()
    {
        try (Engine engine = Engine.launch(context()
            .subscribe(noting("first"))
            .subscribe(noting("second").retry(SLOWLY))))
        {
            publish(engine, 1);
            invoke(engine);
            final Subscription second = engine.subscriptions().get(1);
            engine.unsubscribe(engine.subscriptions().get(0));
            invoke(engine);
            final Subscription third = engine.subscribe(noting("third"));
            assertEquals("letter.*", third.name());
            assertTrue(third.retryId() != second.retryId());
            isDown = false;
            calls.clear();
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("second 1"), calls);
            final Subscription fourth = engine.subscribe(noting("fourth"));
            assertEquals("letter.*#3", fourth.name());
        }
    }

    @Test
    void shouldRefuseADurableSubscriptionWhenOneThatIsNotHasItsName()
    {
        try (Engine engine = Engine.launch(context().subscribe(noting("first").name("billing"))))
        {
            final IllegalArgumentException ex = assertThrows(
                IllegalArgumentException.class, () -> engine.subscribe(noting("second").durable("billing")));
            assertEquals(
                "durable subscription 'billing' can't have that name: subscription 'billing' to letter.*, which is " +
                "not durable, has it; give one of them another name, or unsubscribe that one first",
                ex.getMessage());
            assertEquals(1, engine.subscriptionStats().size(), "nothing is registered");
            engine.unsubscribe(engine.subscriptions().get(0));
            engine.subscribe(noting("second").durable("billing"));
            assertEquals("billing#2", engine.subscribe(noting("third").name("billing")).name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeADeadLetterOfWhatWaitsWhenASubscriptionThatIsNotDurableEnds(final DeliveryMode mode)
    {
        try (Engine engine = Engine.launch(context()
            .subscribe(Specs.to("letter.*", event -> note("only", event.sequence()), mode).name("only").retry(SLOWLY))))
        {
            publish(engine, 2);
            invoke(engine);
            engine.unsubscribe(engine.subscriptions().get(0));
            invoke(engine);
            assertEquals(List.of("only 1 OPEN", "only 2 OPEN"), states());
            advance(engine, Duration.ofHours(1));
            assertEquals(List.of("only 1", "only 2"), calls);
        }
        assertEquals(FailureCause.THREW, letters().get(0).status().cause());
        assertEquals(1, letters().get(0).status().attempts());
        assertEquals("down", letters().get(0).message());
        // Nothing waits for anybody any more.
        isDown = false;
        calls.clear();
        try (Engine engine = Engine.launch(context().subscribe(
            Specs.to("letter.*", event -> note("only", event.sequence()), mode).name("only").retry(SLOWLY))))
        {
            advance(engine, Duration.ofHours(2));
            assertEquals(List.of(), calls);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMakeADeadLetterOfWhatWaitsWhenTheEngineEndsRightAfterTheSubscription(final boolean isDurable)
    {
        final SubscriptionSpec spec = noting("only").retry(SLOWLY);
        try (Engine engine = Engine.launch(context()
            .subscribe(isDurable ? spec.durable("only") : spec.name("only"))))
        {
            publish(engine, 1);
            invoke(engine);
            engine.unsubscribe(engine.subscriptions().get(0));
        }
        assertEquals(isDurable ? List.of() : List.of("only 1 OPEN"), states());
    }

    @Test
    void shouldMakeADeadLetterOfACallInProgressWhenItFailsAfterTheEnd()
    {
        final Engine[] running = new Engine[1];
        try (Engine engine = Engine.launch(context()
            .subscribe(SubscriptionSpec.to("letter.*", event ->
            {
                calls.add("only " + event.sequence());
                if (calls.size() == 2)
                {
                    running[0].unsubscribe(running[0].subscriptions().get(0));
                }
                throw new IOException("down");
            }).name("only").mode(DeliveryMode.TAILING).retry(SLOWLY))))
        {
            running[0] = engine;
            publish(engine, 1);
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("only 1", "only 1"), calls);
            assertEquals(List.of("only 1 OPEN"), states());
            assertEquals(2, letters().get(0).status().attempts());
        }
    }

    @Test
    void shouldHandOverNothingThatWaitedForItsKeyWhenTheSubscriptionEnds()
    {
        try (Engine engine = Engine.launch(context()
            .subscribe(noting("only").name("only").retry(SLOWLY.order(RetryOrder.HOLD_KEY)))))
        {
            publish(engine, new EventBuilder().correlationId("a"));
            publish(engine, new EventBuilder().correlationId("a"));
            invoke(engine);
            engine.unsubscribe(engine.subscriptions().get(0));
            invoke(engine);
            assertEquals(List.of("only 1"), calls);
        }
        assertEquals(List.of("only 1 OPEN"), states());
    }

    @Test
    void shouldLeaveTheAttemptsToTheNextOfThatNameWhenItIsThereAlready()
    {
        try (Engine engine = Engine.launch(context().subscribe(noting("old").name("only").retry(SLOWLY))))
        {
            publish(engine, 1);
            invoke(engine);
            engine.unsubscribe(engine.subscriptions().get(0));
            engine.subscribe(noting("new").name("only"));
            isDown = false;
            advance(engine, Duration.ofMinutes(1));
            assertEquals(List.of("old 1", "new 1"), calls);
        }
        assertEquals(List.of(), states());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWriteTheDeadLetterWhenNoAttemptIsLeftWhileTheSubscriptionIsPaused(final boolean isDurable)
    {
        final SubscriptionSpec spec =
            noting("only").retry(RetryPolicy.NONE).classifier((event, failure, attempt) -> FailureKind.MANUAL);
        try (Engine engine = Engine.launch(context()
            .subscribe(isDurable ? spec.durable("only") : spec.name("only"))))
        {
            final Subscription subscription = engine.subscriptions().get(0);
            publish(engine, 1);
            while (calls.isEmpty())
            {
                engine.invoke();
            }
            subscription.pause();
            advance(engine, Duration.ofMinutes(1));
            assertEquals(1, subscription.deadLetters());
            assertEquals(List.of("only 1 OPEN"), states());
        }
    }

    private SubscriptionSpec noting(final String who)
    {
        return SubscriptionSpec.to("letter.*", event -> note(who, event.sequence()));
    }

    private void note(final String who, final long sequence)
    {
        calls.add(who + " " + sequence);
        if (isDown)
        {
            throw new UnsupportedOperationException("down");
        }
    }

    private static List<String> names(final Engine engine)
    {
        return engine.subscriptions().stream().map(Subscription::name).toList();
    }
}
