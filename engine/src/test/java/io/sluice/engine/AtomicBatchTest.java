package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.ManualClock;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalContext;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All of a batch or none of it, wherever it may be refused or cut. */
@ExtendWith(ThreadHygiene.class)
class AtomicBatchTest
{
    private static final int LIMIT = 100;

    @TempDir
    private Path directory;

    private final List<String> handled = new ArrayList<>();
    private RecordedJournal journal;

    @Test
    void shouldGiveConsecutiveSequencesInOneExcerptWhenABatchIsPublished()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            final Publisher publisher = test.publisher();
            publisher.publish(event(Priority.HIGH, "alone"));
            final long ticket = publisher.publishBatch(
                List.of(event(Priority.HIGH, "a"), event(Priority.HIGH, "b"), event(Priority.HIGH, "c")));
            assertEquals(PublishResult.NOT_SEQUENCED, publisher.sequenceOf(ticket));
            final long last = publisher.ticketOf(ticket, 2);
            assertEquals(4, publisher.await(last, Durability.JOURNALED, Waiting.LIMIT_NS));
            assertEquals(2, publisher.sequenceOf(ticket));
            assertEquals(3, publisher.sequenceOf(publisher.ticketOf(ticket, 1)));
            test.runUntilIdle();
        }
        assertEquals(List.of("alone 0/1", "a 0/3", "b 1/3", "c 2/3"), handled);
        assertEquals(
            List.of("1 alone 0/1", "2 a 0/3", "3 b 1/3", "4 c 2/3"),
            JournalDigest.map(directory, event -> event.sequence() + " " + text(event)));
    }

    @Test
    void shouldKeepEachBatchInOneExcerptWhenBatchesAndSinglesOfAllPrioritiesMix()
    {
        final long seed = new Random().nextLong();
        final Random random = new Random(seed);
        final List<long[]> spans = new ArrayList<>();
        final int batchCount = 8;
        try (Engine engine = launchRecorded(context(
            new JournalContext().batchCount(batchCount).batchLength(4096).rollSize(1 << 20))))
        {
            final Publisher publisher = engine.publisher();
            final EventBatchBuilder batch = publisher.newBatch();
            final List<long[]> tickets = new ArrayList<>();
            for (int round = 0; round < 300; round++)
            {
                final Priority priority = Priority.of(random.nextInt(Priority.COUNT));
                final int count = 1 + random.nextInt(batchCount);
                batch.clear();
                for (int i = 0; i < count; i++)
                {
                    batch.add(event(priority, round + "." + i).payload(new byte[random.nextInt(300)]));
                }
                final long ticket =
                    count == 1 ? publisher.publish(event(priority, round + ".0")) : publisher.publishBatch(batch);
                assertTrue(ticket >= 0, PublishResult.describe(ticket) + ", seed " + seed);
                tickets.add(new long[] {ticket, count});
                if (random.nextInt(8) == 0)
                {
                    invokeUntilIdle(engine);
                }
            }
            invokeUntilIdle(engine);
            for (final long[] ticket : tickets)
            {
                final long first = publisher.sequenceOf(ticket[0]);
                for (int i = 1; i < ticket[1]; i++)
                {
                    assertEquals(first + i, publisher.sequenceOf(publisher.ticketOf(ticket[0], i)), "seed " + seed);
                }
                spans.add(new long[] {first, first + ticket[1] - 1});
            }
            assertEquals(EngineState.RUNNING, engine.state());
        }
        for (final long[] span : spans)
        {
            assertTrue(
                journal.excerpts().stream().anyMatch(excerpt -> excerpt.holds(span[0], span[1])),
                span[0] + " to " + span[1] + " are not in one of " + journal.excerpts() + ", seed " + seed);
        }
    }

    @Test
    void shouldTakeNoneWhenTheAppenderIsNotReadyForAllOfThem()
    {
        try (Engine engine = launchRecorded(context(new JournalContext().batchCount(4))))
        {
            final Publisher publisher = engine.publisher();
            publisher.publish(event(Priority.LOW, "before"));
            final long ticket = publisher.publishBatch(
                List.of(event(Priority.LOW, "a"), event(Priority.LOW, "b"), event(Priority.LOW, "c"),
                    event(Priority.LOW, "d")));
            journal.readyUntilCommit();
            for (int i = 0; i < 10; i++)
            {
                engine.invoke();
            }
            assertEquals(EngineState.DEGRADED, engine.state());
            assertEquals(1, engine.journaledSequence());
            assertEquals(PublishResult.NOT_SEQUENCED, publisher.sequenceOf(ticket));
            journal.ready(true);
            invokeUntilIdle(engine);
            assertEquals(EngineState.RUNNING, engine.state());
            assertEquals(5, publisher.sequenceOf(publisher.ticketOf(ticket, 3)));
        }
        assertEquals(List.of("before 0/1", "a 0/4", "b 1/4", "c 2/4", "d 3/4"), handled);
    }

    @Test
    void shouldRefuseTheWholeBatchAndCountItsEventsWhenTheRingHasNoRoomForAll()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            for (int i = 0; i < LIMIT - 2; i++)
            {
                assertTrue(test.publisher().publish(event(Priority.NORMAL, "e" + i)) >= 0);
            }
            final List<EventBuilder> three = events(Priority.NORMAL, 3);
            assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publishBatch(three));
            assertEquals(3, test.engine().stats().priority(Priority.NORMAL).refused());
            assertTrue(test.publisher().publishBatch(three.subList(0, 2)) >= 0, "two fit exactly");
            assertEquals(LIMIT, test.engine().stats().accepted());
            assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publish(event(Priority.NORMAL, "x")));
            test.runUntilIdle();
            assertTrue(test.publisher().publishBatch(three) >= 0);
        }
    }

    @Test
    void shouldRefuseTooLargeWhenABatchCouldNeverBeTaken()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext().batchCount(64)).limit(Priority.LOW, 9)))
        {
            final Publisher publisher = test.publisher();
            assertEquals(PublishResult.BATCH_TOO_LARGE, publisher.publishBatch(events(Priority.HIGH, 65)));
            assertEquals(65, test.engine().stats().priority(Priority.HIGH).refused());
            assertEquals(PublishResult.BATCH_TOO_LARGE, publisher.publishBatch(events(Priority.LOW, 10)));
            final EventBatchBuilder batch = publisher.newBatch();
            events(Priority.HIGH, 65).forEach(batch::add);
            assertEquals(65, batch.size());
            assertEquals(PublishResult.BATCH_TOO_LARGE, publisher.publishBatch(batch));
            batch.clear();
            for (int i = 0; i < 3; i++)
            {
                batch.add(event(Priority.HIGH, "bytes").payload(new byte[30_000]));
            }
            assertEquals(PublishResult.BATCH_TOO_LARGE, publisher.publishBatch(batch));
            batch.clear().add(event(Priority.HIGH, "a")).add(event(Priority.HIGH, "b").payload(new byte[2 << 20]));
            assertEquals(PublishResult.EVENT_TOO_LARGE, publisher.publishBatch(batch));
            assertEquals(2, batch.size());
            assertEquals(0, test.engine().stats().accepted());
            assertTrue(publisher.publishBatch(events(Priority.LOW, 9)) >= 0);
            assertTrue(publisher.publishBatch(events(Priority.HIGH, 64)) >= 0);
        }
    }

    @Test
    void shouldNameBothPrioritiesWhenTheyDiffer()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            final EventValidationException ex = assertThrows(
                EventValidationException.class,
                () -> test.publisher().publishBatch(List.of(event(Priority.HIGH, "a"), event(Priority.LOW, "b"))));
            assertTrue(ex.getMessage().contains("'low'") && ex.getMessage().contains("high"), ex.getMessage());
            assertTrue(ex.getMessage().contains("event 1"), ex.getMessage());
            final EventBatchBuilder batch = test.publisher().newBatch().add(event(Priority.HIGH, "a"));
            final UnsafeBuffer record = new UnsafeBuffer(new byte[512]);
            final EventFlyweight low = encode(test, event(Priority.LOW, "b"), record);
            assertThrows(EventValidationException.class, () -> batch.add(record, 0, low.recordLength()));
            assertEquals(1, batch.size());
            assertEquals(Priority.HIGH, batch.priority());
            assertThrows(EventValidationException.class, () -> test.publisher().publishBatch(List.of()));
            assertThrows(
                EventValidationException.class, () -> test.publisher().publishBatch(test.publisher().newBatch()));
            assertThrows(
                EventValidationException.class,
                () -> test.publisher().publishBatch(List.of(event(Priority.HIGH, "a"), new EventBuilder())));
            assertEquals(0, test.engine().stats().accepted());
        }
    }

    @Test
    void shouldGiveRoomInTheArenaBackWhenTheBatchIsRefused()
    {
        final EngineContext context = context(new JournalContext().batchLength(3 << 20)).arenaLength(4 << 20);
        try (TestEngine test = TestEngine.launch(context))
        {
            final EventBatchBuilder batch = test.publisher().newBatch();
            for (int i = 0; i < 3; i++)
            {
                batch.add(event(Priority.HIGH, "large" + i).payload(new byte[900_000]));
            }
            assertTrue(test.publisher().publishBatch(batch) >= 0);
            for (int i = 0; i < 20; i++)
            {
                assertEquals(PublishResult.BYTES_LIMITED, test.publisher().publishBatch(batch));
            }
            test.runUntilIdle();
            for (int i = 0; i < LIMIT; i++)
            {
                test.publisher().publish(event(Priority.HIGH, "full" + i));
            }
            for (int i = 0; i < 20; i++)
            {
                assertEquals(PublishResult.BACK_PRESSURED, test.publisher().publishBatch(batch));
            }
            test.runUntilIdle();
            assertTrue(test.publisher().publishBatch(batch) >= 0);
            test.runUntilIdle();
        }
        assertEquals("large2 2/3", handled.get(handled.size() - 1));
    }

    @Test
    void shouldShowNothingOfABatchWhenItsPublisherDiesWhileFilling()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext()));
            Publisher other = test.engine().publisher("other"))
        {
            final Publisher publisher = test.engine().publisher("dying");
            final EventBatchBuilder batch = publisher.newBatch()
                .add(event(Priority.NORMAL, "a")).add(event(Priority.NORMAL, "b")).add(event(Priority.NORMAL, "c"));
            // The memory of the second and third event is gone.
            batch.buffer().wrap(batch.buffer(), 0, batch.length(0));
            assertThrows(IndexOutOfBoundsException.class, () -> publisher.publishBatch(batch));
            assertTrue(other.publish(event(Priority.NORMAL, "after")) >= 0);
            test.runUntilIdle();
            assertEquals(List.of("after 0/1"), handled);
            assertEquals(1, test.engine().stats().accepted());
            assertEquals(0, test.engine().stats().priority(Priority.NORMAL).depth());
            publisher.close();
        }
        assertEquals(List.of("after"), JournalDigest.map(directory, EventFlyweight::id));
    }

    @Test
    void shouldJudgeEachEventForItselfWhenABatchHoldsDuplicates()
    {
        final EngineContext context = context(new JournalContext()).dedup(new DedupContext());
        try (TestEngine test = TestEngine.launch(context))
        {
            final long ticket = test.publisher().publishBatch(
                List.of(event(Priority.LOW, "a"), event(Priority.LOW, "a"), event(Priority.LOW, "b").subject("other")
                    .payloadText("other")));
            test.runUntilIdle();
            assertFalse(test.publisher().isDuplicate(ticket));
            assertTrue(test.publisher().isDuplicate(test.publisher().ticketOf(ticket, 1)));
            assertFalse(test.publisher().isDuplicate(test.publisher().ticketOf(ticket, 2)));
        }
        assertEquals(List.of("a 0/3", "b 2/3"), handled);
        assertEquals(
            List.of(Verdict.ACCEPTED, Verdict.DUPLICATE_ID, Verdict.ACCEPTED),
            JournalDigest.map(directory, EventFlyweight::verdict));
    }

    @Test
    void shouldGiveOneReceiptPerEventInOrderWhenPublishedAsynchronously() throws Exception
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            final CompletableFuture<List<Receipt>> receipts =
                test.publisher().publishBatchAsync(events(Priority.HIGH, 3)).toCompletableFuture();
            assertFalse(receipts.isDone());
            test.runUntilIdle();
            final List<Receipt> got = receipts.get(30, TimeUnit.SECONDS);
            assertEquals(3, got.size());
            for (int i = 0; i < 3; i++)
            {
                assertEquals("e" + i, got.get(i).id());
                assertEquals(i + 1, got.get(i).sequence());
            }
            final ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> test.publisher().publishBatchAsync(events(Priority.HIGH, 70)).toCompletableFuture()
                    .get(30, TimeUnit.SECONDS));
            assertEquals(
                PublishResult.BATCH_TOO_LARGE,
                assertInstanceOf(PublishException.class, refused.getCause()).result());
        }
    }

    @Test
    void shouldTellIdsAndSizesWhenABatchIsBuilt()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            final EventBatchBuilder batch = test.publisher().newBatch();
            assertEquals(0, batch.size());
            for (int i = 0; i < 40; i++)
            {
                batch.add(event(Priority.HIGH, i == 20 ? null : "e" + i).payload(new byte[500]));
            }
            assertEquals(40, batch.size());
            assertTrue(batch.length() > 40 * 500, "bytes " + batch.length());
            assertEquals("e39", batch.id(39));
            assertEquals(36, batch.id(20).length(), "a generated UUID");
            assertThrows(IndexOutOfBoundsException.class, () -> batch.id(40));
            assertThrows(IndexOutOfBoundsException.class, () -> batch.id(-1));
            final String generated = batch.id(20);
            test.publisher().publishBatch(batch);
            batch.clear();
            assertEquals(0, batch.length());
            test.runUntilIdle();
            assertEquals(generated + " 20/40", handled.get(20));
        }
    }

    @Test
    void shouldPublishRecordsOfABatchAloneWhenTheyComeOneByOne()
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[8192]);
        final int length;
        try (TestEngine test = TestEngine.launch(context(new JournalContext())))
        {
            length =
                encode(test, event(Priority.HIGH, "copied").payload(new byte[6000]), record).recordLength();
            EventStamp.batch(record, 0, 3, 7);
            test.publisher().publish(record, 0, length, 0);
            final EventClaim claim = new EventClaim();
            assertTrue(test.publisher().tryClaim(claim, Priority.HIGH, length) >= 0);
            claim.buffer().putBytes(claim.offset(), record, 0, length);
            claim.publish();
            test.publisher().publishBatch(test.publisher().newBatch().add(record, 0, length).add(record, 0, length));
            test.runUntilIdle();
        }
        assertEquals(List.of("copied 0/1", "copied 0/1", "copied 0/2", "copied 1/2"), handled);
        try (TestEngine test = TestEngine.launch(context(new JournalContext()).runId(2).maxEventLength(4096)))
        {
            assertEquals(PublishResult.EVENT_TOO_LARGE, test.publisher().publish(record, 0, length, 0));
            assertEquals(
                PublishResult.EVENT_TOO_LARGE,
                test.publisher().publishBatch(test.publisher().newBatch().add(record, 0, length)));
        }
    }

    @Test
    void shouldGuaranteeEachPublisherItsShareWhenBatchesFlood()
    {
        try (TestEngine test = TestEngine.launch(context(new JournalContext()));
            Publisher flood = test.engine().publisher("flood"); Publisher calm = test.engine().publisher("calm"))
        {
            int accepted = 0;
            while (flood.publishBatch(events(Priority.LOW, 10)) >= 0)
            {
                accepted += 10;
            }
            assertEquals(70, accepted, "100 less the guarantee of 25");
            assertEquals(PublishResult.PUBLISHER_LIMITED, flood.publishBatch(events(Priority.LOW, 10)));
            assertTrue(calm.publishBatch(events(Priority.LOW, 20)) >= 0);
            assertTrue(calm.publishBatch(events(Priority.LOW, 5)) >= 0);
            test.runUntilIdle();
            assertEquals(95, test.engine().stats().priority(Priority.LOW).handled());
            assertTrue(test.engine().drain(Waiting.LIMIT_NS));
        }
    }

    @Test
    void shouldAllocateNothingWhenABatchIsReused()
    {
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        final EngineContext context = context(new JournalContext()).limit(Priority.LOW, 1 << 16);
        try (TestEngine test = TestEngine.launch(context))
        {
            final Publisher publisher = test.publisher();
            final EventBatchBuilder batch = publisher.newBatch();
            final EventBuilder event = new EventBuilder().type("load.step").priority(Priority.LOW).payload(new byte[9]);
            final List<EventBuilder> list = Arrays.asList(event, event, event);
            final long thread = Thread.currentThread().getId();
            long before = 0;
            for (int i = 0; i < 8000; i++)
            {
                before = i == 4000 ? threads.getThreadAllocatedBytes(thread) : before;
                batch.clear().add(event).add(event).add(event);
                publisher.publishBatch(batch);
                publisher.publishBatch(list);
            }
            final long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertEquals(0, allocated / 4000, allocated + " bytes for 8000 batches");
            assertEquals(48_000, test.engine().stats().accepted());
        }
    }

    private static EventFlyweight encode(final TestEngine test, final EventBuilder event, final UnsafeBuffer record)
    {
        final EventBatchBuilder batch = test.publisher().newBatch().add(event);
        batch.event(0).copyTo(record, 0);
        return new EventFlyweight().wrap(record, 0);
    }

    private EngineContext context(final JournalContext settings)
    {
        final EngineContext context = new EngineContext().directory(directory)
            .journal(settings)
            .dedup(new DedupContext().enabled(false))
            .subscribe(SubscriptionSpec.to("*", event -> handled.add(text(event))));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, LIMIT);
        }
        return context;
    }

    private Engine launchRecorded(final EngineContext context)
    {
        context.threadingMode(ThreadingMode.INVOKER)
            .clock(new ManualClock(Instant.parse("2024-01-20T10:30:00Z")))
            .seed(42);
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, 5000);
        }
        return new Engine(EngineLifecycle.launch(context.conclude(), settings ->
        {
            journal = RecordedJournal.open(settings);
            return journal;
        }));
    }

    private static void invokeUntilIdle(final Engine engine)
    {
        int count = engine.invoke();
        while (count > 0)
        {
            count = engine.invoke();
        }
    }

    private static String text(final EventFlyweight event)
    {
        return event.id() + " " + event.batchIndex() + "/" + event.batchCount();
    }

    private static List<EventBuilder> events(final Priority priority, final int count)
    {
        final List<EventBuilder> events = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            events.add(event(priority, "e" + i));
        }
        return events;
    }

    private static EventBuilder event(final Priority priority, final String id)
    {
        return new EventBuilder().type("load.step").priority(priority).id(id);
    }
}
