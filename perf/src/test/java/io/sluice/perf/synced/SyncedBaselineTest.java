package io.sluice.perf.synced;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedBaselineTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldForceEveryRecordWhenAFileIsPreallocatedOrGrows()
    {
        for (final boolean isGrowing : new boolean[]{false, true})
        {
            final ForceLoop.Result result =
                new ForceLoop(256).run(directory.resolve("file-" + isGrowing), isGrowing, 20_000_000L);

            assertTrue(result.latency().getTotalCount() > 0);
            assertTrue(result.eventsPerSecond() > 0);
            final long size = directory.resolve("file-" + isGrowing).toFile().length();
            assertEquals(isGrowing, size < 1 << 26);
        }
    }

    @Test
    void shouldReplayWhatItRecordedWhenAeronArchiveIsMeasured()
    {
        try (AeronRecording recording = new AeronRecording(directory.resolve("archive"), 256, false))
        {
            recording.publish(1000);
            recording.publish(1000);
            recording.check();
            assertTrue(recording.settings().contains("fileSyncLevel 1, catalogFileSyncLevel 1"), recording.settings());
        }
    }
}
