package io.sluice.perf.growth;

import java.util.List;

/**
 * What to measure.
 *
 * @param publishers    numbers of them.
 * @param subscriptions numbers of them.
 * @param rules         numbers of them.
 * @param sizes         payload bytes.
 * @param journalEvents of the longest journal.
 * @param events        of a round.
 * @param warmUp        rounds that come first and do not count.
 * @param rounds        that count.
 */
record GrowthSetting(
    List<Integer> publishers,
    List<Integer> subscriptions,
    List<Integer> rules,
    List<Integer> sizes,
    long journalEvents,
    int events,
    int warmUp,
    int rounds)
{
}
