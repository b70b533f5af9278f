package io.sluice.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventJson;
import io.sluice.event.IdGenerator;
import io.sluice.event.Timestamps;
import io.sluice.event.Verdict;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.PositionException;
import io.sluice.journal.RecordHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReplayTest
{
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final List<Long> sequences = new ArrayList<>();
    private final RecordHandler collect = (event) -> sequences.add(event.sequence());
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(42));
    private long nowNs = 5;

    @TempDir
    private Path directory;

    @Test
    void shouldKeepDistancesWhenReplayedAtASpeed()
    {
        // Recorded at 0, 1, 3 and 6 seconds.
        fill(0, 1, 3, 6);
        try (JournalReplay replay = JournalReplay.open(context().speed(2)))
        {
            assertEquals(1, replay.poll(collect, 10));
            assertEquals(SECOND / 2, replay.untilDueNs());
            nowNs += SECOND / 2 - 1;
            assertEquals(0, replay.poll(collect, 10));
            assertEquals(1, replay.untilDueNs());
            nowNs += 1;
            assertEquals(1, replay.poll(collect, 10));
            nowNs += 100 * SECOND;
            assertEquals(1, replay.poll(collect, 1));
            assertFalse(replay.isEnded());
            assertEquals(1, replay.poll(collect, 1));
            assertEquals(List.of(1L, 2L, 3L, 4L), sequences);
            assertTrue(replay.isEnded());
            assertEquals(0, replay.untilDueNs());
            assertEquals(0, replay.poll(collect, 1));
            assertEquals(4, replay.handedOut());
        }
    }

    @Test
    void shouldWaitForNothingWhenUnthrottled()
    {
        fill(0, 100, 10_000, 20_000);
        try (JournalReplay replay = JournalReplay.open(context().speed(ReplayContext.UNTHROTTLED)))
        {
            assertEquals(4, replay.poll(collect, 10));
            assertTrue(replay.isEnded());
        }
    }

    @Test
    void shouldKeepTheTimesAtWhichEventsHappenedWhenAskedTo()
    {
        try (JournalAppender appender = appender())
        {
            append(appender, "{\"type\":\"t\",\"timestamp\":\"2024-01-01T00:00:00Z\"}", 0);
            append(appender, "{\"type\":\"t\",\"timestamp\":\"2023-01-01T00:00:00Z\"}", 0);
            append(appender, "{\"type\":\"t\",\"timestamp\":\"2024-01-01T00:00:10Z\"}", 0);
        }
        try (JournalReplay replay = JournalReplay.open(context().time(ReplayTime.HAPPENED)))
        {
            assertEquals(2, replay.poll(collect, 10));
            assertEquals(10 * SECOND, replay.untilDueNs());
        }
    }

    @Test
    void shouldStayWithinRangeAndFilterWhenThereAreSome()
    {
        fill(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertEquals(List.of(3L, 4L), replayed(context().fromSequence(3).toSequence(4)));
        assertEquals(List.of(3L, 4L, 5L), replayed(context().from(at(2)).to(at(5))));
        assertEquals(List.of(5L), replayed(context().from(at(2)).fromSequence(5).to(at(5))));
        assertEquals(List.of(2L, 4L, 6L, 8L, 10L), replayed(context().filter(EventFilter.of("payload.n % 2 = 0"))));
        assertEquals(List.of(10L), replayed(context().filter(EventFilter.of("payload.n = 10"))));
        assertEquals(List.of(), replayed(context().fromSequence(11)));
        assertEquals(List.of(), replayed(context().fromSequence(50)));
        assertEquals(List.of(), replayed(context().to(at(0))));
        assertEquals(List.of(1L), replayed(context().to(at(1))));
    }

    @Test
    void shouldEndWhereTheJournalEndedWhenMoreIsAppended()
    {
        try (JournalAppender appender = appender())
        {
            append(appender, "{\"type\":\"t\"}", 0);
            try (JournalReplay replay = JournalReplay.open(context().speed(ReplayContext.UNTHROTTLED)))
            {
                append(appender, "{\"type\":\"t\"}", 0);
                assertEquals(1, replay.poll(collect, 10));
                assertTrue(replay.isEnded());
            }
        }
    }

    @Test
    void shouldGoOnWithWhatWasLeftWhenPausedAndResumed()
    {
        fill(0, 10, 20, 30, 40);
        try (JournalReplay replay = JournalReplay.open(context()))
        {
            replay.poll(collect, 10);
            nowNs += 4 * SECOND;
            replay.pause();
            replay.pause();
            assertTrue(replay.isPaused());
            nowNs += 1000 * SECOND;
            assertEquals(0, replay.poll(collect, 10));
            replay.resume();
            replay.resume();
            assertEquals(0, replay.poll(collect, 10));
            assertEquals(6 * SECOND, replay.untilDueNs());
            nowNs += 6 * SECOND;
            assertEquals(1, replay.poll(collect, 10));

            replay.pause();
            replay.step(2);
            assertEquals(2, replay.poll(collect, 10));
            assertEquals(0, replay.poll(collect, 10));
            assertEquals(List.of(1L, 2L, 3L, 4L), sequences);
            nowNs += 7 * SECOND;
            replay.resume();
            assertEquals(0, replay.poll(collect, 10));
            assertEquals(10 * SECOND, replay.untilDueNs());
            assertThrows(IllegalStateException.class, () -> replay.step(1));
            assertThrows(IllegalArgumentException.class, () -> replay.step(0));
        }
    }

    @Test
    void shouldBeLookedAtAgainSoonWhenPausedAtAnySpeed()
    {
        fill(0, 10);
        for (final double speed : new double[]{1, ReplayContext.UNTHROTTLED})
        {
            try (JournalReplay replay = JournalReplay.open(context().speed(speed)))
            {
                replay.pause();
                assertEquals(0, replay.poll(collect, 10));
                assertEquals(1_000_000, replay.untilDueNs());
                replay.resume();
                assertTrue(replay.untilDueNs() <= 0, "" + replay.untilDueNs());
            }
        }
    }

    @Test
    void shouldStartAtTheStepWhenPausedBeforeTheFirstEvent()
    {
        fill(0, 10);
        try (JournalReplay replay = JournalReplay.open(context()))
        {
            replay.pause();
            nowNs += 3 * SECOND;
            assertEquals(0, replay.poll(collect, 10));
            replay.step(1);
            assertEquals(1, replay.poll(collect, 10));
            nowNs += 3 * SECOND;
            replay.resume();
            assertEquals(0, replay.poll(collect, 10));
            assertEquals(10 * SECOND, replay.untilDueNs());
        }
    }

    @Test
    void shouldGoOnAtTheCheckpointWhenOpenedAgain()
    {
        fill(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        for (int i = 0; i < 4; i++)
        {
            final ReplayContext nightly = context().checkpoint("nightly").speed(ReplayContext.UNTHROTTLED);
            try (JournalReplay replay = JournalReplay.open(nightly))
            {
                replay.poll(collect, 3);
            }
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), sequences);
        assertTrue(Files.exists(directory.resolve("positions/replay/nightly")));
        try (JournalReplay replay = JournalReplay.open(context().checkpoint("nightly")))
        {
            assertTrue(replay.isEnded());
        }
        assertEquals(List.of(1L), replayed(context().checkpoint("other").toSequence(1)));
    }

    @Test
    void shouldKeepThePlaceWhereItWasToldToStartWhenTheRangeIsEmpty()
    {
        fill(0, 1, 2, 3, 4);
        assertEquals(List.of(), replayed(context().checkpoint("c").fromSequence(3).toSequence(2)));
        assertEquals(List.of(3L, 4L), replayed(context().checkpoint("c").toSequence(4)));
        assertEquals(List.of(5L), replayed(context().checkpoint("c")));
    }

    @Test
    void shouldRepeatTheEventThatFailedWhenAHandlerThrows()
    {
        fill(0, 0, 0);
        final ReplayContext context = context().checkpoint("c").speed(ReplayContext.UNTHROTTLED);
        try (JournalReplay replay = JournalReplay.open(context))
        {
            assertThrows(IllegalStateException.class, () -> replay.poll((event) ->
            {
                if (event.sequence() == 2)
                {
                    throw new IllegalStateException("failed");
                }
                collect.onRecord(event);
            }, 10));
        }
        try (JournalReplay replay = JournalReplay.open(context))
        {
            assertEquals(2, replay.poll(collect, 10));
        }
        assertEquals(List.of(1L, 2L, 3L), sequences);
    }

    @Test
    void shouldNameTheCheckpointWhenItDoesNotFitTheJournal() throws Exception
    {
        fill(0, 0, 0);
        replayed(context().checkpoint("c"));
        final Path other = directory.resolve("other");
        try (JournalAppender appender = JournalAppender.open(journalContext(other)))
        {
            append(appender, "{\"type\":\"t\"}", 0);
        }
        Files.createDirectories(other.resolve("positions/replay"));
        Files.copy(directory.resolve("positions/replay/c"), other.resolve("positions/replay/c"));
        final PositionException ex = assertThrows(
            PositionException.class, () -> JournalReplay.open(context().directory(other).checkpoint("c")));
        assertTrue(ex.getMessage().contains("positions/replay/c"), ex.getMessage());
    }

    @Test
    void shouldReplayWhatBelongsTogetherWhenASessionIsAsked()
    {
        try (JournalAppender appender = appender())
        {
            append(appender, event("a", "s-1", "c-1", null), 0);
            append(appender, event("b", "s-2", "c-1", null), 0);
            append(appender, event("c", "s-2", "c-2", "b"), 0);
            append(appender, event("d", "s-2", "c-2", null), 0);
            append(appender, event("e", "s-3", "c-3", null), 0);
            append(appender, event("f", "s-1", null, null), 0);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 6L), replayed(context().sessionId("s-1")));
        assertEquals(List.of(1L, 6L), replayed(context().sessionId("s-1").includeRelated(false)));
        assertEquals(List.of(5L), replayed(context().correlationId("c-3")));
        assertEquals(List.of(1L, 2L), replayed(context().correlationId("c-1").includeRelated(false)));
        assertEquals(List.of(1L), replayed(context().correlationId("c-1").sessionId("s-1").includeRelated(false)));
        assertEquals(List.of(), replayed(context().sessionId("nobody")));
    }

    @Test
    void shouldGiveTheSameDigestWhenReplayedTwice()
    {
        fill(0, 1, 2, 3);
        final long[] digests = new long[3];
        for (int i = 0; i < digests.length; i++)
        {
            try (JournalReplay replay = JournalReplay.open(
                context().speed(ReplayContext.UNTHROTTLED).toSequence(i == 2 ? 3 : 4)))
            {
                while (!replay.isEnded())
                {
                    replay.poll(collect, i + 1);
                }
                digests[i] = replay.digest();
            }
        }
        assertEquals(digests[0], digests[1]);
        assertNotEquals(digests[0], digests[2]);
    }

    @Test
    void shouldSayWhatIsAllowedWhenASettingIsWrong()
    {
        final ReplayContext context = new ReplayContext();
        assertThrows(IllegalArgumentException.class, () -> JournalReplay.open(context));
        assertThrows(IllegalArgumentException.class, () -> context.speed(0.05));
        assertThrows(IllegalArgumentException.class, () -> context.speed(101));
        assertThrows(IllegalArgumentException.class, () -> context.speed(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> context.fromSequence(0));
        for (final String name : new String[]{"", ".hidden", "a/b", "x.new", "a".repeat(65)})
        {
            assertThrows(IllegalArgumentException.class, () -> context.checkpoint(name), name);
        }
        assertThrows(DataDirectoryException.class,
            () -> JournalReplay.open(new ReplayContext().directory(directory.resolve("nowhere"))));
    }

    @Test
    void shouldEndAtOnceWhenTheJournalIsEmpty()
    {
        appender().close();
        assertEquals(List.of(), replayed(context().from(at(1)).sessionId("s")));
        assertEquals(List.of(), replayed(context()));
    }

    private ReplayContext context()
    {
        return new ReplayContext().directory(directory).clock(() -> nowNs);
    }

    private List<Long> replayed(final ReplayContext context)
    {
        final List<Long> found = new ArrayList<>();
        try (JournalReplay replay = JournalReplay.open(context.speed(ReplayContext.UNTHROTTLED)))
        {
            do
            {
                replay.poll((event) -> found.add(event.sequence()), 2);
            }
            while (!replay.isEnded());
        }
        return found;
    }

    private static Instant at(final int second)
    {
        return Instant.parse(Timestamps.text(START_NS + second * SECOND));
    }

    private JournalAppender appender()
    {
        return JournalAppender.open(journalContext(directory));
    }

    private static JournalContext journalContext(final Path directory)
    {
        return new JournalContext().directory(directory).rollSize(1 << 16).prepareAhead(0).clock(() -> START_NS);
    }

    private void fill(final int... seconds)
    {
        try (JournalAppender appender = appender())
        {
            int number = 0;
            for (final int second : seconds)
            {
                append(appender, "{\"type\":\"t\",\"payload\":{\"n\":" + ++number + "}}", second);
            }
        }
    }

    private void append(final JournalAppender appender, final String json, final int second)
    {
        new EventJson().read(json, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, START_NS + second * SECOND);
        appender.commit();
    }

    private static String event(final String id, final String session, final String correlation, final String cause)
    {
        return "{\"type\":\"t\",\"id\":\"" + id + "\",\"sessionId\":\"" + session + "\",\"correlationId\":" +
            (correlation == null ? "null" : "\"" + correlation + "\"") + ",\"causationId\":" +
            (cause == null ? "null" : "\"" + cause + "\"") + "}";
    }
}
