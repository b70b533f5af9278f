package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Notes rolls in the run log. A note that can't be written, because the disk is full, is a trouble of the storage until
 * it is; it ends nothing. Confined to the appender's thread.
 */
final class RollNotes
{
    private static final long RETRY_NS = 100_000_000L;

    private final RunLog runLog;
    private final long runId;
    private final EpochNanoClock clock;
    private final StorageHealth health;
    private Path file;
    private long firstSequence;
    private long lastTryNs;

    RollNotes(final RunLog runLog, final long runId, final EpochNanoClock clock, final StorageHealth health)
    {
        this.runLog = runLog;
        this.runId = runId;
        this.clock = clock;
        this.health = health;
    }

    /** Once noted, a file that vanishes or is cut to nothing is noticed at the next open. */
    void note(final Path newFile, final long newFirstSequence)
    {
        file = newFile;
        firstSequence = newFirstSequence;
        write(clock.nanoTime());
    }

    /** Try again, ten times a second at most, if there is a note to write. */
    void retry()
    {
        if (file != null)
        {
            final long nowNs = clock.nanoTime();
            if (nowNs - lastTryNs < 0 || nowNs - lastTryNs >= RETRY_NS)
            {
                write(nowNs);
            }
        }
    }

    private void write(final long nowNs)
    {
        lastTryNs = nowNs;
        try
        {
            runLog.roll(runId, file, firstSequence, nowNs);
            file = null;
            health.clear(StorageHealth.Trouble.NOTE);
        }
        catch (final IOException ex)
        {
            health.raise(
                StorageHealth.Trouble.NOTE,
                "the roll to " + file + " can't be noted in control/: " + ex.getMessage() +
                "; free space, appending goes on by itself");
        }
    }
}
