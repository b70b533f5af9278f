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
}
