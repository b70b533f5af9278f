package io.sluice.engine;

import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/**
 * Latencies of the run, per priority and stage: publish → journaled, and publish → handed to the first handler, which
 * is what the budgets are about.
 *
 * <p>The stages record, one thread collects, any thread takes a copy.
 */
final class LatencyTotals
{
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final double NS_PER_MS = 1_000_000.0;

    private final StageHistogram[] journaled = new StageHistogram[Priority.COUNT];
    private final StageHistogram[] handed = new StageHistogram[Priority.COUNT];
    private final Histogram[] totalJournaled = new Histogram[Priority.COUNT];
    private final Histogram[] totalHanded = new Histogram[Priority.COUNT];
    private final long[] intervalStartNs = new long[Priority.COUNT];

    LatencyTotals()
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            journaled[code] = new StageHistogram(HIGHEST_NS);
            handed[code] = new StageHistogram(HIGHEST_NS);
            totalJournaled[code] = journaled[code].newHistogram();
            totalHanded[code] = handed[code].newHistogram();
        }
    }

    /** Bytes that they hold: per priority and stage one that records, one that is empty, and the total. */
    static long memory()
    {
        return (long)Priority.COUNT * 2 * 3 *
            new StageHistogram(HIGHEST_NS).newHistogram().getEstimatedFootprintInBytes();
    }

    /** For the sequencing thread. */
    StageHistogram[] journaled()
    {
        return journaled;
    }

    /** For the handling threads. */
    StageHistogram[] handed()
    {
        return handed;
    }

    /**
     * Ask the stages for their first interval.
     *
     * @param nowNs start of it.
     */
    synchronized void start(final long nowNs)
    {
        Arrays.fill(intervalStartNs, nowNs);
        for (int code = 0; code < Priority.COUNT; code++)
        {
            journaled[code].requestInterval(journaled[code].newHistogram());
            handed[code].requestInterval(handed[code].newHistogram());
        }
    }

    /**
     * Add the intervals of a priority that the stages have handed over, and ask for the next.
     *
     * @param code     of the priority.
     * @param nowNs    end of the interval.
     * @param interval told of each, with its tag; the histogram is reused afterwards.
     */
    synchronized void collect(final int code, final long nowNs, final BiConsumer<String, Histogram> interval)
    {
        final String label = Priority.of(code).label();
        collect(journaled[code], totalJournaled[code], label + ".journaled", code, nowNs, interval);
        collect(handed[code], totalHanded[code], label + ".handed", code, nowNs, interval);
        intervalStartNs[code] = nowNs;
    }

    /**
     * Add what the stages recorded last; only after their threads have ended.
     *
     * @param nowNs    end of the interval.
     * @param interval told of each, with its tag.
     */
    synchronized void finish(final long nowNs, final BiConsumer<String, Histogram> interval)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            collect(code, nowNs, interval);
            final String label = Priority.of(code).label();
            add(journaled[code].takeRest(), totalJournaled[code], label + ".journaled", code, nowNs, interval);
            add(handed[code].takeRest(), totalHanded[code], label + ".handed", code, nowNs, interval);
        }
    }

    /**
     * Publish → handed of the run so far, up to the last collected interval.
     *
     * @param priorityCode of the priority.
     * @return a copy.
     */
    synchronized Histogram handedCopy(final int priorityCode)
    {
        return totalHanded[priorityCode].copy();
    }

    /**
     * Publish → handed of the run so far, up to the last collected interval, without a copy.
     *
     * @param priorityCode of the priority.
     * @param percentile   0 to 100.
     * @return nanoseconds, 0 if there is nothing yet.
     */
    synchronized long handedPercentileNs(final int priorityCode, final double percentile)
    {
        final Histogram total = totalHanded[priorityCode];
        return total.getTotalCount() == 0 ? 0L : total.getValueAtPercentile(percentile);
    }

    /**
     * Publish → journaled of the run so far, up to the last collected interval.
     *
     * @param priorityCode of the priority.
     * @return a copy.
     */
    synchronized Histogram journaledCopy(final int priorityCode)
    {
        return totalJournaled[priorityCode].copy();
    }

    private void collect(
        final StageHistogram stage,
        final Histogram total,
        final String tag,
        final int code,
        final long nowNs,
        final BiConsumer<String, Histogram> consumer)
    {
        final Histogram interval = stage.takeInterval();
        if (interval != null)
        {
            add(interval, total, tag, code, nowNs, consumer);
            interval.reset();
            stage.requestInterval(interval);
        }
    }

    private void add(
        final Histogram interval,
        final Histogram total,
        final String tag,
        final int code,
        final long nowNs,
        final BiConsumer<String, Histogram> consumer)
    {
        if (interval.getTotalCount() > 0)
        {
            total.add(interval);
            interval.setStartTimeStamp((long)(intervalStartNs[code] / NS_PER_MS));
            interval.setEndTimeStamp((long)(nowNs / NS_PER_MS));
            consumer.accept(tag, interval);
        }
    }
}
