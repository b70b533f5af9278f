package io.sluice.perf.replay;

import io.sluice.event.EventFlyweight;
import io.sluice.perf.report.MeasurementException;
import io.sluice.replay.JournalReplay;
import io.sluice.replay.ReplayContext;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One replay at 100 times the speed, and how well it kept its schedule. */
final class ScheduledReplay
{
    private static final double SPEED = ReplayContext.MAX_SPEED;
    private static final int POLL_LIMIT = 256;

    private final Histogram late;
    private long startNs;
    private long firstTime;
    private long lastNs;
    private long lastDueNs;
    private int count;

    private ScheduledReplay(final Histogram late)
    {
        this.late = late;
    }

    /**
     * @param directory of the journal.
     * @param events    that it has.
     * @param late      gets how far behind its schedule each event was, null to forget it.
     * @return how far the last event was off schedule, in parts of the whole duration.
     */
    static double run(final Path directory, final int events, final Histogram late)
    {
        final ScheduledReplay run = new ScheduledReplay(late);
        try (JournalReplay replay = JournalReplay.open(new ReplayContext().directory(directory).speed(SPEED)))
        {
            while (!replay.isEnded())
            {
                if (replay.poll(run::onEvent, POLL_LIMIT) == 0)
                {
                    LockSupport.parkNanos(replay.untilDueNs());
                }
            }
        }
        MeasurementException.require("events replayed on schedule", (long)events, run.count);
        return Math.abs(run.lastNs - run.lastDueNs) / (double)(run.lastDueNs - run.startNs);
    }

    private void onEvent(final EventFlyweight event)
    {
        final long nowNs = System.nanoTime();
        if (count++ == 0)
        {
            startNs = nowNs;
            firstTime = event.journalTime();
        }
        lastNs = nowNs;
        lastDueNs = startNs + (long)((event.journalTime() - firstTime) / SPEED);
        if (late != null)
        {
            late.recordValue(Math.max(0, Math.min(nowNs - lastDueNs, late.getHighestTrackableValue())));
        }
    }
}
