package io.sluice.perf.measure;

import org.HdrHistogram.Histogram;

/**
 * The one shape of histogram that the harness uses: nanoseconds up to a minute, three digits, clamped, never resized.
 */
public final class Histograms
{
    /** Longest time told apart, one minute. */
    public static final long MAX_NS = 60_000_000_000L;

    private static final int DIGITS = 3;

    private Histograms()
    {
    }

    /**
     * @param tag without comma or white space.
     * @return an empty histogram.
     */
    public static Histogram create(final String tag)
    {
        final Histogram histogram = new Histogram(1, MAX_NS, DIGITS);
        histogram.setTag(tag);
        histogram.setStartTimeStamp(System.currentTimeMillis());
        return histogram;
    }

    /**
     * Record a time; what is out of range counts as the nearest value in it.
     *
     * @param histogram to record in.
     * @param ns        to record.
     */
    public static void record(final Histogram histogram, final long ns)
    {
        histogram.recordValue(clamp(ns));
    }

    static void recordCorrected(final Histogram histogram, final long ns, final long intervalNs)
    {
        histogram.recordValueWithExpectedInterval(clamp(ns), intervalNs);
    }

    private static long clamp(final long ns)
    {
        return Math.min(Math.max(ns, 0L), MAX_NS);
    }
}
