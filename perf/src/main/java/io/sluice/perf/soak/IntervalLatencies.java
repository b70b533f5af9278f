package io.sluice.perf.soak;

import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latencies by priority, interval by interval, kept as they come in a log: as many histograms as a soak has would be a
 * leak of its own. {@link #record} on the thread that handles events of the priority, the rest on the sampler's.
 */
final class IntervalLatencies implements AutoCloseable
{
    private static final int DIGITS = 3;
    private static final double NS_PER_US = 1000;
    private static final double MS_PER_S = 1000;

    private final SingleWriterRecorder[] recorders = new SingleWriterRecorder[Priority.COUNT];
    private final Histogram[] intervals = new Histogram[Priority.COUNT];
    private final PrintStream out;
    private final long startMs;
    private final HistogramLogWriter log;

    /**
     * @param file of the log.
     */
    IntervalLatencies(final Path file)
    {
        for (int i = 0; i < recorders.length; i++)
        {
            recorders[i] = new SingleWriterRecorder(1, Histograms.MAX_NS, DIGITS);
        }
        try
        {
            out = new PrintStream(Files.newOutputStream(file));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        log = new HistogramLogWriter(out);
        startMs = System.currentTimeMillis();
        log.outputLogFormatVersion();
        log.outputStartTime(startMs);
        log.setBaseTime(startMs);
        log.outputLegend();
    }

    /**
     * @param priorityCode of an event.
     * @param ns           from its intended time to now.
     */
    void record(final int priorityCode, final long ns)
    {
        recorders[priorityCode].recordValue(Math.min(Math.max(ns, 0), Histograms.MAX_NS));
    }

    /** @return values in the order of {@link Series#ofLatency()}, of the time since the last call. */
    double[] sample()
    {
        final double[] values = new double[Priority.COUNT * Series.PERCENTILES.length];
        int at = 0;
        for (final Priority priority : Priority.values())
        {
            final int code = priority.code();
            intervals[code] = recorders[code].getIntervalHistogram(intervals[code]);
            intervals[code].setTag("soak." + priority.label());
            for (final double percentile : Series.PERCENTILES)
            {
                values[at++] = intervals[code].getTotalCount() == 0 ?
                    Double.NaN : intervals[code].getValueAtPercentile(percentile) / NS_PER_US;
            }
            log.outputIntervalHistogram(
                (intervals[code].getStartTimeStamp() - startMs) / MS_PER_S,
                (intervals[code].getEndTimeStamp() - startMs) / MS_PER_S,
                intervals[code],
                NS_PER_US);
        }
        return values;
    }

    @Override
    public void close()
    {
        out.close();
    }
}
