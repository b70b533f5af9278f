package io.sluice.perf.tailers;

/**
 * How to measure.
 *
 * @param rate       events per second.
 * @param members    of the group.
 * @param warmUpNs   of each run, not recorded.
 * @param durationNs of each run.
 * @param rounds     of everything.
 */
record TailersSetting(int rate, int members, long warmUpNs, long durationNs, int rounds)
{
}
