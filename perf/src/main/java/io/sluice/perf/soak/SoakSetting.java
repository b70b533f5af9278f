package io.sluice.perf.soak;

import java.time.Duration;

/**
 * How to soak.
 *
 * @param rate       events per second.
 * @param durationNs of the schedule.
 * @param intervalNs between two samples.
 * @param rollSize   bytes of a journal file.
 */
record SoakSetting(int rate, long durationNs, long intervalNs, long rollSize)
{
    private static final long MOST_KEPT_NS = 60_000_000_000L;
    private static final long MOST_PAUSE_NS = 5_000_000_000L;
    private static final long LEAST_PAUSE_NS = 20_000_000L;
    private static final int KEPT_PART = 6;
    private static final int PAUSE_PART = 12;
    private static final double WARM_UP_PART = 0.1;
    private static final double NS_PER_S = 1e9;

    /** @return how long an event is kept: short beside the whole, so that disks are full before it is judged. */
    Duration kept()
    {
        return Duration.ofNanos(Math.min(MOST_KEPT_NS, durationNs / KEPT_PART));
    }

    /**
     * @return age at which a closed file is archived. Late, because an archive of little compresses at the pace of a
     *         thread that stands back behind all others, and what it has not come to by then is removed as it is.
     */
    Duration archivedAfter()
    {
        return kept().multipliedBy(3).dividedBy(4);
    }

    /** @return pause of the archiver between two looks. */
    Duration archiverPause()
    {
        return Duration.ofNanos(Math.max(LEAST_PAUSE_NS, Math.min(MOST_PAUSE_NS, kept().toNanos() / PAUSE_PART)));
    }

    /** @return seconds at the start that are not judged. */
    double warmUpS()
    {
        return durationNs / NS_PER_S * WARM_UP_PART;
    }
}
