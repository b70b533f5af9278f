package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalContext;
import io.sluice.journal.PositionException;
import io.sluice.replay.ReplayCheckpoints;
import io.sluice.replay.ReplayContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class EngineReplayTest
{
    private static final Instant START = Instant.parse("2024-01-20T10:30:00Z");
    private static final int EVENTS = 3000;

    private final ManualClock clock = new ManualClock(START);
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void shouldPublishWhatEventsHadAndLeaveOutDuplicatesWhenReplayed(final ThreadingMode mode)
    {
        final int accepted = fill();
        final List<String> handled = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = Engine.launch(
            target(mode).subscribe(SubscriptionSpec.to("*", (event) -> handled.add(shown(event))))))
        {
            try (EngineReplay replay = open(engine, source()))
            {
                run(engine, replay);
                assertEquals(EVENTS, replay.read());
                assertEquals(accepted, replay.published());
                assertEquals(EVENTS - accepted, replay.duplicates());
                assertEquals(0, replay.known());
                assertEquals(0, replay.refused());
                assertEquals(EVENTS + 1, replay.nextSequence());
            }
            assertTrue(engine.drain(TimeUnit.SECONDS.toNanos(30)));
        }
        assertTrue(accepted < EVENTS - 100, "too few duplicates to prove anything");
        for (final Priority priority : Priority.values())
        {
            final List<String> expected = ofPriority(sourceDirectory(), priority);
            assertTrue(expected.size() > 100, priority + ": " + expected.size());
            assertEquals(expected, ofPriority(targetDirectory(), priority));
        }
        assertEquals(List.of(true), JournalDigest.map(targetDirectory(), EngineReplayTest::isReplayed).stream()
            .distinct().toList());
        Collections.sort(handled);
        assertEquals(rows(targetDirectory()).stream().sorted().toList(), handled);
        assertTrue(errors.isEmpty(), () -> "unexpected " + errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAddNothingWhenReplayedAgainWeeksLater(final ThreadingMode mode)
    {
        final int accepted = fill();
        for (int time = 0; time < 3; time++)
        {
            try (Engine engine = Engine.launch(target(mode)); EngineReplay replay = open(engine, source()))
            {
                run(engine, replay);
                assertEquals(time == 0 ? accepted : 0, replay.published());
                assertEquals(time == 0 ? 0 : accepted, replay.known());
                assertEquals(accepted, engine.journaledSequence());
                // The engine of the next time recalls none of these ids.
                clock.advance(Duration.ofDays(14));
            }
        }
        assertEquals(accepted, JournalDigest.map(targetDirectory(), EventFlyweight::id).stream().distinct().count());
    }

    @ParameterizedTest
    @EnumSource
    void shouldAddNothingWhenAnEngineReplaysItsOwnJournal(final ThreadingMode mode) throws Exception
    {
        final int accepted = fill();
        final String before = JournalDigest.of(sourceDirectory());
        clock.advance(Duration.ofDays(1));
        try (Engine engine = Engine.launch(context(sourceDirectory(), mode));
            EngineReplay replay = open(engine, source()))
        {
            run(engine, replay);
            assertEquals(accepted, replay.known());
            assertEquals(0, replay.published());
            assertEquals(EVENTS, engine.journaledSequence());
        }
        assertEquals(before, JournalDigest.of(sourceDirectory()));
    }

    @Test
    void shouldWriteTheSameRecordsWhenReplayedIntoTwoEngines() throws Exception
    {
        fill();
        final List<String> digests = new ArrayList<>();
        final List<Long> replayDigests = new ArrayList<>();
        for (int time = 0; time < 2; time++)
        {
            final Path data = directory.resolve("target-" + time);
            final EngineContext context = context(data, ThreadingMode.INVOKER).runId(9).clock(new ManualClock(START));
            try (Engine engine = Engine.launch(context);
                EngineReplay replay = open(engine, source()))
            {
                run(engine, replay);
                replayDigests.add(replay.digest());
            }
            digests.add(JournalDigest.of(data));
        }
        assertEquals(digests.get(0), digests.get(1));
        assertEquals(replayDigests.get(0), replayDigests.get(1));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingAndKeepTheOrderWhenTheEngineIsFull(final ThreadingMode mode)
    {
        final int accepted = fill();
        final EngineContext context = target(mode)
            .subscribe(SubscriptionSpec.to("*", (event) -> LockSupport.parkNanos(20_000)));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, 2);
        }
        try (Engine engine = Engine.launch(context); EngineReplay replay = open(engine, source()))
        {
            run(engine, replay);
            assertEquals(accepted, replay.published());
            assertTrue(engine.stats().refused() > 0, "never full");
        }
        for (final Priority priority : Priority.values())
        {
            assertEquals(ofPriority(sourceDirectory(), priority), ofPriority(targetDirectory(), priority));
        }
    }

    @Test
    void shouldSaveAPlaceOnlyBehindWhatIsJournaledWhenThereIsACheckpoint()
    {
        fill();
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER));
            EngineReplay replay = open(engine, source().checkpoint("copy")))
        {
            assertTrue(replay.poll() > 0);
            replay.poll();
            assertEquals(0, place(), "in the rings, and not journaled");
            while (engine.journaledSequence() == 0)
            {
                engine.invoke();
            }
            assertEquals(0, place());
            while (place() == 0)
            {
                replay.poll();
                engine.invoke();
            }
            final long behind = place();
            assertTrue(behind > 100 && behind < EVENTS, "place " + behind);
            assertEquals(behind + 1, replay.nextSequence());
        }
        final long before = place();
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER));
            EngineReplay replay = open(engine, source().checkpoint("copy")))
        {
            run(engine, replay);
            assertEquals(EVENTS, place());
            assertEquals(EVENTS - before, replay.read());
            assertEquals(0, replay.known());
        }
        assertEquals(
            JournalDigest.map(targetDirectory(), EventFlyweight::id).size(),
            JournalDigest.map(targetDirectory(), EventFlyweight::id).stream().distinct().count());
    }

    @Test
    void shouldMoveThePlaceWhenNothingIsLeftToPublish()
    {
        fill();
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER));
            EngineReplay replay = open(
                engine, source().checkpoint("copy").filter(EventFilter.of("type = 'no.such.type'"))))
        {
            run(engine, replay);
            assertEquals(0, replay.read());
            assertEquals(EVENTS, place());
        }
    }

    @Test
    void shouldRefuseTheCheckpointWhenItIsOfAnotherEngine()
    {
        fill();
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER));
            EngineReplay replay = open(engine, source().checkpoint("copy")))
        {
            run(engine, replay);
        }
        try (Engine engine = Engine.launch(context(directory.resolve("other"), ThreadingMode.INVOKER)))
        {
            final PositionException error =
                assertThrows(PositionException.class, () -> open(engine, source().checkpoint("copy")));
            assertTrue(error.getMessage().contains("TRUE, into "), error.getMessage());
            assertTrue(error.getMessage().contains("use another name"), error.getMessage());
        }
    }

    @Test
    void shouldEndBeforeTheEventOrSkipItWhenTheEngineCanNotTakeIt()
    {
        try (Engine engine = Engine.launch(context(sourceDirectory(), ThreadingMode.INVOKER)))
        {
            publish(engine, new EventBuilder().id("a").type("t"));
            publish(engine, new EventBuilder().id("large").type("t").payloadText("x".repeat(5000)));
            publish(engine, new EventBuilder().id("b").type("t").payloadText("b"));
        }
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER).maxEventLength(4096));
            EngineReplay replay = open(engine, source().checkpoint("copy")))
        {
            final EventStreamException error =
                assertThrows(EventStreamException.class, () -> run(engine, replay));
            assertTrue(error.getMessage().matches(
                "sequence 2, event large of 5\\d\\d\\d bytes, was refused: EVENT_TOO_LARGE; .*"), error.getMessage());
            assertEquals(error, assertThrows(EventStreamException.class, replay::poll));
            assertFalse(replay.isEnded());
            assertEquals(2, replay.nextSequence());
            assertEquals(1, replay.published());
            assertEquals(1, replay.refused());
            assertEquals(0, place());
        }
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER).maxEventLength(4096));
            EngineReplay replay = EngineReplay.open(new EngineReplayContext()
                .engine(engine).replay(source().checkpoint("copy")).skipRefused(true)))
        {
            run(engine, replay);
            assertEquals(1, replay.published());
            assertEquals(1, replay.known());
            assertEquals(1, replay.refused());
            assertEquals(3, place());
        }
        assertEquals(List.of("a", "b"), JournalDigest.map(targetDirectory(), EventFlyweight::id));
    }

    @Test
    void shouldPublishAnIdOnceWhenTheJournalHasItTwice()
    {
        try (Engine engine = Engine.launch(context(sourceDirectory(), ThreadingMode.INVOKER)))
        {
            for (int i = 0; i < 1200; i++)
            {
                publish(engine, new EventBuilder().id("id " + i % 400).type("t").payloadText("p" + i));
                clock.advance(Duration.ofSeconds(2));
            }
        }
        assertEquals(1200, acceptedOf(sourceDirectory()));
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER)); EngineReplay replay = open(engine, source()))
        {
            run(engine, replay);
            assertEquals(400, replay.published());
            assertEquals(800, replay.known());
            assertEquals(400, engine.journaledSequence());
        }
    }

    @Test
    void shouldCountAnEventAsKnownWhenSomebodyElsePublishesItMeanwhile()
    {
        try (Engine engine = Engine.launch(context(sourceDirectory(), ThreadingMode.INVOKER)))
        {
            for (int i = 0; i < 20; i++)
            {
                publish(engine, new EventBuilder().id("id " + i).type("t").payloadText("p" + i));
            }
        }
        final EngineContext context = target(ThreadingMode.INVOKER).limit(Priority.NORMAL, 4);
        try (Engine engine = Engine.launch(context); EngineReplay replay = open(engine, source()))
        {
            replay.poll();
            // Of the four in the ring, none is journaled; the others have been looked up, and not found.
            engine.invoke();
            publish(engine, new EventBuilder().id("id 4").type("t").payloadText("somebody else's"));
            replay.poll();
            engine.invoke();
            publish(engine, new EventBuilder().id("id 15").type("t").payloadText("somebody else's, too"));
            clock.advance(Duration.ofSeconds(2));
            run(engine, replay);
            assertEquals(18, replay.published());
            assertEquals(2, replay.known());
        }
        assertEquals(20, acceptedOf(targetDirectory()));
        assertEquals(
            List.of("id 4"),
            JournalDigest.map(targetDirectory(), (event) -> event.verdict().isDuplicate() ? event.id() : "")
                .stream().filter((id) -> !id.isEmpty()).toList(),
            "the later one was looked up again");
    }

    @Test
    void shouldSayWhyWhenTheEngineIsClosedAmidTheReplay()
    {
        fill();
        final EngineContext context = target(ThreadingMode.INVOKER).limit(Priority.NORMAL, 4);
        final Engine engine = Engine.launch(context);
        try (EngineReplay replay = open(engine, source().checkpoint("copy")))
        {
            replay.poll();
            engine.close();
            final EventStreamException error = assertThrows(EventStreamException.class, () -> run(engine, replay));
            assertTrue(error.getMessage().contains("CLOSED"), error.getMessage());
            assertTrue(error.getMessage().contains("the engine is CLOSED"), error.getMessage());
            assertEquals(0, place());
        }
    }

    @Test
    void shouldPaceAndPauseWhenTheReplayIsNotUnthrottled()
    {
        try (Engine engine = Engine.launch(context(sourceDirectory(), ThreadingMode.INVOKER)))
        {
            for (int i = 0; i < 3; i++)
            {
                publish(engine, new EventBuilder().id("id " + i).type("t").payloadText("p" + i));
                clock.advance(Duration.ofSeconds(10));
            }
        }
        final long[] nowNs = {0};
        try (Engine engine = Engine.launch(target(ThreadingMode.INVOKER));
            EngineReplay replay = open(engine, source().speed(10).clock(() -> nowNs[0])))
        {
            settle(engine, replay);
            assertEquals(1, replay.published());
            assertEquals(TimeUnit.SECONDS.toNanos(1), replay.untilDueNs());
            replay.pause();
            nowNs[0] += TimeUnit.SECONDS.toNanos(5);
            settle(engine, replay);
            assertTrue(replay.isPaused());
            assertEquals(1, replay.published());
            replay.step(1);
            settle(engine, replay);
            assertEquals(2, replay.published());
            replay.resume();
            nowNs[0] += TimeUnit.SECONDS.toNanos(1);
            run(engine, replay);
            assertEquals(3, replay.published());
            assertEquals(0, replay.untilDueNs());
        }
    }

    @Test
    void shouldNameWhatIsWrongWhenTheContextDoesNotFit()
    {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> EngineReplay.open(new EngineReplayContext()))
            .getMessage().contains("engine is not set"));
        try (Engine engine = Engine.launch(
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.INVOKER)))
        {
            final EngineReplayContext context = new EngineReplayContext().engine(engine);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> EngineReplay.open(context))
                .getMessage().contains("replay is not set"));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> EngineReplay.open(context.replay(source())))
                .getMessage().contains("durability NONE keeps no journal"));
        }
    }

    /** @return events that were accepted as new. */
    private int fill()
    {
        final SplittableRandom random = new SplittableRandom(5);
        try (Engine engine = Engine.launch(context(sourceDirectory(), ThreadingMode.INVOKER)))
        {
            for (int i = 0; i < EVENTS; i++)
            {
                final EventBuilder event = new EventBuilder()
                    .type("load." + random.nextInt(5))
                    .source("somewhere")
                    .subject("subject " + i)
                    .priority(Priority.of(random.nextInt(Priority.COUNT)))
                    .category(Category.values()[i % Category.values().length])
                    .timestamp(START.minusSeconds(random.nextInt(1_000_000)))
                    .correlationId("c-" + i % 7)
                    .causationId("cause-" + i)
                    .sessionId("s-" + i % 3)
                    .workflowId("w-" + i % 5)
                    .aggregate("Order", "o-" + i % 11, i)
                    .version("1.2")
                    .metadata("nested", List.of(i, "a", true))
                    .payloadText("payload " + random.nextInt(EVENTS / 16));
                publish(engine, i % 3 == 0 ? event.id("evt '" + i + "\"") : event);
                clock.advance(Duration.ofMillis(random.nextInt(20)));
            }
        }
        return (int)acceptedOf(sourceDirectory());
    }

    private void publish(final Engine engine, final EventBuilder event)
    {
        final long ticket = engine.publisher().publish(event);
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
        engine.publisher().await(ticket, Durability.JOURNALED, TimeUnit.SECONDS.toNanos(10));
        while (engine.invoke() > 0)
        {
            Thread.onSpinWait();
        }
    }

    private static void run(final Engine engine, final EngineReplay replay)
    {
        while (!replay.isEnded())
        {
            final int work = replay.poll();
            if (engine.context().threadingMode() == ThreadingMode.INVOKER && engine.state() != EngineState.CLOSED)
            {
                engine.invoke();
            }
            else if (work == 0)
            {
                Thread.yield();
            }
        }
    }

    private static void settle(final Engine engine, final EngineReplay replay)
    {
        while (replay.poll() + engine.invoke() > 0)
        {
            Thread.onSpinWait();
        }
    }

    private static EngineReplay open(final Engine engine, final ReplayContext source)
    {
        return EngineReplay.open(new EngineReplayContext().engine(engine).replay(source));
    }

    private ReplayContext source()
    {
        return new ReplayContext().directory(sourceDirectory()).speed(ReplayContext.UNTHROTTLED);
    }

    private EngineContext target(final ThreadingMode mode)
    {
        return context(targetDirectory(), mode);
    }

    private EngineContext context(final Path data, final ThreadingMode mode)
    {
        return new EngineContext()
            .directory(data)
            .threadingMode(mode)
            .clock(clock)
            .seed(7)
            .journal(new JournalContext().rollSize(8 << 20).prepareAhead(0))
            .errorHandler(errors::add);
    }

    private Path sourceDirectory()
    {
        return directory.resolve("source");
    }

    private Path targetDirectory()
    {
        return directory.resolve("target");
    }

    private long place()
    {
        return ReplayCheckpoints.list(sourceDirectory()).stream()
            .filter((checkpoint) -> checkpoint.name().equals("copy"))
            .mapToLong((checkpoint) -> checkpoint.sequence())
            .sum();
    }

    private static long acceptedOf(final Path data)
    {
        return JournalDigest.map(data, EventFlyweight::verdict).stream()
            .filter((verdict) -> verdict == Verdict.ACCEPTED).count();
    }

    private static boolean isReplayed(final EventFlyweight event)
    {
        return event.flags() == EventDescriptor.FLAG_REPLAYED;
    }

    /** Accepted events of a priority in journal order. */
    private static List<String> ofPriority(final Path data, final Priority priority)
    {
        return rows(data).stream().filter((row) -> row.startsWith(priority + "|")).toList();
    }

    private static List<String> rows(final Path data)
    {
        return JournalDigest.map(data, (event) -> event.verdict() == Verdict.ACCEPTED ? shown(event) : "").stream()
            .filter((row) -> !row.isEmpty()).toList();
    }

    /** All that a publisher decides. */
    private static String shown(final EventFlyweight event)
    {
        final StringBuilder row = new StringBuilder().append(event.priority()).append('|').append(event.id());
        for (final EventField field : EventField.values())
        {
            row.append('|').append(event.text(field));
        }
        return row.append('|').append(event.category()).append('|').append(event.contentType())
            .append('|').append(event.eventTime()).append('|').append(event.aggregateVersion())
            .append('|').append(event.contentHashHigh()).append('|').append(event.contextHash())
            .append('|').append(event.batchIndex()).append('/').append(event.batchCount()).toString();
    }
}
