package io.sluice.perf.synced;

import io.sluice.perf.measure.Histograms;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/** Records what begins within a window of time, and so leaves warm-up and end out. Thread-safe. */
final class WindowedLatency
{
    private static final double NS_PER_S = 1e9;

    private final String tag;
    private final AtomicHistogram histogram = new AtomicHistogram(1, Histograms.MAX_NS, 3);
    private volatile long fromNs;
    private volatile long durationNs;

    /**
     * @param tag of the histogram.
     */
    WindowedLatency(final String tag)
    {
        this.tag = tag;
    }

    /**
     * Set the window; before anything is recorded.
     *
     * @param startNs by {@link System#nanoTime()}.
     * @param lengthNs of it.
     */
    void open(final long startNs, final long lengthNs)
    {
        fromNs = startNs;
        durationNs = lengthNs;
    }

    /**
     * Something was done.
     *
     * @param beginNs of it.
     * @param endNs   of it.
     */
    void record(final long beginNs, final long endNs)
    {
        final long sinceNs = beginNs - fromNs;
        if (sinceNs >= 0 && sinceNs < durationNs)
        {
            histogram.recordValue(Math.min(Math.max(endNs - beginNs, 0), Histograms.MAX_NS));
        }
    }

    boolean isOver(final long nowNs)
    {
        return nowNs - fromNs >= durationNs;
    }

    Histogram histogram()
    {
        final Histogram copy = Histograms.create(tag);
        copy.add(histogram);
        return copy;
    }

    double eventsPerSecond()
    {
        return histogram.getTotalCount() * NS_PER_S / durationNs;
    }
}
