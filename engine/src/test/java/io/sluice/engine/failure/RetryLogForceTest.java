package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The retry log is forced by another thread than those that use it. */
@Timeout(120)
class RetryLogForceTest
{
    private static final int LENGTH = RetrySegment.MIN_LENGTH;
    private static final int ENTRIES = 20_000;

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @Test
    void shouldLoseNothingWhenItIsForcedWhileOthersAppendAndFilesComeAndGo() throws Exception
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        final Set<Path> forced = ConcurrentHashMap.newKeySet();
        final PendingRetries pending = new PendingRetries(PendingRetries.CAPACITY);
        try (RetryLog log = open())
        {
            log.forceListener((path, isDirectory) -> forced.add(path));
            final Thread forcer = new Thread(() ->
            {
                while (!isDone.get())
                {
                    log.force();
                }
            });
            final Thread appender = new Thread(() ->
            {
                for (int n = 0; n < ENTRIES; n++)
                {
                    final RetryEntry entry = Workload.entry(1, n);
                    while (!log.append(entry))
                    {
                        Thread.onSpinWait();
                    }
                }
                isDone.set(true);
            });
            forcer.setUncaughtExceptionHandler((thread, ex) -> errors.add(ex));
            forcer.start();
            appender.start();
            long nowNs = 1;
            while (!isDone.get())
            {
                pending.poll(log, nowNs);
                log.maintain(nowNs++);
            }
            appender.join();
            forcer.join();
            pending.recover(log, nowNs);
        }
        assertEquals(List.of(), errors);
        assertTrue(forced.size() > 10, "files came and went");
        final PendingRetries again = new PendingRetries(PendingRetries.CAPACITY);
        try (RetryLog log = open())
        {
            again.recover(log, 1);
        }
        assertEquals(sequences(pending), sequences(again));
    }

    @Test
    void shouldForceWhatAnEarlierRunLeftWhenPositionsOfItAreToBeBelieved()
    {
        try (RetryLog log = open())
        {
            assertTrue(log.append(Workload.entry(1, 1)));
        }
        final List<String> forced = new ArrayList<>();
        RetryLog.settle(
            new DataDirectory(directory), (path, isDirectory) -> forced.add(path.getFileName().toString()));
        assertEquals(List.of("0000000001.log", "0000000002.log", RetryFiles.NAME), forced);
    }

    @Test
    void shouldDoNothingWhenThereIsNoLogToSettle()
    {
        RetryLog.settle(new DataDirectory(directory), (path, isDirectory) -> errors.add(new AssertionError(path)));
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldSayWhetherAllIsOnTheDeviceWhenItIsClosed()
    {
        final RetryLog forced = open();
        assertTrue(forced.append(Workload.entry(1, 1)));
        forced.force();
        forced.close();
        assertDoesNotThrow(() -> forced.force());

        final RetryLog lost = open();
        assertTrue(lost.append(Workload.entry(1, 3)));
        lost.close();
        final EventStorageException ex = assertThrows(EventStorageException.class, lost::force);
        assertTrue(ex.getMessage().contains("let go of before it was forced"), ex.getMessage());
    }

    @Test
    void shouldForceAgainOnlyWhereSomethingWasAppended()
    {
        try (RetryLog log = open())
        {
            log.force();
            final RetrySegment segment = Holes.begin(log, Workload.entry(1, 1)).segment();
            assertDoesNotThrow(() -> assertTrue(segment.force()));
            assertTrue(log.append(Workload.entry(1, 3)));
            log.force();
            segment.retire();
            assertDoesNotThrow(() -> assertTrue(segment.force(), "nothing was appended since"));
        }
    }

    private RetryLog open()
    {
        return RetryLog.open(new DataDirectory(directory), LENGTH, errors::add);
    }

    private static List<Long> sequences(final PendingRetries pending)
    {
        final List<Long> sequences = new ArrayList<>();
        pending.forEach(1, retry -> sequences.add(retry.sequence()));
        return sequences;
    }
}
