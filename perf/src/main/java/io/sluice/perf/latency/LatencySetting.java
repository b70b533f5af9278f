package io.sluice.perf.latency;

import io.sluice.engine.ThreadingMode;

/**
 * How to measure.
 *
 * @param threadingMode of the engine.
 * @param isSpinning    whether engine threads spin instead of idling as they do by default.
 * @param warmUpNs      of each run, not recorded.
 * @param durationNs    of each run.
 * @param rounds        of everything.
 */
record LatencySetting(ThreadingMode threadingMode, boolean isSpinning, long warmUpNs, long durationNs, int rounds)
{
    private static final long MAX_BRIEF_NS = 3_000_000_000L;

    /** @return the same for runs that only warm up. */
    LatencySetting brief()
    {
        return new LatencySetting(threadingMode, isSpinning, 0, Math.min(durationNs, MAX_BRIEF_NS), 1);
    }
}
