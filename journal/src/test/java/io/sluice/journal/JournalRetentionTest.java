package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EventStorageException;
import io.sluice.event.TopicPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRetentionTest
{
    private static final long DAY_NS = Duration.ofDays(1).toNanos();
    private static final int FILE_EVENTS = 10;

    private final List<String> notices = new ArrayList<>();
    private long nowNs = START_NS;
    private RetentionPolicy policy = RetentionPolicy.standard();
    private ArchiveFixture journal;

    @TempDir
    Path directory;

    @BeforeEach
    void setUp()
    {
        journal = new ArchiveFixture(directory);
    }

    @Test
    void shouldRemoveFilesAndTellReadersWhenAllInThemHasExpired() throws IOException
    {
        fillFiles(5, "a.b");
        nowNs += 91 * DAY_NS;

        final ArchiveReport report = retain();

        assertEquals(3, report.count(ArchiveAction.Kind.REMOVED));
        assertEquals(30, report.events(ArchiveAction.Kind.REMOVED));
        assertEquals(0, journal.archivedFiles().size());
        assertEquals(List.of(new ExpiredRanges.Range(1, 30)), new ExpiredRanges(journal.dataDirectory()).read());
        assertEquals(TestRecords.range(31, 50), read(StartPosition.start()));
        assertEquals(List.of("expired 1 to 30"), notices);
        final VerifyReport verified = JournalVerifier.verify(directory);
        assertEquals(List.of(), verified.findings());
        assertEquals(30, verified.expired());
        assertEquals(0, verified.gaps());
        assertEquals(31, verified.firstSequence());
        assertEquals(0, retain().actions().size());
    }

    @Test
    void shouldRemoveBothWhenACrashLeftAFileInBothPlaces() throws IOException
    {
        fillFiles(3, "a.b");
        final Path live = journal.liveFiles().get(0);
        final Path copy = directory.resolve("copy");
        Files.copy(live, copy);
        JournalArchive.archiveNow(context(), false);
        Files.move(copy, live);
        nowNs += 91 * DAY_NS;

        assertEquals(1, retain().count(ArchiveAction.Kind.REMOVED));

        assertEquals(0, journal.archivedFiles().size());
        assertFalse(Files.exists(live));
        assertEquals(TestRecords.range(11, 30), read(StartPosition.start()));
    }

    @Test
    void shouldLandOnTheNextEventWhenSeekingIntoWhatHasExpired()
    {
        fillFiles(5, "a.b");
        nowNs += 91 * DAY_NS;
        retain();

        assertEquals(TestRecords.range(31, 50), read(StartPosition.sequence(12)));
        assertEquals(List.of("expired 12 to 30"), notices);
        notices.clear();
        assertEquals(TestRecords.range(31, 50), read(StartPosition.timeNs(START_NS)));
        assertEquals(List.of("expired 1 to 30"), notices, "some of them may have been as late");
    }

    @Test
    void shouldKeepProtectedEventsWhenTheOthersOfTheirFileExpire() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            for (int file = 0; file < 4; file++)
            {
                appender.roll();
                for (int i = 0; i < FILE_EVENTS; i++)
                {
                    journal.append(appender, i % 5 == 2 ? "error.db" : i == 9 ? "audit" : "a.b", ++nowNs);
                }
            }
        }
        nowNs += 91 * DAY_NS;

        final ArchiveReport report = retain();

        assertEquals(2, report.count(ArchiveAction.Kind.PRUNED));
        assertEquals(14, report.events(ArchiveAction.Kind.PRUNED));
        final List<Long> kept = new ArrayList<>(List.of(3L, 8L, 10L, 13L, 18L, 20L));
        kept.addAll(TestRecords.range(21, 40));
        assertEquals(kept, read(StartPosition.start()));
        assertEquals(
            List.of("expired 1 to 2", "expired 4 to 7", "expired 9 to 9", "expired 11 to 12", "expired 14 to 17",
                "expired 19 to 19"),
            notices);
        assertEquals(7, JournalArchive.list(directory).get(0).expired());
        assertEquals(14, JournalVerifier.verify(directory).expired());
        assertEquals(0, retain().actions().size());

        nowNs += 300 * DAY_NS;
        assertEquals(4, retain().events(ArchiveAction.Kind.PRUNED));
        assertEquals(9, JournalArchive.list(directory).get(0).expired());
        nowNs += 2555 * DAY_NS;
        assertEquals(2, retain().events(ArchiveAction.Kind.REMOVED));
        assertEquals(TestRecords.range(21, 40), read(StartPosition.start()));
        assertEquals(20, JournalVerifier.verify(directory).expired());
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldPruneIntoTheArchiveWhenClosedFilesAreNotCompressed() throws IOException
    {
        policy = policy.rule(TopicPattern.of("keep"), RetentionPolicy.FOREVER);
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            for (int i = 1; i <= 6; i++)
            {
                appender.roll();
                journal.append(appender, "a.b", ++nowNs);
                journal.append(appender, i == 2 ? "keep" : "a.b", ++nowNs);
            }
        }
        nowNs += 91 * DAY_NS;

        final ArchiveReport report = ArchivePass.run(
            context().conclude(), journal.dataDirectory(), new ArchivePace(false), new ArchiveMemory(),
            ArchiveListener.NONE,
            ArchivePass.NO_AGE, true);

        assertEquals(3, report.count(ArchiveAction.Kind.REMOVED));
        assertEquals(1, report.count(ArchiveAction.Kind.PRUNED));
        assertEquals(1, journal.archivedFiles().size());
        assertEquals(2, journal.liveFiles().size());
        assertEquals(List.of(4L, 9L, 10L, 11L, 12L), read(StartPosition.start()));
        assertEquals(List.of("expired 1 to 3", "expired 5 to 8"), notices);
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldHoldBackWhatReadersHaveNotPassed() throws IOException
    {
        fillFiles(6, "a.b");
        nowNs += 91 * DAY_NS;
        final Path position = directory.resolve("positions").resolve("billing");
        try (PositionFile file = PositionFile.open(position))
        {
            file.save(1, 20);
        }
        Files.writeString(directory.resolve("positions").resolve("pipeline.new"), "half made");

        final ArchiveReport report = retain();

        assertEquals(2, report.count(ArchiveAction.Kind.REMOVED));
        assertEquals(2, report.count(ArchiveAction.Kind.HELD));
        final ArchiveAction held = report.actions().stream().filter(
            (action) -> action.kind() == ArchiveAction.Kind.HELD).findFirst().orElseThrow();
        assertEquals(List.of("billing"), held.readers());
        assertEquals(10, held.events());
        assertEquals(TestRecords.range(21, 60), read(StartPosition.start()));

        Files.writeString(directory.resolve("positions").resolve("broken"), "nonsense");
        final ArchiveReport broken = retain();
        assertEquals(0, broken.count(ArchiveAction.Kind.REMOVED));
        assertEquals(List.of("billing", "broken"), broken.actions().get(0).readers().stream().sorted().toList());

        Files.delete(directory.resolve("positions").resolve("broken"));
        try (PositionFile file = PositionFile.open(position))
        {
            file.save(1, 40);
        }
        assertEquals(2, retain().count(ArchiveAction.Kind.REMOVED));
    }

    @Test
    void shouldAskTheHostWhenItAnswersForAReader() throws IOException
    {
        fillFiles(5, "a.b");
        nowNs += 91 * DAY_NS;
        Files.writeString(directory.resolve("positions").resolve("pipeline"), "a format of the host's own");
        final long[] handled = {10};
        final JournalContext context = context();
        context.archive().hold("pipeline", () -> handled[0]);

        final ArchiveReport report = JournalArchive.archiveNow(context, true);

        assertEquals(1, report.count(ArchiveAction.Kind.REMOVED));
        assertEquals(2, report.count(ArchiveAction.Kind.HELD));
        final JournalContext failing = context();
        failing.archive().hold("pipeline", () ->
        {
            throw new EventStorageException("can't be read");
        });
        assertEquals(2, JournalArchive.archiveNow(failing, true).count(ArchiveAction.Kind.HELD));
        handled[0] = Long.MAX_VALUE;
        final JournalContext done = context();
        done.archive().hold("pipeline", () -> handled[0]);
        assertEquals(2, JournalArchive.archiveNow(done, true).count(ArchiveAction.Kind.REMOVED));
    }

    @Test
    void shouldTellAReaderWhatItMissedWhenRetentionDidNotWaitForIt() throws IOException
    {
        fillFiles(6, "a.b");
        final Path position = directory.resolve("positions").resolve("slow reader");
        try (JournalTailer tailer = JournalTailer.open(tail(position)))
        {
            assertEquals(12, tailer.poll((event) -> {}, 12));
            tailer.savePosition();
        }
        nowNs += 91 * DAY_NS;
        final JournalContext context = context();
        context.archive().ignoreReader("slow reader");
        final ArchiveReport report = JournalArchive.archiveNow(context, true);
        assertEquals(4, report.count(ArchiveAction.Kind.REMOVED));
        assertEquals(0, report.count(ArchiveAction.Kind.HELD));

        final PositionException ex = assertThrows(
            PositionException.class,
            () -> JournalTailer.open(new TailerContext().directory(directory).positionFile(position)));
        assertTrue(ex.getMessage().contains("holds sequence 12, but events from 13 to 40"), ex.getMessage());

        notices.clear();
        try (JournalTailer tailer = JournalTailer.open(tail(position)))
        {
            assertEquals(TestRecords.range(41, 60), TestRecords.sequences(tailer));
            tailer.savePosition();
        }
        assertEquals(List.of("expired 13 to 40"), notices);
        // It has been told.
        JournalTailer.open(new TailerContext().directory(directory).positionFile(position)).close();
    }

    @Test
    void shouldNotDisturbAReaderThatHasReadWhatExpired()
    {
        fillFiles(4, "a.b");
        final Path position = directory.resolve("positions").resolve("fast");
        try (JournalTailer tailer = JournalTailer.open(tail(position)))
        {
            assertEquals(20, tailer.poll((event) -> {}, 20));
            tailer.savePosition();
        }
        nowNs += 91 * DAY_NS;
        assertEquals(2, retain().count(ArchiveAction.Kind.REMOVED));
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).positionFile(position)))
        {
            assertEquals(TestRecords.range(21, 40), TestRecords.sequences(tailer));
        }
    }

    @Test
    void shouldCountTermsAgainWhenThePolicyChanges() throws IOException
    {
        fillFiles(4, "a.b");
        nowNs += 30 * DAY_NS;
        assertEquals(0, retain().events(ArchiveAction.Kind.REMOVED));
        policy = RetentionPolicy.keepAll().rule(TopicPattern.of("a.*"), Duration.ofDays(10));
        assertEquals(20, retain().events(ArchiveAction.Kind.REMOVED));
        policy = RetentionPolicy.keepAll();
        nowNs += 30_000 * DAY_NS;
        assertEquals(0, retain().actions().size());
        assertEquals(RetentionPolicy.standard().toString(), JournalArchive.retention(directory).toString());
    }

    @Test
    void shouldNotTrustItsNotesWhenTheFileIsAnotherOne() throws IOException
    {
        fillFiles(4, "a.b");
        JournalArchive.archiveNow(context(), false);
        final Path archived = journal.archivedFiles().get(0);
        final ClosedFiles notes = new ClosedFiles(journal.dataDirectory());
        final ClosedFile known = notes.read().get(archived.getFileName().toString());
        notes.note(
            new ClosedFile(known.name(), known.first(), known.last(), known.firstTimeNs(), known.lastTimeNs(), 3,
                known.length(), true, "", known.policy(), "1:3:5"),
            new DeviceForce(ForceListener.NONE));

        assertEquals(0, retain().actions().size());

        assertTrue(Files.exists(archived));
        assertEquals(known, notes.read().get(known.name()));
    }

    @Test
    void shouldWriteOffWhatWasInADamagedBlockWhenThatIsOfAPrunedFile() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            for (int file = 0; file < 3; file++)
            {
                appender.roll();
                for (int i = 0; i < FILE_EVENTS; i++)
                {
                    journal.append(appender, i % 2 == 0 ? "error" : "a.b", ++nowNs);
                }
            }
        }
        nowNs += 91 * DAY_NS;
        assertEquals(1, retain().count(ArchiveAction.Kind.PRUNED));
        final Path archived = journal.archivedFiles().get(0);
        damageBlock(archived);

        final VerifyReport verified = JournalVerifier.verify(directory);
        assertFalse(verified.isSound());
        assertTrue(verified.findings().toString().contains("sequences 1 to 9"), verified.findings().toString());
        assertThrows(JournalDamagedException.class, () -> read(StartPosition.start()));
        final RepairReport repair = JournalRepair.quarantine(directory);

        assertEquals(List.of(archived), repair.files());
        assertEquals(9, repair.sequencesLost());
        assertTrue(Files.exists(repair.quarantine().resolve(archived.getFileName())));
        notices.clear();
        assertEquals(TestRecords.range(11, 30), read(StartPosition.start()));
        assertEquals("lost 1 to 9", notices.get(0));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    /** Flip bytes until the directory of the file is sound and its block is not. */
    private static void damageBlock(final Path file) throws IOException
    {
        for (long offset = Files.size(file) - 1; offset > 0; offset--)
        {
            ArchiveFixture.flip(file, offset);
            final JournalFile archived = new JournalFile(CycleFiles.cycleOf(file), file, true);
            try (ArchiveReader reader =
                JournalFiles.openArchive(archived, KeyProvider.NONE))
            {
                reader.readBlock(0, new ExpandableArrayBuffer());
            }
            catch (final ArchiveDamagedException ex)
            {
                if (isOpening(archived))
                {
                    return;
                }
            }
            ArchiveFixture.flip(file, offset);
        }
        throw new AssertionError("no byte of a block found");
    }

    private static boolean isOpening(final JournalFile file) throws IOException
    {
        try
        {
            JournalFiles.openArchive(file, KeyProvider.NONE).close();
            return true;
        }
        catch (final ArchiveDamagedException ex)
        {
            return false;
        }
    }

    private void fillFiles(final int files, final String type)
    {
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            for (int file = 0; file < files; file++)
            {
                appender.roll();
                for (int i = 0; i < FILE_EVENTS; i++)
                {
                    journal.append(appender, type, ++nowNs);
                }
            }
        }
    }

    private JournalContext context()
    {
        return journal.context()
            .clock(() -> nowNs)
            .archive(new ArchivePolicy().thread(false).retention(policy));
    }

    private ArchiveReport retain()
    {
        return JournalArchive.archiveNow(context(), true);
    }

    private TailerContext tail(final Path position)
    {
        return new TailerContext()
            .directory(directory)
            .positionFile(position)
            .lostRangeListener((first, last) -> notices.add("lost " + first + " to " + last))
            .expiredRangeListener((first, last) -> notices.add("expired " + first + " to " + last));
    }

    private List<Long> read(final StartPosition from)
    {
        final List<Long> sequences = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(tail(null).from(from)))
        {
            while (tailer.poll((event) -> sequences.add(event.sequence()), 7) > 0)
            {
                continue;
            }
        }
        return sequences;
    }
}
