package io.sluice.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PipelineHold;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.RetentionPolicy;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try")
class CatchUpTest
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    private final List<Long> sequences = new ArrayList<>();
    private final List<MissedEvents> missed = new ArrayList<>();
    private final StreamHandler seeing = new StreamHandler()
    {
        @Override
        public void onEvent(final EventFlyweight event)
        {
            sequences.add(event.sequence());
        }

        @Override
        public void onMissed(final MissedEvents events)
        {
            missed.add(events);
        }
    };

    @Test
    void shouldGoOnFromTheJournalAndComeBackWhenTheBufferHadNoRoom()
    {
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.on(test.engine());
            EventStream stream = streams.subscribe(waiting("slow", 8)))
        {
            publish(test, "a", 50);
            assertTrue(test.engine().memory().byUser().get("streams") > 0, "the engine counts it");
            assertEquals(StreamState.CATCHING_UP, stream.stats().state());
            assertTrue(stream.stats().fullSinceNs() > 0);
            drain(stream);
            assertEquals(upTo(50), sequences);
            assertEquals(42, stream.stats().fromJournal());
            assertEquals(50, stream.stats().delivered());
            publish(test, "a", 3);
            assertEquals(StreamState.CATCHING_UP, stream.stats().state(), "until the subscriber has looked");
            drain(stream);
            assertEquals(StreamState.LIVE, stream.stats().state());
            assertEquals(0, stream.stats().fullSinceNs());
            publish(test, "a", 3);
            drain(stream);
            assertEquals(upTo(56), sequences);
            assertEquals(42, stream.stats().fromJournal());
            assertEquals(0, stream.stats().missed());
        }
    }

    @Test
    void shouldGiveOnlyWhatMatchesAndIsNoDuplicateWhenItReadsTheJournal()
    {
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.on(test.engine());
            EventStream stream = streams.subscribe(
                waiting("picky", 1).pattern("a").minimumPriority(Priority.NORMAL)))
        {
            publish(test, "a", 2);
            publish(test, "b", 2);
            publish(test, "a", Priority.LOW);
            final EventBuilder same = new EventBuilder().type("a").id("same").payloadText("same");
            test.publisher().publish(same);
            test.publisher().publish(same);
            publish(test, "a", 1);
            drain(stream);
            assertEquals(List.of(1L, 2L, 6L, 8L), sequences);
        }
    }

    @Test
    void shouldGiveTheSameWithTheRulesAppliedWhenItReadsTheJournal()
    {
        final List<RoutingRule> rules = List.of(
            RoutingRule.named("noise").pattern("noise").discard().build(),
            RoutingRule.named("elsewhere").pattern("elsewhere").divert("other").build(),
            RoutingRule.named("nowhere").pattern("nowhere").divert("nobody").build(),
            RoutingRule.named("shared").pattern("shared").divert("other").copyTo("streams").build(),
            RoutingRule.named("here").pattern("here").divert("streams").build(),
            RoutingRule.named("renamed").pattern("old").rename("type", "new").build());
        final List<String> live = new ArrayList<>();
        final List<String> late = new ArrayList<>();
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory).rules(rules)
                .subscribe(SubscriptionSpec.to("*", event -> {}).name("other")));
            EventStreams streams = EventStreams.on(test.engine());
            EventStream roomy = streams.subscribe(EventStreamSpec.of("roomy").filter("type <> 'plain'"));
            EventStream slow = streams.subscribe(waiting("slow", 1).filter("type <> 'plain'")))
        {
            for (final String type : List.of(
                "first", "noise", "elsewhere", "nowhere", "shared", "here", "old", "plain", "last"))
            {
                publish(test, type, 1);
            }
            drain(roomy, live);
            drain(slow, late);
            assertEquals(
                List.of("1 first", "4 nowhere", "5 shared", "6 here", "7 new", "9 last"), live);
            assertEquals(live, late);
            assertEquals(5, slow.stats().fromJournal());
            // As the rules were when the event was journaled.
            publish(test, "first", 2);
            test.engine().rules().remove("renamed");
            publish(test, "old", 1);
            drain(roomy, live);
            drain(slow, late);
            assertEquals(live, late);
            assertEquals("12 old", late.get(late.size() - 1));
        }
    }

    @Test
    void shouldGiveEachEventOnceAndInOrderWhenSubscriberAndEngineTakeTurnsAtRandom()
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            sequences.clear();
            takeTurns(new Random(seed), directory.resolve("seed-" + seed), "seed " + seed);
        }
    }

    @Test
    void shouldGiveEachEventOnceAndInOrderWhenTheJournalIsAheadOfTheFeed() throws Exception
    {
        final int count = 400;
        final Random types = new Random(1);
        try (TestEngine test = launch())
        {
            for (int i = 0; i < count; i++)
            {
                publish(test, "t", Priority.values()[types.nextInt(Priority.COUNT)]);
            }
        }
        for (int seed = 1; seed <= 20; seed++)
        {
            final Random random = new Random(seed);
            final List<Queue<EventFlyweight>> unhandled = unhandled();
            final List<Long> delivered = new ArrayList<>();
            final StreamHandler handler =
                event -> delivered.add(event.sequence() * Priority.COUNT + event.priorityCode());
            try (EventStreams streams = EventStreams.open(new EventStreamsContext().journal(directory, () -> 0));
                EventStream stream = streams.subscribe(waiting("slow", 1 + random.nextInt(8))))
            {
                int left = count;
                while (left > 0)
                {
                    final Queue<EventFlyweight> queue = unhandled.get(random.nextInt(Priority.COUNT));
                    for (int i = random.nextInt(12); i >= 0 && !queue.isEmpty(); i--)
                    {
                        streams.handler().onEvent(queue.remove());
                        left--;
                    }
                    stream.poll(handler, 1 + random.nextInt(8));
                }
                while (stream.poll(handler, 100) > 0)
                {
                    // Until nothing is left.
                }
                assertTrue(stream.stats().fromJournal() > 0);
            }
            check(delivered, count, "seed " + seed);
        }
    }

    @Test
    void shouldGiveEachEventOnceAndInOrderWhenEngineAndSubscriberRunAtOnce()
    {
        final int count = 20_000;
        final List<Long> delivered = new ArrayList<>();
        final StreamHandler handler =
            event -> delivered.add(event.sequence() * Priority.COUNT + event.priorityCode());
        final Random random = new Random(3);
        try (Engine engine = Engine.launch(
            new EngineContext().directory(directory).threadingMode(ThreadingMode.SHARED));
            EventStreams streams = EventStreams.on(engine);
            EventStream stream = streams.subscribe(waiting("slow", 4)))
        {
            for (int i = 0; i < count; i++)
            {
                final EventBuilder event = new EventBuilder().type("t").payloadText("" + i)
                    .priority(Priority.values()[random.nextInt(Priority.COUNT)]);
                while (engine.publisher().publish(event) < 0)
                {
                    stream.poll(handler, 10);
                }
                if (random.nextInt(4) == 0)
                {
                    stream.poll(handler, 1 + random.nextInt(20));
                }
            }
            assertTrue(engine.drain(LIMIT_NS));
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (delivered.size() < count && System.nanoTime() < deadline)
            {
                stream.poll(handler, 100, 1_000_000);
            }
            assertTrue(stream.stats().fromJournal() > 0 && stream.stats().fromJournal() < count);
        }
        check(delivered, count, "threads");
    }

    @Test
    void shouldReadTheRestWhenTheStreamsAreClosedWhileItCatchesUp()
    {
        try (TestEngine test = launch())
        {
            final EventStreams streams = EventStreams.on(test.engine());
            final EventStream stream = streams.subscribe(waiting("slow", 4));
            final EventStream left = streams.subscribe(waiting("left", 4));
            publish(test, "a", 20);
            streams.close();
            publish(test, "a", 5);
            assertFalse(stream.isEnded());
            for (final StreamItem item : stream)
            {
                sequences.add(item.event().sequence());
            }
            assertEquals(upTo(20), sequences);
            assertTrue(stream.isEnded());
            assertEquals(1, left.poll(seeing, 1));
            assertEquals(5, left.poll(seeing, 5));
            left.close();
            assertTrue(left.isEnded());
            assertEquals(0, left.poll(seeing, 1));
            stream.close();
        }
    }

    @Test
    void shouldNotRepeatTheEventWhenTheHandlerThrowsWhileItCatchesUp()
    {
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.on(test.engine());
            EventStream stream = streams.subscribe(waiting("slow", 1)))
        {
            publish(test, "a", 3);
            assertEquals(1, stream.poll(seeing, 1));
            assertThrows(IllegalStateException.class, () -> stream.poll(
                event ->
                {
                    throw new IllegalStateException("as asked");
                },
                1));
            drain(stream);
            assertEquals(List.of(1L, 3L), sequences);
            assertEquals(3, stream.stats().delivered());
        }
    }

    @Test
    void shouldWaitForTheJournalAndTheFeedWhenTheSubscriberHasAThread() throws Exception
    {
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.on(test.engine());
            EventStream stream = streams.subscribe(waiting("slow", 2)))
        {
            publish(test, "a", 10);
            final Thread subscriber = new Thread(() ->
            {
                while (sequences.size() < 200)
                {
                    stream.poll(seeing, 3, 1_000_000_000L);
                }
            });
            subscriber.start();
            for (int i = 0; i < 19; i++)
            {
                publish(test, "a", 10);
            }
            while (subscriber.isAlive())
            {
                // One that joins needs an event of the feed to go on live, and gets what is there without one.
                subscriber.join(1);
            }
            assertEquals(upTo(200), sequences);
        }
    }

    @Test
    void shouldStartFromWhatIsHandledWhenThatIsKnown()
    {
        final long[] handled = {0};
        final long[] had = new long[Priority.COUNT];
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.open(new EventStreamsContext()
                .journal(directory, test.engine()::journaledSequence).handledSequence(() -> handled[0]));
            EventStream stream = streams.subscribe(waiting("slow", 2)))
        {
            test.engine().subscribe(SubscriptionSpec.to("*", streams.handler()));
            publish(test, "a", 2);
            drain(stream);
            handled[0] = 2;
            publish(test, "a", 5);
            stream.buffer().copyDetachedAt(had);
            assertTrue(Arrays.stream(had).min().getAsLong() >= 2, Arrays.toString(had));
            drain(stream);
            assertEquals(upTo(7), sequences);
        }
    }

    @Test
    void shouldReadFromWhatTheEngineHasHandledWhenOtherPrioritiesHadNoEvent()
    {
        final long[] had = new long[Priority.COUNT];
        try (TestEngine test = launch();
            EventStreams streams = EventStreams.on(test.engine());
            EventStream stream = streams.subscribe(waiting("slow", 2)))
        {
            for (int i = 0; i < 100; i++)
            {
                publish(test, "a", 1);
                drain(stream);
            }
            assertEquals(StreamBuffer.LIVE, stream.buffer().feeding());
            publish(test, "a", 3);
            assertEquals(StreamBuffer.DETACHED, stream.buffer().feeding());
            stream.buffer().copyDetachedAt(had);
            assertTrue(Arrays.stream(had).min().getAsLong() >= 100, Arrays.toString(had));
            drain(stream);
            assertEquals(upTo(103), sequences);
        }
    }

    @Test
    void shouldTellWhatIsGoneWhenRetentionWasFasterThanTheSubscriber() throws Exception
    {
        final int count = 900;
        final ArchivePolicy policy = new ArchivePolicy().after(Duration.ZERO).interval(Duration.ofMillis(1));
        try (Engine engine = Engine.launch(new EngineContext().directory(directory).threadingMode(ThreadingMode.SHARED)
            .journal(new JournalContext().rollSize(1 << 16).archive(policy))))
        {
            for (int i = 0; i < count; i++)
            {
                final EventBuilder event = new EventBuilder().type("a.b").payloadText("x".repeat(100) + i);
                while (engine.publisher().publish(event) < 0)
                {
                    Thread.onSpinWait();
                }
            }
            assertTrue(engine.drain(LIMIT_NS));
            final long deadline = System.nanoTime() + LIMIT_NS;
            while (JournalArchive.list(directory).size() < 3)
            {
                assertTrue(System.nanoTime() < deadline, "files are archived");
                Thread.onSpinWait();
            }
        }
        final ArchivePolicy expire = new ArchivePolicy().thread(false)
            .retention(RetentionPolicy.keepAll().defaultTerm(Duration.ofNanos(1)));
        JournalArchive.archiveNow(
            new JournalContext().directory(directory).archive(PipelineHold.addTo(expire, directory)), true);
        final TestEvents events = new TestEvents();
        try (EventStreams streams = EventStreams.open(new EventStreamsContext().journal(directory, () -> 0));
            EventStream stream = streams.subscribe(waiting("slow", 1)))
        {
            for (int i = 1; i <= count; i++)
            {
                streams.handler().onEvent(events.next(i));
            }
            streams.close();
            drain(stream);
            assertEquals(1, missed.size());
            assertEquals(MissedEvents.UNKNOWN, missed.get(0).count());
            final long goesOnAt = missed.get(0).lastSequence() + 1;
            assertTrue(missed.get(0).firstSequence() <= 2 && goesOnAt > 2, missed.toString());
            assertEquals(1, sequences.get(0));
            assertEquals(
                LongStream.rangeClosed(goesOnAt, count).boxed().toList(), sequences.subList(1, sequences.size()));
            assertTrue(stream.isEnded());
        }
    }

    @Test
    void shouldHaveNoStreamThatWaitsWhenThereIsNoJournal()
    {
        try (TestEngine test = TestEngine.launch(
            new EngineContext().directory(directory).durability(Durability.NONE));
            EventStreams streams = EventStreams.on(test.engine()))
        {
            assertThrows(EventStreamException.class, () -> streams.subscribe(waiting("slow", 1)));
            final EventStream stream = streams.subscribe(EventStreamSpec.of("fast"));
            publish(test, "a", 1);
            drain(stream);
            assertEquals(upTo(1), sequences);
        }
    }

    /** What the journal holds, by priority. */
    private List<Queue<EventFlyweight>> unhandled()
    {
        final List<Queue<EventFlyweight>> queues = new ArrayList<>();
        for (int code = 0; code < Priority.COUNT; code++)
        {
            queues.add(new ArrayDeque<>());
        }
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            final RecordHandler keeping = event ->
            {
                final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
                event.copyTo(copy, 0);
                queues.get(event.priorityCode()).add(new EventFlyweight().wrap(copy, 0));
            };
            while (tailer.poll(keeping, 100) > 0)
            {
                // Until the end.
            }
        }
        return queues;
    }

    private void takeTurns(final Random random, final Path data, final String message)
    {
        final List<List<Long>> delivered = List.of(new ArrayList<>(), new ArrayList<>());
        int published = 0;
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(data));
            EventStreams streams = EventStreams.on(test.engine()))
        {
            final List<EventStream> open = List.of(
                streams.subscribe(waiting("one", 1 + random.nextInt(6))),
                streams.subscribe(waiting("two", 1 + random.nextInt(30))));
            final List<StreamHandler> handlers = List.of(
                event -> delivered.get(0).add(event.sequence() * Priority.COUNT + event.priorityCode()),
                event -> delivered.get(1).add(event.sequence() * Priority.COUNT + event.priorityCode()));
            for (int step = 0; step < 400; step++)
            {
                final int what = random.nextInt(10);
                if (what < 5)
                {
                    final Priority priority = Priority.values()[random.nextInt(Priority.COUNT)];
                    for (int i = random.nextInt(4); i >= 0; i--)
                    {
                        published++;
                        test.publisher().publish(
                            new EventBuilder().type("t").priority(priority).payloadText("" + published));
                    }
                }
                else if (what < 7)
                {
                    test.engine().invoke();
                }
                else
                {
                    final int index = random.nextInt(2);
                    open.get(index).poll(handlers.get(index), 1 + random.nextInt(12));
                }
            }
            test.runUntilIdle();
            for (int index = 0; index < 2; index++)
            {
                while (open.get(index).poll(handlers.get(index), 100) > 0)
                {
                    // Until nothing is left.
                }
                check(delivered.get(index), published, message + " stream " + index);
            }
        }
    }

    private static void check(final List<Long> delivered, final int published, final String message)
    {
        final long[] last = new long[Priority.COUNT];
        final TreeSet<Long> all = new TreeSet<>();
        for (final long entry : delivered)
        {
            final int code = (int)(entry % Priority.COUNT);
            final long sequence = entry / Priority.COUNT;
            assertTrue(sequence > last[code], message + ": " + sequence + " after " + last[code]);
            last[code] = sequence;
            all.add(sequence);
        }
        assertEquals(published, all.size(), message);
        assertEquals(published, delivered.size(), message);
    }

    private TestEngine launch()
    {
        return TestEngine.launch(new EngineContext().directory(directory));
    }

    private static EventStreamSpec waiting(final String name, final int size)
    {
        return EventStreamSpec.of(name).bufferSize(size).overflow(StreamOverflow.WAIT);
    }

    private void drain(final EventStream stream)
    {
        while (stream.poll(seeing, 100) > 0)
        {
            // Until nothing is left.
        }
    }

    private static void drain(final EventStream stream, final List<String> events)
    {
        while (stream.poll(event -> events.add(event.sequence() + " " + event.type()), 100) > 0)
        {
            // Until nothing is left.
        }
    }

    private static List<Long> upTo(final long last)
    {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void publish(final TestEngine test, final String type, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            publish(test, type, Priority.NORMAL);
        }
    }

    private static void publish(final TestEngine test, final String type, final Priority priority)
    {
        test.publisher().publish(new EventBuilder().type(type).priority(priority)
            .payloadText(Long.toString(test.engine().journaledSequence())));
        test.runUntilIdle();
    }
}
