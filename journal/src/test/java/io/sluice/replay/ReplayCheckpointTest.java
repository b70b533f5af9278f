package io.sluice.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.ChildJvm;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalDamagedException;
import io.sluice.journal.JournalRepair;
import io.sluice.journal.PositionException;
import io.sluice.journal.RetentionPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCheckpointTest
{
    private static final long YEAR_NS = Duration.ofDays(365).toNanos();

    private final List<Long> sequences = new ArrayList<>();
    private ReplayFixture fixture;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        fixture = new ReplayFixture(directory, 1 << 16);
    }

    @Test
    void shouldSaveThePlaceOnlyWhenAskedToIfThatIsWanted()
    {
        fixture.fill(10);
        final ReplayContext context = context().saveOnRequest(true);
        try (JournalReplay replay = JournalReplay.open(context))
        {
            replay.poll((event) -> sequences.add(event.sequence()), 3);
            replay.savePlace();
            replay.poll((event) -> sequences.add(event.sequence()), 4);
            assertEquals(3, fixture.place("mine"));
        }
        try (JournalReplay replay = JournalReplay.open(context))
        {
            replay.poll((event) ->
            {
                sequences.add(event.sequence());
                replay.savePlace();
            }, 3);
            assertEquals(5, fixture.place("mine"), "the one that is with the handler is not done with");
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 4L, 5L, 6L), sequences);
        try (JournalReplay replay = JournalReplay.open(fixture.replay()))
        {
            assertThrows(IllegalStateException.class, replay::savePlace);
        }
    }

    @Test
    void shouldSayWhichEventsItIsOfWhenAReplayOfOthersHasTheName()
    {
        fixture.fill(4);
        assertEquals(List.of(2L, 4L), fixture.sequences(context().filter(EventFilter.of("payload.n % 2 = 0"))));

        for (final Function<ReplayContext, ReplayContext> other : List.<Function<ReplayContext, ReplayContext>>of(
            (context) -> context,
            (context) -> context.filter(EventFilter.of("payload.n % 2 = 1")),
            (context) -> context.filter(EventFilter.of("payload.n % 2 = 0")).sessionId("s-1"),
            (context) -> context.filter(EventFilter.of("payload.n % 2 = 0")).correlationId("c"),
            (context) -> context.filter(EventFilter.of("payload.n % 2 = 0")).destination("elsewhere")))
        {
            final PositionException ex = assertThrows(
                PositionException.class, () -> JournalReplay.open(other.apply(context())));
            assertTrue(ex.getMessage().contains("is the place of a replay of payload.n % 2 = 0, and this one is of"),
                ex.getMessage());
            assertTrue(ex.getMessage().contains("`sluice checkpoints remove mine`"), ex.getMessage());
        }

        fixture.fill(2);
        assertEquals(List.of(6L), fixture.sequences(context().filter(EventFilter.of("payload.n % 2 = 0"))));
        assertTrue(ReplayCheckpoints.remove(directory, "mine"));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), fixture.sequences(context()));
        assertEquals(List.of("mine"), ReplayCheckpoints.list(directory).stream().map(ReplayCheckpoint::name).toList());
    }

    @Test
    void shouldTakeTheOtherEventsWhenNothingWasReplayedYet()
    {
        fixture.fill(3);
        JournalReplay.open(context().filter(EventFilter.of("FALSE"))).close();
        assertEquals(List.of(1L, 2L, 3L), fixture.sequences(context()));
    }

    @Test
    void shouldKnowWhoWasBeforeWhenTheTextIsLongOrGone() throws IOException
    {
        fixture.fill(3);
        fixture.sequences(context().filter(EventFilter.of("payload.n IN (" + "1,".repeat(300) + "2)")));
        final PositionException ex = assertThrows(PositionException.class, () -> JournalReplay.open(context()));
        assertTrue(ex.getMessage().length() < 500, ex.getMessage());

        // As it is of a checkpoint that was made before there was such a text.
        Files.delete(directory.resolve("positions/replay/.mine"));
        assertEquals(List.of(), fixture.sequences(context()));
    }

    @Test
    void shouldRefuseWhenAnotherReplayUsesTheCheckpoint() throws IOException
    {
        fixture.fill(3);
        try (JournalReplay replay = JournalReplay.open(context()))
        {
            final PositionException ex = assertThrows(PositionException.class, () -> JournalReplay.open(context()));
            assertEquals("checkpoint 'mine' is in use by another replay; wait for its end, or use another name",
                ex.getMessage());
            assertEquals(3, replay.poll((event) -> sequences.add(event.sequence()), 10));
        }
        assertEquals(List.of(), fixture.sequences(context()));

        final ReplayContext other = fixture.replay().checkpoint("child");
        try (ChildJvm child = ChildJvm.start(
            ChildReplay.class, directory.toString(), directory.resolve("out").toString(), "TRUE", "-1"))
        {
            assertEquals("at work", child.readLine());
            assertThrows(PositionException.class, () -> JournalReplay.open(other));
        }
        // Killed, it holds nothing any more.
        assertEquals(List.of(1L, 2L, 3L), fixture.sequences(other));
    }

    @Test
    void shouldStartWhereTheRangeDoesWhenThePlaceIsBeforeIt()
    {
        fixture.fill(9);
        assertEquals(List.of(1L, 2L), fixture.sequences(context().toSequence(2)));
        assertEquals(List.of(5L, 6L), fixture.sequences(context().fromSequence(5).toSequence(6)));
        assertEquals(List.of(7L), fixture.sequences(context().fromSequence(3).toSequence(7)));
        assertEquals(List.of(9L), fixture.sequences(context().from(at(9))));
        assertEquals(List.of(), fixture.sequences(context().from(at(50)).fromSequence(50)));
        fixture.fill(1);
        assertEquals(List.of(10L), fixture.sequences(context()));
    }

    @Test
    void shouldNameTheRemedyWhenTheCheckpointIsDamaged() throws IOException
    {
        fixture.fill(3);
        fixture.sequences(context());
        final Path file = directory.resolve("positions/replay/mine");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        bytes[84] ^= 1;
        Files.write(file, bytes);
        final EventStorageException damaged = assertThrows(
            EventStorageException.class, () -> JournalReplay.open(context()));
        assertTrue(damaged.getMessage().contains(file + " is no position file, or damaged"), damaged.getMessage());

        Files.write(file, new byte[3]);
        final EventStorageException cut = assertThrows(
            EventStorageException.class, () -> JournalReplay.open(context()));
        assertTrue(cut.getMessage().contains("it has 3 bytes"), cut.getMessage());

        Files.delete(file);
        assertEquals(List.of(1L, 2L, 3L), fixture.sequences(context()));

        Files.delete(directory.resolve("positions/replay/.mine"));
        Files.createDirectory(directory.resolve("positions/replay/.mine"));
        assertThrows(EventStorageException.class, () -> JournalReplay.open(context()));
    }

    @Test
    void shouldLeaveNothingBehindWhenThereIsNoJournal() throws IOException
    {
        assertThrows(DataDirectoryException.class, () -> JournalReplay.open(context()));
        assertFalse(Files.exists(directory.resolve("positions")));
    }

    @Test
    void shouldGoNoFurtherWhenRetentionRemovedWhatIsBehindThePlace()
    {
        fillFiles(4);
        assertEquals(5, fixture.sequences(context().toSequence(5)).size());
        expire();

        try (JournalReplay replay = JournalReplay.open(context()))
        {
            for (int i = 0; i < 2; i++)
            {
                final PositionException ex = assertThrows(
                    PositionException.class, () -> replay.poll((event) -> sequences.add(event.sequence()), 10));
                assertTrue(ex.getMessage().contains("events from 6 to 20 were removed by retention"), ex.getMessage());
                assertTrue(ex.getMessage().contains("set an expired range listener"), ex.getMessage());
            }
            replay.savePlace();
        }
        assertEquals(5, fixture.place("mine"));
        assertEquals(List.of(), sequences);

        final List<String> gone = new ArrayList<>();
        final ReplayContext listening = context()
            .expiredRangeListener((first, last) -> gone.add(first + " to " + last));
        assertEquals(21, fixture.sequences(listening).get(0));
        assertEquals(List.of("6 to 20"), gone);
        // Who has no place yet takes what there is.
        assertEquals(21, fixture.sequences(fixture.replay().checkpoint("new")).get(0));
    }

    @Test
    void shouldGoNoFurtherWhenARepairWroteOffWhatIsBehindThePlace() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(fixture.journal()))
        {
            for (int i = 1; i <= 9; i++)
            {
                fixture.append(appender, "{\"type\":\"t\",\"payload\":\"event number " + i + " of all\"}");
            }
        }
        assertEquals(List.of(1L, 2L), fixture.sequences(context().toSequence(2)));
        damage("event number 6 of all");
        assertEquals(1, JournalRepair.quarantine(directory).sequencesLost());

        try (JournalReplay replay = JournalReplay.open(context()))
        {
            final PositionException ex = assertThrows(
                PositionException.class, () -> replay.poll((event) -> sequences.add(event.sequence()), 10));
            assertTrue(ex.getMessage().contains("events from 6 to 6 were written off by a repair"), ex.getMessage());
        }
        assertEquals(List.of(3L, 4L, 5L), sequences);
        final List<String> lost = new ArrayList<>();
        assertEquals(List.of(7L, 8L, 9L), fixture.sequences(
            context().lostRangeListener((first, last) -> lost.add(first + " to " + last))));
        assertEquals(List.of("6 to 6"), lost);
        assertEquals(8, fixture.sequences(fixture.replay()).size());
    }

    @Test
    void shouldRepeatNothingWhenDamageEndsAPoll() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(fixture.journal()))
        {
            for (int i = 1; i <= 9; i++)
            {
                fixture.append(appender, "{\"type\":\"t\",\"payload\":\"event number " + i + " of all\"}");
            }
        }
        damage("event number 6 of all");
        for (int i = 0; i < 2; i++)
        {
            try (JournalReplay replay = JournalReplay.open(context()))
            {
                assertThrows(JournalDamagedException.class,
                    () -> replay.poll((event) -> sequences.add(event.sequence()), 10));
            }
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), sequences);
        assertEquals(5, fixture.place("mine"));
        final JournalReplay closed = JournalReplay.open(context());
        closed.close();
        final EventStorageException ex = assertThrows(EventStorageException.class, () -> closed.poll(null, 1));
        assertEquals(1, ex.getSuppressed().length);
    }

    @Test
    void shouldComeBackWhenNothingIsPickedForLong()
    {
        final ReplayFixture large = new ReplayFixture(directory, 1 << 22);
        large.fill(70_000);
        try (JournalReplay replay = JournalReplay.open(
            context().filter(EventFilter.of("payload.n = 70000"))))
        {
            assertEquals(0, replay.poll((event) -> sequences.add(event.sequence()), 10));
            assertFalse(replay.isEnded());
            assertTrue(replay.untilDueNs() <= 0);
            assertEquals(replay.nextSequence() - 1, large.place("mine"), "what was passed over is done with");
            assertEquals(1, replay.poll((event) -> sequences.add(event.sequence()), 10));
            assertTrue(replay.isEnded());
        }
    }

    @Test
    void shouldNotLearnFromWhatCameLaterWhenAnEarlierStateIsReplayed()
    {
        try (JournalAppender appender = JournalAppender.open(fixture.journal()))
        {
            fixture.append(appender, "{\"type\":\"t\",\"sessionId\":\"s-1\",\"correlationId\":\"c-1\"}");
            fixture.append(appender, "{\"type\":\"t\",\"sessionId\":\"s-2\",\"correlationId\":\"c-2\"}");
            fixture.append(appender, "{\"type\":\"t\",\"sessionId\":\"s-1\",\"correlationId\":\"c-2\"}");
        }
        assertEquals(List.of(1L, 2L, 3L), fixture.sequences(fixture.replay().sessionId("s-1")));
        assertEquals(List.of(1L), fixture.sequences(fixture.replay().sessionId("s-1").to(at(3))));
        assertEquals(List.of(1L), fixture.sequences(fixture.replay().sessionId("s-1").toSequence(2)));
    }

    private ReplayContext context()
    {
        return fixture.replay().checkpoint("mine");
    }

    private static Instant at(final long second)
    {
        return Instant.ofEpochSecond(ReplayFixture.START_NS / ReplayFixture.SECOND_NS + second);
    }

    private void fillFiles(final int files)
    {
        for (int file = 0; file < files; file++)
        {
            try (JournalAppender appender = JournalAppender.open(fixture.journal()))
            {
                appender.roll();
                for (int i = 0; i < 10; i++)
                {
                    fixture.append(appender, "{\"type\":\"t\"}");
                }
            }
        }
    }

    private void damage(final String text) throws IOException
    {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("journal"), "*.cq4"))
        {
            for (final Path file : files)
            {
                final byte[] bytes = Files.readAllBytes(file);
                final int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0)
                {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                    return;
                }
            }
        }
        throw new IllegalStateException(text + " is in no file");
    }

    private void expire()
    {
        JournalArchive.archiveNow(
            fixture.journal()
                .clock(() -> ReplayFixture.START_NS + YEAR_NS)
                .archive(new ArchivePolicy().thread(false).retention(RetentionPolicy.standard())),
            true);
    }
}
