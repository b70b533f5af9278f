package io.sluice.engine;

import static io.sluice.engine.InvokedFixture.invoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.batch.ModeTable;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a subscription has had stays true at the moments in which it changes its feed. */
@ExtendWith(ThreadHygiene.class)
class FeedChangesTest
{
    private static final String NAME = "changing";
    private static final int CALLED = 10;

    @TempDir
    private Path temporary;

    private Path directory;
    private Path image;
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> got = new CopyOnWriteArrayList<>();
    private int number;
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));

    @BeforeEach
    void name()
    {
        directory = temporary.resolve("data");
        image = temporary.resolve("image");
    }

    @Test
    void shouldHaveWhatStoodInBatchesAgainWhenItWasImmediateInTheRunBefore() throws IOException
    {
        try (Engine engine = Engine.launch(context(directory).subscribe(immediate())))
        {
            publish(engine, 10);
            invoke(engine);
            assertTrue(engine.subscriptions().get(0).position().isLive(), "else this shows nothing");
        }
        final BatchPolicy large = BatchPolicy.defaults().batchSizes(50, 50, 50).timeoutNs(60_000_000_000L);
        final SubscriptionSpec batched = SubscriptionSpec.toBatches(
            "*", batch -> each(batch, event -> got.add(event.sequence()))).batches(large).durable(NAME);
        try (Engine engine = Engine.launch(context(directory).subscribe(batched)))
        {
            invoke(engine);
            publish(engine, 10);
            invoke(engine);
            assertEquals(sequences(1, 10), got, "the rest stands in a batch");
            TestDirectories.copy(directory, image);
        }
        got.clear();
        try (Engine engine = Engine.launch(context(image).subscribe(immediate())))
        {
            invoke(engine);
        }
        assertEquals(sequences(11, 20), got);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHaveWhatTheJournalFeedOwesWhenItEndsAmidItsReturnToTheRings()
    {
        final CountDownLatch isHandling = new CountDownLatch(1);
        final CountDownLatch mayHandle = new CountDownLatch(1);
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final CountDownLatch isCalled = new CountDownLatch(1);
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            got.add(event.sequence());
            if (event.sequence() == CALLED)
            {
                isCalled.countDown();
                Waiting.on(mayReturn, "the test");
            }
        }).durable(NAME).timeout(Duration.ofMinutes(1));
        final CountDownLatch mayDeliver = new CountDownLatch(1);
        final CountDownLatch isDelivering = new CountDownLatch(1);
        final CountDownLatch isPast = new CountDownLatch(1);
        // Keeps the delivery thread busy, so that the handling thread is the first one to see that it has ended.
        final SubscriptionSpec keyed = SubscriptionSpec.to("last", event -> {})
            .mode(DeliveryMode.TAILING).concurrency(2).key(event ->
            {
                isDelivering.countDown();
                Waiting.on(mayDeliver, "the test");
                return 0;
            });
        try (Engine engine = Engine.launch(threaded(ThreadingMode.DEDICATED).subscribe(spec).subscribe(keyed)
            .subscribe(SubscriptionSpec.to("last", event -> isPast.countDown()))
            .subscribe(SubscriptionSpec.to("hold", event ->
            {
                isHandling.countDown();
                Waiting.on(mayHandle, "the test");
            }).timeout(Duration.ofMinutes(1)))))
        {
            final Subscription own = engine.subscriptions().get(0);
            own.pause();
            Waiting.until("it to leave the rings", () -> own.gate().phase() == LiveGate.AWAY);
            publish(engine, "hold", Priority.NORMAL);
            Waiting.on(isHandling, "the handling thread");
            own.resume();
            Waiting.until("it to come back", () -> own.gate().phase() == LiveGate.JOINING);
            publish(engine, 20);
            Waiting.on(isCalled, "the journal feed, in between");
            final PriorityRing ring = engine.core().rings()[Priority.NORMAL.code()];
            Waiting.until("routing, so that one cycle handles them all",
                () -> ring.routed().get() == ring.sequenced().get());
            mayHandle.countDown();
            Waiting.until("the answers", () -> own.gate().isAnswered());
            assertTrue(own.gate().highestBoundary() > CALLED, "else this shows nothing");
            publish(engine, "last", Priority.NORMAL);
            Waiting.on(isDelivering, "the delivery thread");
            engine.unsubscribe(own);
            Waiting.on(isPast, "the handling thread");
            mayDeliver.countDown();
            Waiting.until("it to leave", () -> own.gate().phase() == LiveGate.AWAY);
            mayReturn.countDown();
            engine.subscribe(spec);
            Waiting.until("the rest, there is " + got, () -> got.size() == 22);
        }
        assertEquals(sequences(1, 22), got);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHaveAgainWhatFailedAndCouldNotBeNotedWhenTheProcessEnds() throws IOException
    {
        final int count = 6_000;
        final SubscriptionSpec failing = automatic(event ->
        {
            throw new IllegalStateException("no route to host");
        });
        final Set<Path> inTheWay;
        try (Engine engine = Engine.launch(context(directory).subscribe(failing)))
        {
            invoke(engine);
            inTheWay = blockRetryLog();
            publish(engine, count);
            invoke(engine);
            assertTrue(errors.stream().anyMatch(EventStorageException.class::isInstance), "there is room: " + errors);
            TestDirectories.copy(directory, image);
        }
        for (final Path path : inTheWay)
        {
            Files.delete(image.resolve(directory.relativize(path)));
        }
        try (Engine engine = Engine.launch(context(image).subscribe(automatic(event -> got.add(event.sequence())))))
        {
            invoke(engine);
            assertTrue(!got.isEmpty() && got.size() < count, got.size() + " not noted");
            clock.advance(Duration.ofHours(2));
            invoke(engine);
        }
        assertEquals(sequences(1, count), got.stream().distinct().sorted().toList());
    }

    @Test
    void shouldNotBeHandedAnEventWhenItIsPausedAndThatCannotBeKept() throws IOException
    {
        try (Engine engine = Engine.launch(context(directory).subscribe(immediate())))
        {
            final Subscription subscription = engine.subscriptions().get(0);
            publish(engine, 1);
            invoke(engine);
            final Path inTheWay =
                Files.createDirectory(new DataDirectory(directory).control().resolve("subscriptions.json.new"));
            subscription.pause();
            invoke(engine);
            publish(engine, 5);
            invoke(engine);
            assertEquals(sequences(1, 1), got);
            assertEquals(1, errors.size(), errors.toString());
            Files.delete(inTheWay);
            clock.advance(Duration.ofSeconds(2));
            invoke(engine);
        }
        try (Engine engine = Engine.launch(context(directory).subscribe(immediate())))
        {
            invoke(engine);
            assertTrue(engine.subscriptions().get(0).isPaused());
            engine.subscriptions().get(0).resume();
            invoke(engine);
        }
        assertEquals(sequences(1, 6), got);
    }

    @Test
    void shouldServeTheOtherPrioritiesWhenACriticalEventWasLeftToTheJournal()
    {
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final CountDownLatch isHeld = new CountDownLatch(1);
        final Subscription[] own = new Subscription[1];
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event ->
        {
            got.add(event.sequence());
            if (own[0] != null && own[0].gate().phase() == LiveGate.JOINING && isHeld.getCount() > 0 &&
                Thread.currentThread().getName().startsWith("sluice-work"))
            {
                isHeld.countDown();
                Waiting.on(mayReturn, "the test");
            }
        }).durable(NAME).timeout(Duration.ofMinutes(1));
        try (Engine engine = Engine.launch(threaded(ThreadingMode.DEDICATED).subscribe(spec)))
        {
            own[0] = engine.subscriptions().get(0);
            while (isHeld.getCount() > 0)
            {
                own[0].pause();
                publish(engine, 20);
                own[0].resume();
                Waiting.until("it to come back", () ->
                {
                    publish(engine, 1);
                    return own[0].state() == SubscriptionState.RUNNING || isHeld.getCount() == 0;
                });
            }
            final long critical = publish(engine, Priority.CRITICAL);
            Waiting.until("the CRITICAL event to wait no longer", () -> own[0].gate().phase() != LiveGate.JOINING);
            mayReturn.countDown();
            Waiting.until("the CRITICAL event", () -> got.contains(critical));
            Waiting.until("it to come back", () -> own[0].state() == SubscriptionState.RUNNING);
            final long normal = publish(engine, Priority.NORMAL);
            Waiting.until("another one", () -> got.contains(normal));
            assertEquals(sequences(1, normal), got.stream().sorted().toList());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNotTakeAnAnswerToAnEarlierQuestionWhenItComesLate()
    {
        final LiveGate gate = new LiveGate(false);
        gate.join();
        final int toJoin = gate.question();
        assertTrue(LiveGate.isToJoin(toJoin) && LiveGate.isAsked(toJoin, 3));
        gate.answered(toJoin, 0);
        assertFalse(LiveGate.isAsked(gate.question(), 0));
        gate.takeBack();
        gate.leave();
        final int toLeave = gate.question();
        assertFalse(LiveGate.isToJoin(toLeave));
        for (int code = 0; code < Priority.COUNT; code++)
        {
            gate.answered(toJoin, code);
            assertTrue(LiveGate.isAsked(gate.question(), code), "priority " + code);
        }
        for (int code = 0; code < Priority.COUNT; code++)
        {
            assertFalse(gate.isAnswered());
            gate.answered(toLeave, code);
        }
        assertTrue(gate.isAnswered());
    }

    private SubscriptionSpec immediate()
    {
        return SubscriptionSpec.to("*", event -> got.add(event.sequence())).durable(NAME);
    }

    // Events are immediate ones of it while the load is low.
    private static SubscriptionSpec automatic(final Consumer<EventFlyweight> handler)
    {
        return SubscriptionSpec.to("*", handler::accept).batchHandler(batch -> each(batch, handler))
            .mode(DeliveryMode.AUTO).modes(ModeTable.defaults().userBlocking("*"))
            .retry(RetryPolicy.DEFAULT.firstDelayNs(TimeUnit.HOURS.toNanos(1)).maxDelayNs(TimeUnit.HOURS.toNanos(1)))
            .breaker(BreakerPolicy.OFF).durable(NAME);
    }

    // The files that the retry log would go on in.
    private Set<Path> blockRetryLog() throws IOException
    {
        final Path log = new DataDirectory(directory).positions().resolve("retries");
        final Set<Path> made = new HashSet<>();
        for (int i = 1; i <= 9; i++)
        {
            final Path file = log.resolve(String.format("%010d.log", i));
            if (!Files.exists(file))
            {
                made.add(Files.createDirectory(file));
            }
        }
        return made;
    }

    private static void each(final EventBatch batch, final Consumer<EventFlyweight> handler)
    {
        for (int i = 0; i < batch.size(); i++)
        {
            handler.accept(batch.event(i));
        }
    }

    private void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(engine, Priority.NORMAL);
        }
    }

    /** @return the sequence of the event. */
    private long publish(final Engine engine, final Priority priority)
    {
        return publish(engine, "a", priority);
    }

    private long publish(final Engine engine, final String type, final Priority priority)
    {
        final boolean isDriven = engine.context().threadingMode() == ThreadingMode.INVOKER;
        final EventBuilder event = new EventBuilder().type(type).source("test").priority(priority)
            .payloadJson("{\"n\":" + number++ + "}");
        long ticket = engine.publisher().publish(event);
        while (ticket < 0)
        {
            if (isDriven)
            {
                engine.invoke();
            }
            ticket = engine.publisher().publish(event);
        }
        if (isDriven)
        {
            return 0;
        }
        final long sequence = engine.publisher().await(ticket, Durability.JOURNALED, Waiting.LIMIT_NS);
        assertTrue(sequence > 0, "result " + sequence);
        return sequence;
    }

    private static List<Long> sequences(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private EngineContext threaded(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).index(false).errorHandler(errors::add)
            .hangTimeoutNs(0);
    }

    private EngineContext context(final Path data)
    {
        return new EngineContext()
            .directory(data)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(clock)
            .index(false)
            .arenaLength(1 << 22)
            .dedup(new DedupContext().idCapacity(1 << 13))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 22).prepareAhead(1 << 18));
    }
}
