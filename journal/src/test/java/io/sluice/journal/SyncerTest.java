package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SyncerTest
{
    private final TestRecords records = new TestRecords();
    private final List<String> events = new ArrayList<>();
    private DataDirectory data;

    @TempDir
    Path directory;

    @BeforeEach
    void nameDirectory()
    {
        data = new DataDirectory(directory);
    }

    @Test
    void shouldForceFileThenNameThenTellWhenFileIsNew() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(withEvents()))
        {
            events.clear();
            records.appendNext(appender, 3, 100);
            appender.requestSync(3);
            assertEquals(0, appender.syncedSequence());
            assertEquals(1, appender.sync());
            final String file = CycleFiles.list(data.journal()).get(0).getFileName().toString();
            assertEquals(List.of("file " + file, "names journal", "synced 3", "file runs"), events);
            assertEquals(3, appender.syncedSequence());
            events.clear();
            records.appendNext(appender, 2, 100);
            assertEquals(0, appender.sync(), "nobody asked");
            appender.requestSync(4);
            assertEquals(1, appender.sync());
            assertEquals(List.of("file " + file, "synced 5"), events);
            assertEquals(0, appender.sync());
        }
    }

    @Test
    void shouldForceFileAsWholeWhenJournalRolledAwayFromIt() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(withEvents()))
        {
            records.appendNext(appender, 3, 100);
            appender.sync();
            events.clear();
            appender.roll();
            records.appendNext(appender, 1, 100);
            appender.roll();
            records.appendNext(appender, 2, 100);
            assertEquals(1, appender.sync(), "rolls need no request");
            final List<Path> files = CycleFiles.list(data.journal());
            assertEquals(
                List.of("file " + files.get(0).getFileName(), "file " + files.get(1).getFileName(),
                    "file " + files.get(2).getFileName(), "names journal", "synced 6", "file runs", "file runs"),
                events);
            assertEquals(CycleFiles.cycleOf(files.get(2)), SyncedMark.read(data).cycle());
            events.clear();
            records.appendNext(appender, 1, 100);
            appender.requestSync(7);
            appender.sync();
            assertEquals(List.of("file " + files.get(2).getFileName(), "synced 7"), events);
        }
    }

    @Test
    void shouldNoteRollsOnlyWhenForced() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(withEvents()))
        {
            records.appendNext(appender, 3, 100);
            appender.roll();
            records.appendNext(appender, 3, 100);
            assertEquals(0, new RunLog(data).read().leastSequence());
            appender.sync();
            assertEquals(4, new RunLog(data).read().leastSequence());
        }
    }

    @Test
    void shouldNeverBeAheadWhenReadAtAnyForce() throws IOException
    {
        final List<SyncedMark> marks = new ArrayList<>();
        try (JournalAppender appender = JournalAppender.open(context(directory).syncThread(false)
            .forceListener((path, isDirectory) -> marks.add(readMark()))
            .syncListener((sequence) -> assertEquals(sequence, readMark().sequence()))))
        {
            marks.clear();
            long before = 0;
            for (int i = 0; i < 300; i++)
            {
                records.appendNext(appender, 1 + i % 4, 150);
                appender.requestSync(appender.lastSequence());
                appender.sync();
                final long unforced = before;
                // Forces of control/runs come after the mark.
                assertTrue(marks.stream().anyMatch((mark) -> mark.sequence() == unforced), "round " + i);
                before = appender.lastSequence();
                assertEquals(before, readMark().sequence());
                marks.clear();
            }
            assertTrue(appender.rolls() > 1);
        }
    }

    @Test
    void shouldNameEndOfItsRecordWhenSavedWhileAppending() throws IOException, InterruptedException
    {
        final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        final AtomicInteger checks = new AtomicInteger();
        try (JournalAppender appender = JournalAppender.open(context(directory).syncAlways(true)
            .syncListener((sequence) ->
            {
                try
                {
                    checkMark(sequence);
                    checks.incrementAndGet();
                }
                catch (final Throwable ex)
                {
                    failures.add(ex);
                }
            })))
        {
            for (int i = 0; i < 1500; i++)
            {
                records.stage(appender, appender.nextSequence(), 150);
                if (i % 3 == 0)
                {
                    appender.commit();
                }
            }
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(checks.get() > 0);
        assertEquals(1500, readMark().sequence());
    }

    @Test
    void shouldCoverAllThatWasCommittedMeanwhileWhenForceIsSlow() throws InterruptedException
    {
        final Semaphore gate = new Semaphore(0);
        final CountDownLatch isHeld = new CountDownLatch(1);
        final BlockingQueue<Long> synced = new LinkedBlockingQueue<>();
        final boolean[] isGated = new boolean[1];
        try (JournalAppender appender = JournalAppender.open(context(directory).rollSize(1 << 22)
            .forceListener((path, isDirectory) ->
            {
                if (isGated[0] && path.toString().endsWith(CycleFiles.SUFFIX))
                {
                    isHeld.countDown();
                    gate.acquireUninterruptibly();
                }
            })
            .syncListener(synced::add)))
        {
            isGated[0] = true;
            records.appendNext(appender, 1, 100);
            appender.requestSync(1);
            isHeld.await();
            for (int i = 0; i < 100; i++)
            {
                records.appendNext(appender, 1, 100);
                appender.requestSync(appender.lastSequence());
            }
            assertEquals(0, appender.syncedSequence());
            assertEquals(0, appender.syncer().rounds());
            gate.release();
            assertEquals(1, synced.take());
            gate.release();
            assertEquals(101, synced.take());
            assertEquals(101, appender.syncedSequence());
            assertEquals(2, appender.syncer().rounds());
            gate.release(100);
        }
        assertTrue(synced.isEmpty(), "closing had nothing new to tell");
    }

    @Test
    void shouldForceEachCommitWhenAlways() throws InterruptedException
    {
        final BlockingQueue<Long> synced = new LinkedBlockingQueue<>();
        try (JournalAppender appender = JournalAppender.open(
            context(directory).syncAlways(true).syncListener(synced::add)))
        {
            for (long i = 1; i <= 20; i++)
            {
                records.appendNext(appender, 1, 100);
                assertEquals(i, synced.take());
            }
            assertEquals(0, appender.sync(), "there is a thread for it");
        }
    }

    @Test
    void shouldForceAfterCommitWhenAskedBefore() throws InterruptedException
    {
        final BlockingQueue<Long> synced = new LinkedBlockingQueue<>();
        try (JournalAppender appender = JournalAppender.open(context(directory).syncListener(synced::add)))
        {
            for (long i = 1; i <= 10; i++)
            {
                appender.requestSync(i);
                records.appendNext(appender, 1, 100);
                assertEquals(i, synced.take());
            }
        }
    }

    @Test
    void shouldForceClosedFilesInBackgroundWhenNobodyAsks() throws InterruptedException, IOException
    {
        final BlockingQueue<Path> forced = new LinkedBlockingQueue<>();
        try (JournalAppender appender = JournalAppender.open(
            context(directory).forceListener((path, isDirectory) -> forced.add(path))))
        {
            records.appendNext(appender, 3, 100);
            final Path first = CycleFiles.list(data.journal()).get(0);
            takeUntil(forced, data.runs());
            takeUntil(forced, first);
            takeUntil(forced, data.runs());
            appender.roll();
            records.appendNext(appender, 1, 100);
            takeUntil(forced, first);
            takeUntil(forced, data.journal());
            takeUntil(forced, data.runs());
            assertEquals(4, new RunLog(data).read().leastSequence());
        }
    }

    @Test
    void shouldForceEverythingBeforeNotingStopWhenClosed() throws IOException
    {
        final JournalAppender appender = JournalAppender.open(withEvents());
        records.appendNext(appender, 3, 100);
        appender.sync();
        records.stage(appender, 4, 100);
        events.clear();
        appender.close();
        final String file = CycleFiles.list(data.journal()).get(0).getFileName().toString();
        assertEquals(List.of("file " + file, "synced 4", "stop"), events);
        assertEquals(4, readMark().sequence());
        assertTrue(new RunLog(data).read().cleanStop());
    }

    @Test
    void shouldForceWhatRecoveryLeftWhenOpened() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 3, 100);
            appender.roll();
            records.appendNext(appender, 3, 100);
        }
        final List<Path> files = CycleFiles.list(data.journal());
        try (JournalAppender appender = JournalAppender.open(withEvents()))
        {
            assertEquals(List.of("file " + files.get(1).getFileName(), "names journal", "file runs"), events);
            assertEquals(6, appender.syncedSequence());
            final SyncedMark mark = readMark();
            assertEquals(appender.runId(), mark.runId());
            assertEquals(CycleFiles.cycleOf(files.get(1)), mark.cycle());
            records.appendNext(appender, 1, 100);
            appender.requestSync(7);
            events.clear();
            appender.sync();
            assertEquals(List.of("file " + files.get(1).getFileName(), "synced 7"), events);
        }
        Files.delete(data.synced());
        events.clear();
        JournalAppender.open(withEvents()).close();
        assertTrue(events.contains("file " + files.get(0).getFileName()), "without a mark all files are forced");
    }

    @Test
    void shouldForceNamesOfAllDirectoriesWhenMade() throws IOException
    {
        final Path root = directory.resolve("a/b");
        data = new DataDirectory(root);
        JournalAppender.open(context(root).syncThread(false).forceListener(this::onForced)).close();
        assertEquals(
            List.of("names " + directory.getFileName(), "names a", "names b", "names b", "names b", "names b",
                "names b", "file FORMAT.new", "names b", "file policy.new", "names control", "file synced",
                "names control", "names journal", "file runs", "names control", "stop"),
            events);
    }

    @Test
    void shouldGoOnWhenForceFailsForAWhile() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(withEvents()))
        {
            records.appendNext(appender, 3, 100);
            final Path kept = directory.resolve("kept");
            Files.move(data.runs(), kept);
            Files.createDirectory(data.runs());
            assertTrue(appender.isReady());
            appender.sync();
            assertFalse(appender.isReady());
            assertTrue(appender.storage().reason().contains("in the run log failed"), appender.storage().reason());
            assertEquals(1, appender.storage().episodes());
            assertEquals(1, appender.syncer().failures());
            Files.delete(data.runs());
            Files.move(kept, data.runs());
            while (appender.sync() == 0)
            {
                Thread.onSpinWait();
            }
            assertTrue(appender.isReady());
            assertTrue(appender.storage().isHealthy());
            records.appendNext(appender, 3, 100);
        }
        assertEquals(range(1, 6), sequences(directory));
    }

    @Test
    void shouldEndAppenderWhenJournalFileVanished() throws IOException
    {
        final JournalAppender appender = JournalAppender.open(withEvents());
        records.appendNext(appender, 3, 100);
        Files.delete(CycleFiles.list(data.journal()).get(0));
        final EventStorageException ex = assertThrows(EventStorageException.class, appender::sync);
        assertTrue(ex.getCause().getMessage().contains("vanished"), ex.getCause().getMessage());
        assertThrows(EventStorageException.class, () -> records.appendNext(appender, 1, 100));
        appender.close();
        assertFalse(new RunLog(data).read().cleanStop());
    }

    @Test
    void shouldEndAppenderWhenSyncerDies() throws InterruptedException
    {
        final CountDownLatch isThrown = new CountDownLatch(1);
        final JournalAppender appender = JournalAppender.open(context(directory).syncListener((sequence) ->
        {
            isThrown.countDown();
            throw new IllegalStateException("listener failed");
        }));
        // A new file is forced anyway: the syncer may be dead before anybody asks for something.
        records.appendNext(appender, 1, 100);
        isThrown.await();
        boolean isEnded = false;
        while (!isEnded)
        {
            try
            {
                appender.requestSync(1);
                Thread.onSpinWait();
            }
            catch (final EventStorageException ex)
            {
                isEnded = true;
            }
        }
        assertTrue(appender.isReady(), "so that the next commit tells");
        final EventStorageException ex = assertThrows(
            EventStorageException.class, () -> records.appendNext(appender, 1, 100));
        assertEquals("listener failed", ex.getCause().getMessage());
        appender.close();
    }

    @Test
    void shouldForceAllTheSameWhenThreadIsInterrupted() throws IOException
    {
        final JournalAppender appender = JournalAppender.open(withEvents());
        records.appendNext(appender, 3, 100);
        appender.requestSync(3);
        Thread.currentThread().interrupt();
        assertEquals(1, appender.sync());
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(3, appender.syncedSequence());
        records.appendNext(appender, 1, 100);
        appender.close();
        assertTrue(Thread.interrupted());
        assertEquals(4, readMark().sequence());
        assertTrue(readRuns().cleanStop());
    }

    private JournalContext withEvents()
    {
        return context(directory)
            .syncThread(false)
            .forceListener(this::onForced)
            .syncListener((sequence) -> events.add("synced " + sequence));
    }

    private void onForced(final Path path, final boolean isDirectory)
    {
        final boolean isStop = path.getFileName().toString().equals("runs") && readRuns().cleanStop();
        events.add(isStop ? "stop" : (isDirectory ? "names " : "file ") + path.getFileName());
    }

    private RunLog.Summary readRuns()
    {
        try
        {
            return new RunLog(data).read();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private SyncedMark readMark()
    {
        try
        {
            return SyncedMark.read(data);
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private void checkMark(final long sequence) throws IOException
    {
        final SyncedMark mark = readMark();
        assertEquals(sequence, mark.sequence());
        final long[] last = {0};
        try (ExcerptScanner scanner = ExcerptScanner.open(CycleFiles.fileOf(data.journal(), mark.cycle())))
        {
            final EventFlyweight event = new EventFlyweight();
            while (scanner.nextPosition() < mark.position())
            {
                if (scanner.next() == ExcerptScanner.Step.EXCERPT)
                {
                    int at = scanner.documentOffset();
                    final int end = at + scanner.documentLength();
                    while (at < end)
                    {
                        event.wrap(scanner.buffer(), at);
                        last[0] = event.sequence();
                        at += EventDescriptor.alignedLength(event.recordLength());
                    }
                }
            }
            assertEquals(mark.position(), scanner.nextPosition());
        }
        assertEquals(sequence, last[0]);
    }

    private static void takeUntil(final BlockingQueue<Path> paths, final Path wanted) throws InterruptedException
    {
        Path path = paths.take();
        while (!path.equals(wanted))
        {
            path = paths.take();
        }
    }
}
