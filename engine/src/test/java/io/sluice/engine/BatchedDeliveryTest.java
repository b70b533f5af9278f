package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.AggregateStateMerger;
import io.sluice.engine.batch.BatchGrouping;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.batch.ModeTable;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions whose events come in batches, in a whole engine. */
@ExtendWith(ThreadHygiene.class)
class BatchedDeliveryTest
{
    private static final BatchPolicy TEN =
        BatchPolicy.defaults().batchSizes(1, 10, 10).timeoutNs(Duration.ofSeconds(2).toNanos());

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<List<Long>> batches = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private boolean isFailureExpected;
    private int lastNumber;

    @AfterEach
    void shouldNotHaveReportedAnError()
    {
        assertTrue(isFailureExpected || errors.isEmpty(), errors.toString());
    }

    @Test
    void shouldHandOverAFullBatchAtOnceAndTheRestWhenItsTimeHasCome()
    {
        try (Engine engine = launch(SubscriptionSpec.toBatches("file.*", this::keep).batches(TEN)))
        {
            publish(engine, "file.created", Priority.NORMAL, 25);
            invoke(engine);
            assertEquals(List.of(sequences(1, 10), sequences(11, 20)), batches);
            clock.advance(Duration.ofMillis(1_999));
            invoke(engine);
            assertEquals(2, batches.size());
            clock.advance(Duration.ofMillis(1));
            invoke(engine);
            assertEquals(List.of(sequences(1, 10), sequences(11, 20), sequences(21, 25)), batches);
            final SubscriptionStats stats = engine.subscriptionStats().get(0);
            assertEquals("batched", stats.mode());
            assertEquals(25, stats.delivered());
            assertEquals(3, stats.batches());
            assertEquals(25.0 / 3, stats.meanBatchSize());
        }
    }

    @Test
    void shouldKeepTypesApartAndInOrderAndHandOverWhatIsCritical()
    {
        final List<String> got = new ArrayList<>();
        try (Engine engine = launch(SubscriptionSpec.toBatches("*", batch ->
        {
            keep(batch);
            got.add(batch.type());
        }).batches(TEN)))
        {
            publish(engine, "a.one", Priority.NORMAL, 3);
            publish(engine, "b.two", Priority.NORMAL, 3);
            invoke(engine);
            assertEquals(List.of(), batches);
            publish(engine, "b.two", Priority.CRITICAL, 1);
            invoke(engine);
            assertEquals(List.of(List.of(4L, 5L, 6L, 7L)), batches);
            clock.advance(Duration.ofSeconds(2));
            invoke(engine);
            assertEquals(List.of("b.two", "a.one"), got);
            assertEquals(sequences(1, 3), batches.get(1));
        }
    }

