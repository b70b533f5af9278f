package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retry log on a small disk that is really full. A store without a block behind it would end this process. */
class RetryLogDiskFullTest
{
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new ArrayList<>();
    private long now = SECOND;
    private long appended;

    @Test
    void shouldFillWhatItHasAndGoOnLaterWhenTheDiskIsFull() throws Exception
    {
        try (LoopDisk disk = LoopDisk.mount(directory, "ext4", 32))
        {
            try (RetryLog log = open(disk))
            {
                final LoopDisk.Balloon balloon = disk.inflate(0);
                fill(log);
                // Both files that are there already, to their last bytes.
                assertTrue(appended > 10_000, "appended " + appended);
                assertFalse(log.append(next()));
                assertEquals(1, errors.size());
                assertNotNull(log.problem());
                assertTrue(log.problem().getMessage().contains("check space"), log.problem().getMessage());
                balloon.release();
                now += SECOND;
                fill(log, appended + 10_000);
                assertNull(log.problem());
                log.force();
            }
            try (RetryLog log = open(disk))
            {
                while (log.poll(entry -> {}, now, 1000) == 1000)
                {
                    now++;
                }
                assertEquals(appended, log.openCount());
            }
        }
    }

    @Test
    void shouldBeAnErrorWhenTheDiskIsFullAtTheStart() throws Exception
    {
        try (LoopDisk disk = LoopDisk.mount(directory, "ext4", 16))
        {
            for (final long left : new long[] {0, 500_000, 1_500_000})
            {
                final LoopDisk.Balloon balloon = disk.inflate(left);
                final EventStorageException error =
                    assertThrows(EventStorageException.class, () -> open(disk), "with " + left + " bytes left");
                assertTrue(error.getMessage().contains("check space and permissions"), error.getMessage());
                balloon.release();
            }
            open(disk).close();
        }
    }

    private RetryLog open(final LoopDisk disk)
    {
        return RetryLog.open(new DataDirectory(disk.path().resolve("data")), errors::add);
    }

    private void fill(final RetryLog log)
    {
        fill(log, Long.MAX_VALUE);
    }

    private void fill(final RetryLog log, final long end)
    {
        boolean isRoom = true;
        while (isRoom && appended < end)
        {
            isRoom = log.append(next());
            appended += isRoom ? 1 : 0;
            now += SECOND;
            log.maintain(now);
        }
    }

    private RetryEntry next()
    {
        return RetryEntry.failed(
            1, appended + 1, RetryEntry.NO_KEY, 1, now, now, now, FailureCause.THREW, "no route to host");
    }
}
