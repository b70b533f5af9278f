package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The archive between processes, and after the end of one in the middle of its work. */
class JournalArchiveProcessTest
{
    private static final long TWO_DAYS_LATER = START_NS + Duration.ofDays(2).toNanos();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0,2", "1,1", "1,2", "2,1", "3,1", "3,3", "4,2", "5,1", "5,3", "END,2"})
    void shouldMoveAllWhenKilledInAMove(final String step, final int occurrence) throws IOException
    {
        final ArchiveFixture journal = new ArchiveFixture(directory);
        journal.fill(1100);
        final int files = journal.liveFiles().size();
        final List<byte[]> before = journal.readBytes();

        dieAt(START_NS, step, occurrence);

        assertEquals(range(1, 1100), sequences(directory));
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
        JournalAppender.open(journal.context()).close();
        assertTrue(JournalArchive.archiveNow(ChildArchiver.context(directory, START_NS), true).isSound());
        assertEquals(files - 2, journal.archivedFiles().size());
        assertEquals(2, journal.liveFiles().size());
        assertEquals(before.size(), journal.readBytes().size());
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
    }

    @ParameterizedTest
    @CsvSource({
        "true,0,1", "true,0,2", "true,1,1", "true,2,2", "true,3,1", "true,4,1", "true,6,1", "true,7,2", "true,END,3",
        "false,0,2", "false,1,2", "false,2,1", "false,3,2", "false,4,1", "false,5,1", "false,6,2", "false,7,1",
        "false,END,2"})
    void shouldKeepWhatItMustWhenKilledInRetention(
        final boolean isArchivedBefore, final String step, final int occurrence) throws IOException
    {
        // Files with expired events only, and files with others, in turn.
        final ArchiveFixture journal = new ArchiveFixture(directory);
        try (JournalAppender appender = JournalAppender.open(journal.context()))
        {
            for (int file = 0; file < 8; file++)
            {
                appender.roll();
                for (int i = 0; i < 5; i++)
                {
                    journal.append(appender, file % 2 == 1 && i == 2 ? "protected" : "a.b", START_NS);
                }
            }
        }
        if (isArchivedBefore)
        {
            assertEquals(6, journal.archiveNow().count(ArchiveAction.Kind.ARCHIVED));
        }
        final List<Long> kept = new ArrayList<>(List.of(8L, 18L, 28L));
        kept.addAll(range(31, 40));

        dieAt(TWO_DAYS_LATER, step, occurrence);

        final VerifyReport verified = JournalVerifier.verify(directory);
        assertEquals(List.of(), verified.findings());
        assertEquals(40, verified.events() + verified.expired());
        final List<Long> left = readSequences();
        assertTrue(left.containsAll(kept), left.toString());
        JournalAppender.open(journal.context()).close();
        assertTrue(JournalArchive.archiveNow(ChildArchiver.context(directory, TWO_DAYS_LATER), true).isSound());
        assertEquals(kept, readSequences());
        assertEquals(27, JournalVerifier.verify(directory).expired());
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
    }

    @Test
    void shouldReadAndVerifyWithoutAGapWhileAnotherProcessAppendsAndArchives() throws Exception
    {
        final int count = 2000;
        final Random random = new Random(7);
        final List<Long> followed = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(
            ChildArchivingAppender.class, directory.toString(), Integer.toString(count)))
        {
            assertEquals("open", child.readLine());
            try (JournalTailer tailer = JournalTailer.open(
                new TailerContext().directory(directory).waitForJournal(true)))
            {
                while (tailer.nextSequence() <= count)
                {
                    tailer.poll((event) -> followed.add(event.sequence()), 37);
                    final long next = tailer.nextSequence();
                    if (random.nextInt(20) == 0 && next > 2)
                    {
                        checkFrom(1 + random.nextLong(next - 1), next - 1);
                    }
                    if (random.nextInt(60) == 0)
                    {
                        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
                    }
                }
            }
            assertEquals(range(1, count), followed);
            assertEquals("appended", child.readLine());
            while (CycleFiles.list(directory.resolve("journal")).size() > 2)
            {
                checkFrom(1 + random.nextLong(count), count);
            }
            child.send("stop");
            final String end = child.readLine();
            assertTrue(Integer.parseInt(end.split(" ", -1)[1]) > 5, end);
            assertEquals(0, child.waitFor());
        }
        assertEquals(range(1, count), sequences(directory));
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
    }

    @Test
    void shouldArchiveWhileAnotherProcessAppends() throws Exception
    {
        try (ChildJvm child = ChildJvm.start(ChildAppender.class, directory.toString(), "NONE", "0", "0", "900"))
        {
            String line = child.readLine();
            while (!"waiting".equals(line))
            {
                line = child.readLine();
            }
            final ArchiveFixture journal = new ArchiveFixture(directory);
            int archived = 0;
            while (archived < 3)
            {
                archived += archiveUnlessBusy(journal);
            }
            child.send("stop");
            assertEquals("closed", child.readLine());
        }
        final long last = JournalVerifier.verify(directory).lastSequence();
        assertEquals(range(1, last), sequences(directory));
        try (JournalAppender appender = JournalAppender.open(TestRecords.context(directory)))
        {
            assertEquals(last, appender.lastSequence());
            new TestRecords().appendNext(appender, 600, 150);
        }
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
    }

    // The archiver of the other process looks now and then, too.
    private static int archiveUnlessBusy(final ArchiveFixture journal)
    {
        try
        {
            final ArchiveReport report = journal.archiveNow();
            assertTrue(report.isSound(), () -> report.actions().toString());
            return report.count(ArchiveAction.Kind.ARCHIVED);
        }
        catch (final DataDirectoryException ex)
        {
            assertEquals(DirectoryState.BUSY, ex.state());
            assertTrue(ex.getMessage().contains("try again"), ex.getMessage());
            return 0;
        }
    }

    private void dieAt(final long nowNs, final String step, final int occurrence) throws IOException
    {
        try (ChildJvm child = ChildJvm.start(
            ChildArchiver.class, directory.toString(), Long.toString(nowNs), step, Integer.toString(occurrence)))
        {
            assertEquals("dying", child.readLine(), "step " + step + " did not come " + occurrence + " times");
        }
    }

    private List<Long> readSequences()
    {
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            final List<Long> read = new ArrayList<>();
            while (tailer.poll((event) -> read.add(event.sequence()), 100) > 0)
            {
                continue;
            }
            return read;
        }
    }

    private void checkFrom(final long first, final long last)
    {
        final List<Long> read = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.sequence(first))))
        {
            while (tailer.nextSequence() <= last)
            {
                tailer.poll((event) -> read.add(event.sequence()), (int)(last - tailer.nextSequence() + 1));
            }
        }
        assertEquals(range(first, last), read);
    }
}
