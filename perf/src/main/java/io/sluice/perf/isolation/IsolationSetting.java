package io.sluice.perf.isolation;

/**
 * How a run is played.
 *
 * @param rate       events per second of the class, or the handler, that is looked at.
 * @param warmUpNs   nanoseconds before recording.
 * @param durationNs nanoseconds of recording.
 * @param callNs     nanoseconds of a call of the flooded handler.
 */
record IsolationSetting(int rate, long warmUpNs, long durationNs, long callNs)
{
}