    @Test
    void shouldNotBeDoneWithAnEventBeforeItsBatchIsHandled()
    {
        try (Engine engine = launch(
            SubscriptionSpec.toBatches("*", this::keep).batches(TEN).name("passing"),
            SubscriptionSpec.toBatches("*", this::keep).batches(TEN).durable("durable")))
        {
            invoke(engine);
            publish(engine, "a.one", Priority.HIGH, 4);
            invoke(engine);
            assertEquals(List.of(0L, 0L), positions(engine));
            publish(engine, "a.one", Priority.HIGH, 6);
            invoke(engine);
            assertEquals(2, batches.size());
            assertEquals(List.of(10L, 10L), positions(engine));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BATCHED", "AUTO"})
    void shouldHandOverWhatIsAccumulatedWhenItIsPausedUnsubscribedOrClosed(final DeliveryMode mode)
    {
        final SubscriptionSpec spec =
            SubscriptionSpec.toBatches("*", this::keep).batches(TEN).durable("leaving").mode(mode);
        try (Engine engine = launch(spec))
        {
            publish(engine, "a.one", Priority.HIGH, 3);
            invoke(engine);
            final Subscription subscription = engine.subscriptions().get(0);
            subscription.pause();
            invoke(engine);
            assertEquals(List.of(sequences(1, 3)), batches);
            publish(engine, "a.one", Priority.HIGH, 3);
            invoke(engine);
            assertEquals(1, batches.size());
            subscription.resume();
            invoke(engine);
            engine.unsubscribe(subscription);
            invoke(engine);
            assertEquals(List.of(sequences(1, 3), sequences(4, 6)), batches);
            publish(engine, "a.one", Priority.HIGH, 3);
            invoke(engine);
            assertEquals(2, batches.size());
            engine.subscribe(spec);
            invoke(engine);
            assertEquals(2, batches.size());
        }
        assertEquals(List.of(sequences(1, 3), sequences(4, 6), sequences(7, 9)), batches);
        try (Engine engine = launch(spec))
        {
            clock.advance(Duration.ofSeconds(2));
            invoke(engine);
            assertEquals(3, batches.size(), "what was closed in order is not delivered again");
        }
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = "INVOKER", mode = EnumSource.Mode.EXCLUDE)
    void shouldGoOnWithTheJournalWhenNoBatchIsFreeAndHoldNobodyUp(final ThreadingMode mode)
    {
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        final AtomicInteger immediate = new AtomicInteger();
        final List<Long> got = new CopyOnWriteArrayList<>();
        final BatchPolicy small = BatchPolicy.defaults().batchSizes(1, 8, 8).openGroups(1).queuedBatches(1)
            .grouping(BatchGrouping.NONE).timeoutNs(1_000_000L);
        try (Engine engine = Engine.launch(context(mode).subscribe(
            SubscriptionSpec.toBatches("*", batch ->
            {
                Waiting.on(mayGoOn, "the others");
                for (int i = 0; i < batch.size(); i++)
                {
                    got.add(batch.event(i).sequence());
                }
            }).batches(small).durable("slow").timeout(Duration.ofMinutes(1)))
            .subscribe(SubscriptionSpec.to("*", event -> immediate.incrementAndGet()))))
        {
            final Subscription slow = engine.subscriptions().get(0);
            Waiting.until("it to be on the rings", () -> slow.state() == SubscriptionState.RUNNING);
            publish(engine, "a.one", Priority.NORMAL, 500);
            Waiting.until("all of the other one", () -> immediate.get() == 500);
            Waiting.until("it to leave", () -> slow.gate().phase() != LiveGate.LIVE);
            assertTrue(slow.batches().pending() <= small.batches() * 8L, slow.batches().pending() + " kept");
            mayGoOn.countDown();
            Waiting.until("all of the slow one", () -> got.size() == 500);
            Waiting.until("it to come back", () -> slow.state() == SubscriptionState.RUNNING);
        }
        assertEquals(sequences(1, 500), got, "in order, each once");
    }

    @Test
    void shouldNotTryAnEventAgainWhileTheOneBeforeItOfItsNameStillHandsOver()
    {
        isFailureExpected = true;
        final CountDownLatch isHeld = new CountDownLatch(1);
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final List<String> calls = new CopyOnWriteArrayList<>();
        final BatchPolicy single = BatchPolicy.defaults().batchSizes(1, 1, 1).grouping(BatchGrouping.NONE);
        final RetryPolicy retry = RetryPolicy.DEFAULT.firstDelayNs(1_000_000_000L).jitter(0.0);
        final SubscriptionSpec first = SubscriptionSpec.toBatches("*", batch ->
        {
            calls.add("first " + batch.firstSequence());
            if (batch.firstSequence() == 1)
            {
                throw new IllegalStateException("not this one");
            }
            isHeld.countDown();
            Waiting.on(mayReturn, "the test");
            calls.add("first is done");
        });
        final SubscriptionSpec second =
            SubscriptionSpec.toBatches("*", batch -> calls.add("second " + batch.firstSequence()));
        // Whose attempts are due with those of the other one, and later.
        final SubscriptionSpec marker = SubscriptionSpec.to("*", event ->
        {
            calls.add("marker " + event.sequence());
            throw new IllegalStateException("none");
        }).name("marker").mode(DeliveryMode.TAILING).retry(retry).breaker(BreakerPolicy.OFF);
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).clock(clock).hangTimeoutNs(0)
            .subscribe(first.durable("one").batches(single).retry(retry)).subscribe(marker)))
        {
            publish(engine, "a.one", Priority.NORMAL, 1);
            Waiting.until("the failures", () -> errors.size() == 2);
            publish(engine, "a.one", Priority.NORMAL, 1);
            Waiting.on(isHeld, "the batch");
            final Subscription failing = engine.subscriptions().get(1);
            engine.unsubscribe(engine.subscriptions().get(0));
            engine.subscribe(second.durable("one").batches(single).retry(retry));
            for (int attempt = 2; attempt <= 3; attempt++)
            {
                final int most = attempt;
                clock.advance(Duration.ofSeconds(5));
                // A failure is counted once the time of its end is known, from which on the next attempt is due.
                Waiting.until("attempt " + attempt + " of the marker", () ->
                    Collections.frequency(calls, "marker 1") >= most && failing.errors() ==
                        calls.stream().filter(call -> call.startsWith("marker")).count());
            }
            mayReturn.countDown();
            Waiting.until("the attempt", () ->
            {
                clock.advance(Duration.ofMillis(1));
                return calls.contains("second 1");
            });
        }
        assertTrue(calls.indexOf("first is done") < calls.indexOf("second 1"), calls.toString());
    }

    @Test
    void shouldTryEachEventAgainThatFailedAndDeliverTheOthers()
    {
        isFailureExpected = true;
        final RetryPolicy retry = RetryPolicy.DEFAULT.attempts(3).firstDelayNs(1_000_000_000L).jitter(0.0);
        try (Engine engine = launch(SubscriptionSpec.toBatches("*", batch ->
        {
            keep(batch);
            if (batch.size() > 1)
            {
                batch.fail(1, new IOException("not this one"));
                batch.fail(2, new IllegalStateException("nor that one"));
            }
            else if (batch.event(0).sequence() == 3)
            {
                throw new IllegalStateException("still not");
            }
        }).batches(TEN).retry(retry)))
        {
            publish(engine, "a.one", Priority.NORMAL, 10);
            invoke(engine);
            clock.advance(Duration.ofSeconds(1));
            invoke(engine);
            clock.advance(Duration.ofSeconds(10));
            invoke(engine);
            assertEquals(List.of(sequences(1, 10), List.of(2L), List.of(3L), List.of(3L)), batches);
            final SubscriptionStats stats = engine.subscriptionStats().get(0);
            assertEquals(9, stats.delivered());
            assertEquals(4, stats.errors());
            assertEquals(1, stats.deadLetters());
        }
    }

    @Test
    void shouldTryEveryEventOfTheBatchAgainWhenTheHandlerThrows()
    {
        isFailureExpected = true;
        final RetryPolicy retry = RetryPolicy.DEFAULT.attempts(3).firstDelayNs(1_000_000_000L).jitter(0.0);
        try (Engine engine = launch(SubscriptionSpec.toBatches("*", batch ->
        {
            if (batch.size() > 1)
            {
                throw new IOException("down");
            }
            keep(batch);
        }).batches(TEN).retry(retry)))
        {
            publish(engine, "a.one", Priority.NORMAL, 10);
            invoke(engine);
            assertEquals(List.of(), batches);
            clock.advance(Duration.ofSeconds(1));
            invoke(engine);
            assertEquals(
                sequences(1, 10), batches.stream().map(one -> one.get(0)).sorted().toList());
        }
    }

    @Test
    void shouldBeImmediateOrBatchedAsTheTableSaysAndKeepTheOrderOfAType()
    {
        final List<Long> immediate = new ArrayList<>();
        try (Engine engine = launch(SubscriptionSpec.to("*", event -> immediate.add(event.sequence()))
            .batchHandler(this::keep).batches(TEN).mode(DeliveryMode.AUTO)
            .modes(ModeTable.defaults().userBlocking("user.*"))))
        {
            publish(engine, "user.asked", Priority.HIGH, 2);
            publish(engine, "tool.used", Priority.LOW, 3);
            publish(engine, "tool.used", Priority.CRITICAL, 1);
            invoke(engine);
            assertEquals(sequences(1, 3), immediate, "the critical one is first in the journal, too");
            clock.advance(Duration.ofSeconds(2));
            invoke(engine);
            assertEquals(List.of(sequences(4, 6)), batches);
            assertEquals("auto", engine.subscriptionStats().get(0).mode());
            assertEquals(6, engine.subscriptionStats().get(0).delivered());
        }
    }

    @Test
    void shouldShowOnlyTheLastStateWhereSupersededOnesAreMerged()
    {
        final List<Integer> counts = new ArrayList<>();
        try (Engine engine = launch(SubscriptionSpec.toBatches("*", batch ->
        {
            keep(batch);
            counts.add(batch.eventCount(0));
        }).batches(TEN.stateMerger(AggregateStateMerger.wholeStates("task.*")))))
        {
            for (int i = 0; i < 10; i++)
            {
                publish(engine, new EventBuilder().type("task.changed").source("test" + i).aggregate("task", "1", i));
            }
            invoke(engine);
            assertEquals(List.of(List.of(10L)), batches);
            assertEquals(List.of(10), counts);
            assertEquals(10, engine.subscriptionStats().get(0).delivered(), "those that were merged count");
        }
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogetherAndSayWhatWould()
    {
        final SubscriptionSpec batched = SubscriptionSpec.toBatches("*", this::keep);
        final SubscriptionSpec single = SubscriptionSpec.to("*", event -> errors.add(null));
        try (Engine engine = launch())
        {
            assertRefused(engine, single.mode(DeliveryMode.BATCHED), "toBatches");
            assertRefused(engine, single.mode(DeliveryMode.AUTO), "batchHandler");
            assertRefused(engine, single.batchHandler(this::keep).mode(DeliveryMode.BATCHED), "AUTO");
            assertRefused(engine, batched.mode(DeliveryMode.TAILING), "BATCHED or AUTO");
            assertRefused(engine, batched.retry(RetryPolicy.DEFAULT.order(RetryOrder.HOLD_KEY)), "SKIP_AHEAD");
            assertRefused(engine, batched.concurrency(2), "parallelBatches");
            assertRefused(engine, batched.delay(Duration.ofSeconds(1)), "TAILING");
        }
        try (Engine engine = Engine.launch(
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.INVOKER)))
        {
            assertRefused(engine, batched, "journal");
        }
    }

    @Test
    void shouldReserveWhatItGrowsByAndGiveItBack()
    {
        try (Engine engine = launch(SubscriptionSpec.toBatches("*", this::keep).batches(TEN)))
        {
            final long before = engine.stats().memoryUsed();
            publish(engine, "a.one", Priority.NORMAL, 5);
            invoke(engine);
            assertNotEquals(before, engine.stats().memoryUsed());
            engine.unsubscribe(engine.subscriptions().get(0));
            invoke(engine);
            assertEquals(before, engine.stats().memoryUsed());
        }
    }

    private void keep(final EventBatch batch)
    {
        batches.add(LongStream.range(0, batch.size()).mapToObj(i -> batch.event((int)i).sequence()).toList());
    }

    private static List<Long> positions(final Engine engine)
    {
        return engine.subscriptionStats().stream().map(SubscriptionStats::position).toList();
    }

    private static void assertRefused(final Engine engine, final SubscriptionSpec spec, final String remedy)
    {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> engine.subscribe(spec)).getMessage();
        assertTrue(message.contains(remedy), message);
    }

    private Engine launch(final SubscriptionSpec... specs)
    {
        final EngineContext context = context(ThreadingMode.INVOKER).clock(clock);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return Engine.launch(context);
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).errorHandler(errors::add)
            .journal(new JournalContext().minFreeSpace(0));
    }

    private void publish(final Engine engine, final String type, final Priority priority, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, new EventBuilder().type(type).source("test").priority(priority)
                .payload(("{\"n\":" + ++lastNumber + "}").getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void publish(final Engine engine, final EventBuilder event)
    {
        while (engine.publisher().publish(event) < 0)
        {
            Thread.yield();
        }
    }

    private static List<Long> sequences(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
