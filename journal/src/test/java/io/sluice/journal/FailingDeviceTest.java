package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forces that a device does not confirm: nothing is said to be safe, and nothing is lost when it works again. */
@Timeout(120)
class FailingDeviceTest
{
    /**
     * So few that the appender does not let go of their pages. Where none has them mapped, and they are clean because
     * they could not be written, the system may drop them at any time, and that is a loss.
     */
    private static final int FEW = 100;

    private final TestRecords records = new TestRecords();
    private LoopDevice device;
    private Path root;

    @TempDir
    Path directory;

    @BeforeEach
    void makeDevice() throws IOException
    {
        device = LoopDevice.open(directory, "16m", "64m");
        root = device.directory().resolve("data");
    }

    @AfterEach
    void removeDevice() throws IOException
    {
        if (device != null)
        {
            BackgroundResourceReleaser.releasePendingResources();
            device.close();
        }
    }

    @Test
    void shouldGoOnWithoutLossWhenDeviceWorksAgain() throws IOException, InterruptedException
    {
        final BlockingQueue<Long> synced = new LinkedBlockingQueue<>();
        final Semaphore rounds = new Semaphore(0);
        try (JournalAppender appender = JournalAppender.open(context(root)
            .rollSize(1 << 22).minFreeSpace(0)
            .syncListener(synced::add)
            .phaseListener((phase, step) ->
            {
                if (phase == JournalPhase.SYNC && step == 0)
                {
                    rounds.release();
                }
            })))
        {
            records.appendNext(appender, 50, 1000);
            appender.requestSync(50);
            while (appender.syncedSequence() < 50)
            {
                synced.take();
            }
            device.fail();
            records.appendNext(appender, FEW, 1000);
            appender.requestSync(50 + FEW);
            while (appender.isReady())
            {
                rounds.acquire();
            }
            rounds.drainPermits();
            rounds.acquire(2);
            assertEquals(50, appender.syncedSequence());
            assertEquals(50, SyncedMark.read(new DataDirectory(root)).sequence());
            assertFalse(appender.storage().isHealthy());
            assertTrue(appender.storage().reason().contains("forcing"), appender.storage().reason());
            assertEquals(range(1, 50 + FEW), sequences(root), "readers see what is journaled");
            device.heal();
            while (appender.syncedSequence() < 50 + FEW)
            {
                synced.take();
            }
            while (!appender.isReady())
            {
                Thread.onSpinWait();
            }
            assertEquals(1, appender.storage().episodes());
            assertTrue(appender.syncer().failures() >= 2);
            assertEquals(0, appender.rolls());
            records.appendNext(appender, 50, 1000);
            assertEquals(1, appender.rolls(), "the suspect file is left");
        }
        checkAfterRemount(100 + FEW);
    }

    @Test
    void shouldKeepAllFilesWhenJournalRollsMeanwhile() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(root).rollSize(1 << 22)
            .minFreeSpace(0).syncThread(false)))
        {
            records.appendNext(appender, 50, 1000);
            appender.requestSync(50);
            assertEquals(1, appender.sync());
            device.fail();
            records.appendNext(appender, 100, 1000);
            appender.requestSync(150);
            assertEquals(0, appender.sync());
            assertEquals(0, appender.sync(), "not again at once");
            assertEquals(1, appender.syncer().failures());
            records.appendNext(appender, 100, 1000);
            assertEquals(1, appender.rolls());
            appender.roll();
            records.appendNext(appender, 10, 1000);
            device.heal();
            while (appender.sync() == 0)
            {
                Thread.onSpinWait();
            }
            assertEquals(260, appender.syncedSequence());
            assertTrue(appender.isReady());
        }
        checkAfterRemount(260);
    }

    @Test
    void shouldKeepAllWhenClosedInTrouble() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(root).rollSize(1 << 22)
            .minFreeSpace(0).syncThread(false)))
        {
            records.appendNext(appender, 50, 1000);
            appender.requestSync(50);
            assertEquals(1, appender.sync());
            device.fail();
            records.appendNext(appender, FEW, 1000);
            appender.requestSync(50 + FEW);
            assertEquals(0, appender.sync());
            device.heal();
        }
        assertTrue(new RunLog(new DataDirectory(root)).read().cleanStop());
        checkAfterRemount(50 + FEW);
    }

    @Test
    void shouldNotNoteStopWhenLastForceFails() throws IOException
    {
        final JournalAppender appender = JournalAppender.open(
            context(root).rollSize(1 << 22).minFreeSpace(0).syncThread(false));
        records.appendNext(appender, 50, 1000);
        appender.requestSync(50);
        appender.sync();
        assertEquals(50, appender.syncedSequence());
        device.fail();
        records.appendNext(appender, 200, 1000);
        assertThrows(EventStorageException.class, appender::close);
        assertEquals(50, SyncedMark.read(new DataDirectory(root)).sequence());
        assertFalse(new RunLog(new DataDirectory(root)).read().cleanStop());
        device.heal();
    }

    private void checkAfterRemount(final long last) throws IOException
    {
        BackgroundResourceReleaser.releasePendingResources();
        device.remount();
        assertEquals(range(1, last), sequences(root));
        final VerifyReport report = JournalVerifier.verify(root);
        assertTrue(report.isSound(), () -> report.findings().toString());
    }
}
