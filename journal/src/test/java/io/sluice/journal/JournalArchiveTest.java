package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalArchiveTest
{
    private static final int COUNT = 1500;

    private ArchiveFixture journal;

    @TempDir
    Path directory;

    @BeforeEach
    void setUp()
    {
        journal = new ArchiveFixture(directory);
    }

    @Test
    void shouldServeTheSameBytesWhenFilesAreArchived() throws IOException
    {
        journal.fill(COUNT);
        final List<byte[]> before = journal.readBytes();
        final int files = journal.liveFiles().size();
        assertTrue(files > 4);

        final ArchiveReport report = journal.archiveNow();

        assertEquals(files - 2, report.count(ArchiveAction.Kind.ARCHIVED));
        assertTrue(report.isSound());
        assertEquals(2, journal.liveFiles().size());
        assertEquals(files - 2, journal.archivedFiles().size());
        final List<byte[]> after = journal.readBytes();
        assertEquals(COUNT, after.size());
        for (int i = 0; i < COUNT; i++)
        {
            assertArrayEquals(before.get(i), after.get(i));
        }
        final VerifyReport verified = JournalVerifier.verify(directory);
        assertEquals(List.of(), verified.findings());
        assertEquals(COUNT, verified.events());
        assertEquals(files, verified.files());
        assertEquals(0, verified.gaps() + verified.expired());
        assertEquals(List.of(), journal.archiveNow().actions());
    }

    @Test
    void shouldFindEverySequenceAndTimeWhenFilesAreArchived()
    {
        journal.fill(COUNT);
        journal.archiveNow();
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            for (long sequence = 1; sequence <= COUNT; sequence += 7)
            {
                tailer.seek(StartPosition.sequence(sequence));
                checkNext(tailer, sequence);
                tailer.seek(StartPosition.timeNs(START_NS + sequence));
                checkNext(tailer, sequence);
            }
            tailer.seek(StartPosition.end());
            assertEquals(COUNT + 1, tailer.nextSequence());
            assertThrows(PositionException.class, () -> tailer.seek(StartPosition.sequence(COUNT + 2)));
            tailer.seek(StartPosition.start());
            assertEquals(range(1, COUNT), sequences(tailer));
        }
    }

    @Test
    void shouldAppendRollAndStartAgainWhenOlderFilesAreGone() throws IOException
    {
        long last = 0;
        for (int run = 0; run < 3; run++)
        {
            try (JournalAppender appender = JournalAppender.open(journal.context()))
            {
                assertEquals(last, appender.lastSequence());
                journal.append(appender, 700);
                journal.awaitForced(appender);
                journal.archiveNow();
                assertEquals(2, journal.liveFiles().size());
                journal.append(appender, 700);
                assertTrue(appender.rolls() > 3);
                last = appender.lastSequence();
            }
            journal.archiveNow();
            final VerifyReport verified = JournalVerifier.verify(directory);
            assertEquals(List.of(), verified.findings());
            assertEquals(last, verified.events());
        }
        assertEquals(range(1, last), sequences(directory));
    }

    @Test
    void shouldReadOnWhenTheFileThatIsReadMoves() throws IOException
    {
        journal.fill(COUNT);
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            final List<Long> read = new ArrayList<>();
            assertEquals(10, tailer.poll((event) -> read.add(event.sequence()), 10));
            journal.archiveNow();
            assertEquals(2, journal.liveFiles().size());
            read.addAll(sequences(tailer));
            assertEquals(range(1, COUNT), read);
            tailer.seek(StartPosition.sequence(5));
            assertEquals(range(5, COUNT), sequences(tailer));
        }
    }

    @Test
    void shouldGoOnInTheNextFileWhenAnArchivedOneIsWrittenAnewMeanwhile() throws IOException
    {
        journal.fill(COUNT);
        journal.archiveNow();
        final Path first = journal.archivedFiles().get(0);
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertEquals(1, tailer.poll((event) -> {}, 1));
            final Path copy = directory.resolve("copy");
            Files.copy(first, copy);
            Files.move(copy, first, StandardCopyOption.REPLACE_EXISTING);
            assertEquals(range(2, COUNT), sequences(tailer));
        }
    }

    @Test
    void shouldArchiveThroughSymbolicLinks() throws IOException
    {
        final Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        final Path data = Files.createDirectory(directory.resolve("data"));
        for (final String part : List.of("journal", "archive", "control"))
        {
            Files.createSymbolicLink(data.resolve(part), Files.createDirectory(elsewhere.resolve(part)));
        }
        Files.createSymbolicLink(directory.resolve("link"), data);
        final ArchiveFixture linked = new ArchiveFixture(directory.resolve("link"));
        Files.writeString(data.resolve("FORMAT"), "sluice-data 1\n");
        linked.fill(COUNT);

        final ArchiveReport report = linked.archiveNow();

        assertTrue(report.isSound(), () -> report.actions().toString());
        assertEquals(2, linked.liveFiles().size());
        assertTrue(Files.isSymbolicLink(data.resolve("archive")));
        assertEquals(range(1, COUNT), sequences(data));
        linked.fill(COUNT);
        assertEquals(List.of(), JournalVerifier.verify(data).findings());
    }

    @Test
    void shouldLeaveFileWhenARecordInItIsDamaged() throws IOException
    {
        journal.fill(COUNT);
        final Path damaged = journal.liveFiles().get(1);
        ArchiveFixture.flip(damaged, 40_000);

        final ArchiveReport report = journal.archiveNow();

        assertEquals(1, report.count(ArchiveAction.Kind.FAILED));
        assertTrue(report.actions().toString().contains(damaged.getFileName().toString()));
        assertTrue(Files.exists(damaged));
        assertEquals(3, journal.liveFiles().size());
        assertFalse(JournalVerifier.verify(directory).isSound());
        // Opening looks at the newest files only, whatever lies before them.
        journal.fill(10);
        JournalRepair.quarantine(directory);
        journal.fill(10);
        assertTrue(journal.archiveNow().isSound());
        assertEquals(List.of(), journal.liveFiles().stream().filter(damaged::equals).toList());
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldNoticeChangeOutsideRecordsWhenAFileIsClosed() throws IOException
    {
        journal.fill(COUNT);
        final Path file = journal.liveFiles().get(1);
        noteDigests();
        assertTrue(JournalVerifier.verify(directory).isSound());
        // The index of Chronicle is not checked byte by byte; this is the number of entries in use.
        ArchiveFixture.flip(file, firstUncheckedByte(file));

        final VerifyReport verified = JournalVerifier.verify(directory);
        final ArchiveReport report = journal.archiveNow();

        assertFalse(verified.isSound());
        assertTrue(verified.findings().toString().contains("when the file was closed"), verified.findings().toString());
        assertEquals(1, report.count(ArchiveAction.Kind.FAILED));
        assertTrue(report.actions().toString().contains("digest"), report.actions().toString());
        assertTrue(Files.exists(file));
    }

    @Test
    void shouldMoveAgainWhenACrashLeftBothFiles() throws IOException
    {
        journal.fill(COUNT);
        final Path live = journal.liveFiles().get(0);
        final Path copy = directory.resolve("copy");
        Files.copy(live, copy);
        journal.archiveNow();
        Files.move(copy, live);
        final Path archived = journal.archivedFiles().get(0);
        ArchiveFixture.flip(archived, Files.size(archived) / 2);
        Files.writeString(directory.resolve("archive").resolve("x.sla.tmp"), "half made");
        // The one in journal/ counts.
        assertEquals(range(1, COUNT), sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());

        assertEquals(1, journal.archiveNow().count(ArchiveAction.Kind.ARCHIVED));

        assertFalse(Files.exists(live));
        assertFalse(Files.exists(directory.resolve("archive").resolve("x.sla.tmp")));
        assertEquals(range(1, COUNT), sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnAfterAPowerLossWhenOlderFilesAreArchived(final boolean isOneLeft) throws IOException
    {
        final Path image = directory.resolve("image");
        final long last;
        final Path data = directory.resolve("data");
        final ArchiveFixture live = new ArchiveFixture(data);
        try (JournalAppender appender = JournalAppender.open(live.context()))
        {
            live.append(appender, COUNT);
            if (isOneLeft)
            {
                ArchiveFixture.flip(live.liveFiles().get(1), 40_000);
            }
            live.awaitForced(appender);
            assertEquals(isOneLeft ? 1 : 0, live.archiveNow().count(ArchiveAction.Kind.FAILED));
            assertEquals(isOneLeft ? 3 : 2, live.liveFiles().size());
            last = appender.lastSequence();
            copy(data, image);
        }
        final ArchiveFixture cut = new ArchiveFixture(image);
        try (JournalAppender appender = JournalAppender.open(cut.context().bootId("another")))
        {
            assertEquals(last, appender.lastSequence());
            assertTrue(appender.recovery().powerLoss());
            assertEquals(List.of(), appender.recovery().actions());
            cut.append(appender, 300);
        }
        JournalRepair.quarantine(image);
        final VerifyReport verified = JournalVerifier.verify(image);
        assertTrue(verified.isSound(), () -> verified.findings().toString());
        assertEquals(last + 300, verified.lastSequence());
        assertTrue(verified.events() >= last + 299);
    }

    @Test
    void shouldSeeThatTheNewestFilesAreGoneWhenOnlyTheArchiveIsLeft() throws IOException
    {
        journal.fill(COUNT);
        journal.archiveNow();
        for (final Path file : journal.liveFiles())
        {
            Files.delete(file);
        }
        for (final String boot : new String[]{null, "another"})
        {
            final JournalContext context = journal.context().bootId(boot);
            final DataDirectoryException ex =
                assertThrows(DataDirectoryException.class, () -> JournalAppender.open(context));
            assertEquals(DirectoryState.DAMAGED, ex.state());
        }
        assertFalse(JournalVerifier.verify(directory).isSound());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldOpenForAppendingWhenTheNewestArchivedFileIsDamaged(final boolean isPowerLoss) throws IOException
    {
        journal.fill(COUNT);
        journal.archiveNow();
        final List<Path> archived = journal.archivedFiles();
        final Path damaged = archived.get(archived.size() - 1);
        Files.write(damaged, new byte[]{1, 2, 3});
        if (isPowerLoss)
        {
            // A run that was not closed: its stop is missing.
            final Path runs = journal.dataDirectory().runs();
            final List<String> lines = Files.readAllLines(runs);
            Files.write(runs, lines.subList(0, lines.size() - 1));
        }
        try (JournalAppender appender =
            JournalAppender.open(journal.context().bootId(isPowerLoss ? "another" : null)))
        {
            assertEquals(COUNT, appender.lastSequence());
            assertEquals(isPowerLoss, appender.recovery().powerLoss());
            journal.append(appender, 100);
        }
        assertFalse(JournalVerifier.verify(directory).isSound());
        assertThrows(JournalDamagedException.class, () -> sequences(directory));
        assertEquals(List.of(damaged), JournalRepair.quarantine(directory).files());
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldHoldNoMemoryBetweenLooks()
    {
        journal.fill(COUNT);
        journal.archiveNow();
        final long before = directMemory();
        for (int look = 0; look < 50; look++)
        {
            journal.archiveNow();
            JournalArchive.list(directory);
        }
        // A single window of a scanner left behind by each look would be 12 MB.
        assertTrue(directMemory() - before < 1 << 20, "direct memory grew by " + (directMemory() - before));
    }

    @Test
    void shouldListWhatIsArchived() throws IOException
    {
        journal.fill(COUNT);
        assertEquals(List.of(), JournalArchive.list(directory));
        journal.archiveNow();

        final List<ArchivedFile> list = JournalArchive.list(directory);

        assertEquals(journal.archivedFiles().size(), list.size());
        assertEquals(1, list.get(0).first());
        assertEquals(START_NS + 1, list.get(0).fromNs());
        long next = 1;
        for (final ArchivedFile file : list)
        {
            assertEquals(next, file.first());
            assertEquals(file.last() - file.first() + 1, file.events());
            assertTrue(file.ratio() > 1, file.toString());
            assertEquals("", file.keyId() + file.damage());
            next = file.last() + 1;
        }
        ArchiveFixture.flip(journal.archivedFiles().get(0), 1);
        assertFalse(JournalArchive.list(directory).get(0).damage().isEmpty());
        assertEquals(0.0, JournalArchive.list(directory).get(0).ratio());
    }

    @Test
    void shouldNotBeginWhenSomebodyElseIsAtIt() throws IOException
    {
        journal.fill(COUNT);
        journal.archiveNow();
        final WriterLock lock = WriterLock.acquireArchive(journal.dataDirectory());
        try
        {
            final DataDirectoryException ex = assertThrows(DataDirectoryException.class, journal::archiveNow);
            assertEquals(DirectoryState.BUSY, ex.state());
            assertTrue(ex.getMessage().contains("archive"), ex.getMessage());
        }
        finally
        {
            lock.close();
        }
        journal.archiveNow();
        assertThrows(DataDirectoryException.class, () -> JournalArchive.archiveNow(
            new JournalContext().directory(directory.resolve("nothing")), false));
    }

    private static long directMemory()
    {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter((pool) -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    }

    private static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> paths = Files.walk(from))
        {
            for (final Path path : paths.toList())
            {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private void noteDigests() throws IOException
    {
        ArchivePass.run(
            journal.context().conclude(),
            journal.dataDirectory(),
            new ArchivePace(false),
            new ArchiveMemory(),
            ArchiveListener.NONE,
            ArchivePass.NO_AGE,
            false);
    }

    /** Find a byte that no check of the records and of the framing looks at. */
    private long firstUncheckedByte(final Path file) throws IOException
    {
        for (long offset = 200; offset < 34_000; offset++)
        {
            ArchiveFixture.flip(file, offset);
            final CycleScan.End end = new CycleScan(new Ignore(), false).scan(file);
            ArchiveFixture.flip(file, offset);
            if (end == CycleScan.End.SEALED)
            {
                return offset;
            }
        }
        throw new AssertionError("every byte is checked");
    }

    private static void checkNext(final JournalTailer tailer, final long sequence)
    {
        assertEquals(sequence, tailer.nextSequence());
        assertEquals(1, tailer.poll((event) -> assertEquals(sequence, event.sequence()), 1));
    }

    private static final class Ignore implements CycleScan.Listener
    {
        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
        }
    }
}
