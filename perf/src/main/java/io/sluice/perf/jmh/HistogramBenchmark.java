package io.sluice.perf.jmh;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Recording a latency: as the stages of the engine do, which hand their histograms over by themselves, and with the
 * recorder that the library has for that.
 */
@State(Scope.Thread)
public class HistogramBenchmark
{
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int STEP = 977;
    private static final int MASK = (1 << 20) - 1;

    private final Histogram histogram = new Histogram(HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private int latencyNs;

    /** For JMH. */
    public HistogramBenchmark()
    {
    }

    /** A plain histogram. */
    @Benchmark
    public void plain()
    {
        histogram.recordValue(Math.min(Math.max(nextNs(), 0L), HIGHEST_NS));
    }

    /** The library's recorder. */
    @Benchmark
    public void recorder()
    {
        recorder.recordValue(Math.min(Math.max(nextNs(), 0L), HIGHEST_NS));
    }

    // Up to a millisecond, not always the same bucket.
    private long nextNs()
    {
        latencyNs = latencyNs + STEP & MASK;
        return latencyNs;
    }
}
