package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No room on the disk is a state; here the free space is what a test says. */
class JournalSpaceTest
{
    private static final long MIN_FREE = 1L << 20;
    private static final long PLENTY = 1L << 40;
    private static final long RETRY_NS = 100_000_000L;
    private static final int MANY = 100_000;

    private final TestRecords records = new TestRecords();
    private final AtomicLong free = new AtomicLong(PLENTY);
    private final AtomicLong nowNs = new AtomicLong(START_NS);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 22})
    void shouldStopAndGoOnWhereItStoodWhenSpaceRunsOutAndComesBack(final long prepareAhead)
    {
        try (JournalAppender appender = open(context().rollSize(1 << 28).prepareAhead(prepareAhead)))
        {
            appendWhileReady(appender, 10, 1000);
            assertEquals(StorageStatus.HEALTHY, appender.storage());
            free.set(MIN_FREE + 4095);
            final long last = appendWhileReady(appender, MANY, 1000);
            assertTrue(last > 10, "what was reserved before is used");
            final StorageStatus status = appender.storage();
            assertFalse(status.isHealthy());
            assertTrue(status.reason().contains("minFreeSpace=" + MIN_FREE), status.reason());
            assertEquals(1, status.episodes());
            assertEquals(START_NS, status.sinceNs());
            free.set(PLENTY);
            if (prepareAhead == 0)
            {
                nowNs.addAndGet(RETRY_NS - 1);
                assertFalse(appender.isReady(), "ten times a second, not more");
            }
            nowNs.addAndGet(1);
            while (!appender.isReady())
            {
                nowNs.addAndGet(RETRY_NS);
            }
            assertEquals(new StorageStatus(true, "", 0L, 1), appender.storage());
            assertEquals(last + 100, appendWhileReady(appender, 100, 1000));
            assertEquals(range(1, last + 100), sequences(directory));
        }
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldTakeTheGreatestRecordWheneverItSaysReady()
    {
        final JournalAppender[] holder = new JournalAppender[1];
        final JournalContext context = context().rollSize(1 << 28).freeSpace(
            () -> MIN_FREE + (20 << 20) - (holder[0] == null ? 0 : holder[0].preparer().reservedBytes()));
        try (JournalAppender appender = open(context))
        {
            holder[0] = appender;
            final int fixed = records.encode(1, 0);
            final int greatest = JournalContext.DEFAULT_MAX_EVENT_LENGTH - fixed;
            long last = 0;
            while (last < 1000 && appender.isReady())
            {
                records.stage(appender, appender.nextSequence(), last % 3 == 0 ? 100 : greatest);
                if (last % 5 == 0)
                {
                    appender.commit();
                }
                last = appender.nextSequence() - 1;
            }
            assertEquals(last, appender.commit());
            assertFalse(appender.storage().isHealthy());
            assertTrue(appender.preparer().reservedBytes() <= 20 << 20);
            assertTrue(appender.bytesAppended() > 15 << 20, "the space is used: " + appender.bytesAppended());
        }
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldPutOffTheRollWhenThereIsNoRoomForANewFile() throws IOException
    {
        try (JournalAppender appender = open(context().maxEventLength(1 << 16)))
        {
            appendWhileReady(appender, 800, 1000);
            free.set(MIN_FREE);
            final long last = appendWhileReady(appender, MANY, 1000);
            assertEquals(0, appender.rolls());
            assertEquals(1, files().size());
            final long size = appender.bytesAppended() + JournalSpace.CHRONICLE_ROOM;
            assertTrue(size > 1 << 20, "the roll was due");
            assertTrue(appender.bytesAppended() < 1 << 20, "no more than one excerpt beyond");
            assertFalse(appender.storage().isHealthy());
            nowNs.addAndGet(RETRY_NS);
            assertFalse(appender.isReady());
            free.set(PLENTY);
            nowNs.addAndGet(RETRY_NS);
            assertTrue(appender.isReady());
            appendWhileReady(appender, 1, 1000);
            assertEquals(1, appender.rolls());
            assertEquals(range(1, last + 1), sequences(directory));
        }
        assertTrue(JournalVerifier.verify(directory).isSound());
        assertEquals(2, files().size());
    }

    @Test
    void shouldRollLaterWhenItWasAskedToWithoutRoom() throws IOException
    {
        try (JournalAppender appender = open(context().rollSize(1 << 20)))
        {
            appendWhileReady(appender, 1, 100);
            free.set(MIN_FREE);
            appender.roll();
            appendWhileReady(appender, 2, 100);
            assertEquals(0, appender.rolls());
            assertTrue(appender.storage().isHealthy(), "what is reserved is enough");
            free.set(PLENTY);
            nowNs.addAndGet(RETRY_NS);
            appendWhileReady(appender, 1, 100);
            assertEquals(1, appender.rolls());
        }
        assertEquals(range(1, 4), sequences(directory));
    }

    /** Somebody else may take the space between any two looks. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNeitherFailNorLoseARecordWhenSpaceComesAndGoesAtRandom(final long seed) throws IOException
    {
        final Random random = new Random(seed);
        final JournalContext context = context()
            .rollSize(1 << 17)
            .maxEventLength(1 << 15)
            .prepareAhead(seed % 2 == 0 ? 1 << 18 : 0)
            .freeSpace(() ->
            {
                synchronized (random)
                {
                    return random.nextInt(10) < 6 ? 0 : MIN_FREE + random.nextInt(1 << 23);
                }
            });
        long last = 0;
        try (JournalAppender appender = open(context))
        {
            while (last < 3000)
            {
                int batch = 1 + random.nextInt(8);
                while (batch > 0 && appender.isReady())
                {
                    records.stage(appender, appender.nextSequence(), random.nextInt(30_000));
                    batch--;
                }
                last = appender.commit();
                nowNs.addAndGet(RETRY_NS / 3);
            }
            assertTrue(appender.storage().episodes() > 5, "episodes " + appender.storage().episodes());
            assertTrue(appender.rolls() > 5, "rolls " + appender.rolls());
        }
        assertEquals(range(1, last), sequences(directory));
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound(), () -> report.findings().toString());
        for (final Path file : files())
        {
            final ExcerptScanner scanner = ExcerptScanner.open(file);
            assertTrue(blocksOf(file) <= used(scanner) + ReservedFile.FOLIO_LENGTH + 8192, file.toString());
            scanner.close();
        }
    }

    @Test
    void shouldKeepWhatIsStagedWhenCommittedWithoutRoomAndNotAsked()
    {
        try (JournalAppender appender = open(context()))
        {
            free.set(0);
            records.stage(appender, 1, 100);
            final EventStorageException ex = assertThrows(EventStorageException.class, appender::commit);
            assertTrue(ex.getMessage().contains("isReady()"), ex.getMessage());
            assertEquals(0, appender.lastSequence());
            assertEquals(1, appender.stagedCount());
            free.set(PLENTY);
            assertEquals(1, appender.commit());
        }
        assertEquals(range(1, 1), sequences(directory));
    }

    @Test
    void shouldLeaveNoFileWhenItCouldNeverAppend() throws IOException
    {
        free.set(0);
        try (JournalAppender appender = open(context()))
        {
            assertFalse(appender.isReady());
            assertEquals(List.of(), files());
            free.set(PLENTY);
            nowNs.addAndGet(RETRY_NS);
            assertTrue(appender.isReady());
            assertEquals(1, files().size());
            assertEquals(0, JournalVerifier.verify(directory).events());
        }
        assertEquals(List.of(), files());
        try (JournalAppender appender = open(context()))
        {
            records.append(appender, 1, 100);
        }
        assertEquals(range(1, 1), sequences(directory));
    }

    @Test
    void shouldStartAndWaitWhenOpenedWithoutRoom()
    {
        try (JournalAppender appender = open(context().maxEventLength(1 << 21)))
        {
            records.appendNext(appender, 50, 100);
        }
        free.set(0);
        try (JournalAppender appender = open(context().maxEventLength(1 << 21)))
        {
            assertFalse(appender.isReady());
            assertEquals(50, appender.lastSequence());
            free.set(PLENTY);
            nowNs.addAndGet(-RETRY_NS);
            assertTrue(appender.isReady(), "a clock that was set back does not make it wait");
            records.appendNext(appender, 50, 100);
        }
        assertEquals(range(1, 100), sequences(directory));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 22})
    void shouldGiveBackWhatClosedFilesDoNotNeed(final long prepareAhead) throws IOException
    {
        try (JournalAppender appender = open(context().rollSize(1 << 26).prepareAhead(prepareAhead)))
        {
            for (int i = 0; i < 4; i++)
            {
                appendWhileReady(appender, 20, 1000);
                appender.roll();
            }
            appendWhileReady(appender, 1, 1000);
            assertTrue(appender.preparer().reservedBytes() > 5 << 20);
        }
        assertEquals(5, files().size());
        for (final Path file : files())
        {
            assertTrue(blocksOf(file) < ReservedFile.FOLIO_LENGTH + 8192, file + " takes " + blocksOf(file) + " bytes");
        }
        assertTrue(JournalVerifier.verify(directory).isSound());
        assertTrue(blocksOf(directory.resolve("journal").resolve(CycleFiles.METADATA)) >= 1 << 17);
    }

    @Test
    void shouldFillTheHolesOfAFileWhenItGoesOnInIt() throws IOException
    {
        try (JournalAppender appender = open(context()))
        {
            records.appendNext(appender, 5, 100);
        }
        final Path file = files().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        final Path sparse = directory.resolve("sparse");
        assertEquals(0, run("cp", "--sparse=always", file.toString(), sparse.toString()));
        Files.move(sparse, file, StandardCopyOption.REPLACE_EXISTING);
        final long before = blocksOf(file);
        free.set(0);
        try (JournalAppender appender = open(context()))
        {
            assertEquals(5, appender.lastSequence());
            assertTrue(blocksOf(file) > before, "index pages were holes");
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 22})
    void shouldFailForGoodWhenTheFileVanishes(final long prepareAhead) throws IOException
    {
        final JournalAppender appender = open(context().rollSize(1 << 28).prepareAhead(prepareAhead));
        appendWhileReady(appender, 5, 100);
        final Path file = files().get(0);
        final Path away = directory.resolve("away");
        Files.move(file, away);
        final EventStorageException failure = assertThrows(EventStorageException.class, () ->
        {
            appendWhileReady(appender, 10_000, 10_000);
            appender.isReady();
        });
        assertTrue(failure.getCause().getMessage().contains("vanished"), failure.getCause().getMessage());
        assertThrows(EventStorageException.class, appender::isReady);
        assertThrows(EventStorageException.class, appender::commit);
        appender.close();
        Files.move(away, file);
        assertTrue(JournalVerifier.verify(directory).isSound(), "nothing of it was cut off");
    }

    @Test
    void shouldWaitWithARollThatCantBeNotedAndNoteItLater() throws IOException
    {
        final Path runs = directory.resolve("control").resolve("runs");
        final Path away = directory.resolve("control").resolve("away");
        try (JournalAppender appender = open(context().syncThread(false)))
        {
            appendWhileReady(appender, 1, 100);
            Files.move(runs, away);
            Files.createDirectory(runs);
            appender.roll();
            appendWhileReady(appender, 1, 100);
            assertEquals(1, appender.rolls());
            appender.sync();
            assertFalse(appender.isReady());
            assertTrue(appender.storage().reason().startsWith("noting "), appender.storage().reason());
            Files.delete(runs);
            Files.move(away, runs);
            assertFalse(appender.isReady());
            while (appender.sync() == 0)
            {
                Thread.onSpinWait();
            }
            assertTrue(appender.isReady());
            assertTrue(Files.readString(runs, StandardCharsets.UTF_8).contains("first=2"));
        }
        assertEquals(2, new RunLog(new DataDirectory(directory)).read().leastSequence());
    }

    @Test
    void shouldAskTheFileSystemWhenNoSourceIsSet()
    {
        try (JournalAppender appender = open(context().freeSpace(null).minFreeSpace(Long.MAX_VALUE / 2)))
        {
            assertFalse(appender.isReady());
            assertNotEquals("", appender.storage().reason());
        }
        try (JournalAppender appender = open(context().freeSpace(null).minFreeSpace(1)))
        {
            assertTrue(appender.isReady());
        }
    }

    private long appendWhileReady(final JournalAppender appender, final int count, final int payloadLength)
    {
        for (int i = 0; i < count && appender.isReady(); i++)
        {
            final int length = records.encode(appender.nextSequence(), payloadLength);
            appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, nowNs.get());
            appender.commit();
        }
        return appender.lastSequence();
    }

    private JournalContext context()
    {
        return TestRecords.context(directory)
            .rollSize(1 << 20)
            .minFreeSpace(MIN_FREE)
            .clock(nowNs::get)
            .freeSpace(free::get);
    }

    private static JournalAppender open(final JournalContext context)
    {
        return JournalAppender.open(context);
    }

    private List<Path> files() throws IOException
    {
        return CycleFiles.list(directory.resolve("journal"));
    }

    private static long used(final ExcerptScanner scanner) throws IOException
    {
        ExcerptScanner.Step step = scanner.next();
        while (step == ExcerptScanner.Step.EXCERPT || step == ExcerptScanner.Step.META_DATA)
        {
            step = scanner.next();
        }
        return scanner.position();
    }

    private static long blocksOf(final Path file) throws IOException
    {
        final Process process = new ProcessBuilder("du", "-B1", file.toString()).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }

    private static int run(final String... command) throws IOException
    {
        try
        {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
