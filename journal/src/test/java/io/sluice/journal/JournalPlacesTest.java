package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that go back, links instead of directories, files of Chronicle's that lie about. */
class JournalPlacesTest
{
    private static final long DAY_NS = Duration.ofDays(1).toNanos();

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @Test
    void shouldGoOnInOrderWhenTheClockIsSetBackOverARoll() throws IOException
    {
        final long[] now = {START_NS};
        for (int run = 0; run < 3; run++)
        {
            try (JournalAppender appender = JournalAppender.open(context(directory).clock(() -> now[0])))
            {
                for (int i = 0; i < 4; i++)
                {
                    records.appendNext(appender, 20, 100);
                    now[0] -= DAY_NS;
                    appender.roll();
                    records.appendNext(appender, 20, 100);
                }
            }
        }
        final List<Path> files = CycleFiles.list(directory.resolve("journal"));
        assertTrue(files.size() >= 12, files.toString());
        assertEquals(range(1, 480), sequences(directory));
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound(), () -> report.findings().toString());
        final long[] last = {0};
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            while (tailer.poll((event) ->
            {
                assertTrue(event.journalTime() >= last[0], "journal time runs backwards");
                last[0] = event.journalTime();
            }, 100) > 0)
            {
                continue;
            }
        }
    }

    @Test
    void shouldIgnoreAndKeepFilesThatChronicleDiscarded() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
            appender.roll();
            records.appendNext(appender, 10, 100);
        }
        final Path journal = directory.resolve("journal");
        final List<Path> files = CycleFiles.list(journal);
        final byte[] content = Files.readAllBytes(files.get(0));
        final Path later = CycleFiles.fileOf(journal, CycleFiles.cycleOf(files.get(1)) + 1);
        final List<Path> discarded = List.of(
            journal.resolve(files.get(0).getFileName() + ".discard"),
            journal.resolve(later.getFileName() + ".discard"));
        for (final Path file : discarded)
        {
            Files.write(file, content);
        }
        goOn(directory, 20);
        for (final Path file : discarded)
        {
            assertArrayEquals(content, Files.readAllBytes(file));
        }
    }

    @Test
    void shouldWorkWhenTheDirectoryIsALink() throws IOException
    {
        final Path real = Files.createDirectory(elsewhere.resolve("real"));
        final Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        try (JournalAppender appender = JournalAppender.open(context(link)))
        {
            records.appendNext(appender, 20, 100);
            assertEquals(
                DirectoryState.BUSY,
                assertThrows(DataDirectoryException.class, () -> JournalAppender.open(context(real))).state());
        }
        goOn(link, 20);
        goOn(real, 30);
    }

    @Test
    void shouldWorkWhenTheJournalIsALinkToAnotherFileSystem() throws IOException
    {
        final Path memory = Path.of("/dev/shm");
        final Path parent = Files.isWritable(memory) ? memory : elsewhere;
        final Path real = Files.createTempDirectory(parent, "sluice-journal");
        try
        {
            Files.createSymbolicLink(directory.resolve("journal"), real);
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                records.appendNext(appender, 300, 200);
                assertTrue(appender.rolls() > 0);
            }
            goOn(directory, 300);
            PowerLoss.loseStop(directory);
            final List<Path> files = CycleFiles.list(real);
            PowerLoss.zero(files.get(files.size() - 1), PowerLoss.INDEX_ENTRY, Long.BYTES);
            try (JournalAppender appender = JournalAppender.open(context(directory).bootId("next")))
            {
                assertEquals(310, appender.lastSequence());
                assertTrue(appender.recovery().powerLoss());
                assertEquals(1, appender.recovery().actions().size(), appender.recovery().actions().toString());
            }
            goOn(directory, 310);
            PowerLoss.loseStop(directory);
            final Path stray = CycleFiles.fileOf(real, CycleFiles.cycleOf(files.get(files.size() - 1)) + 1);
            Files.copy(files.get(0), stray);
            try (JournalAppender appender = JournalAppender.open(context(directory).bootId("after-that")))
            {
                assertEquals(320, appender.lastSequence());
                final Path kept = appender.recovery().quarantine().resolve(stray.getFileName());
                assertArrayEquals(Files.readAllBytes(files.get(0)), Files.readAllBytes(kept));
                assertTrue(Files.notExists(stray));
            }
            goOn(directory, 320);
        }
        finally
        {
            for (final Path file : list(real))
            {
                Files.delete(file);
            }
            Files.delete(real);
        }
    }

    private static List<Path> list(final Path directory) throws IOException
    {
        final List<Path> files = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory))
        {
            entries.forEach(files::add);
        }
        return files;
    }

    private void goOn(final Path data, final long last) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(data)))
        {
            assertEquals(last, appender.lastSequence());
            records.appendNext(appender, 10, 100);
        }
        assertEquals(range(1, last + 10), sequences(data));
        final VerifyReport report = JournalVerifier.verify(data);
        assertTrue(report.isSound(), () -> report.findings().toString());
    }
}
