package io.sluice.perf.jmh;

/**
 * How long to measure a benchmark.
 *
 * @param forks       JVMs, one after the other.
 * @param warmUps     iterations that do not count, in each of them.
 * @param iterations  that count, in each of them.
 * @param iterationMs milliseconds of an iteration.
 */
record JmhSetting(int forks, int warmUps, int iterations, long iterationMs)
{
    /** Less than ten minutes for all. */
    static final JmhSetting THOROUGH = new JmhSetting(2, 3, 4, 1000);
    /** Less than two. */
    static final JmhSetting QUICK = new JmhSetting(1, 2, 3, 250);
}
