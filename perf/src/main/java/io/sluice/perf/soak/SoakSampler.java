package io.sluice.perf.soak;

import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** A thread that looks at everything at fixed times. Made and closed by one thread. */
final class SoakSampler implements AutoCloseable
{
    private static final double NS_PER_S = 1e9;
    private static final long MOST_PARK_NS = 50_000_000L;

    private final ProcessProbe process;
    private final DiskProbe disk;
    private final IntervalLatencies latencies;
    private final SoakSamples samples = new SoakSamples(Series.all());
    private final PrintStream progress;
    private final long startNs;
    private final long intervalNs;
    private final Thread thread;
    private volatile boolean isClosed;
    private RuntimeException failure;

    /**
     * Start.
     *
     * @param process    to look at.
     * @param disk       to look at.
     * @param latencies  of the events.
     * @param progress   told what was seen.
     * @param startNs    of the schedule of events.
     * @param intervalNs between two looks.
     */
    SoakSampler(
        final ProcessProbe process,
        final DiskProbe disk,
        final IntervalLatencies latencies,
        final PrintStream progress,
        final long startNs,
        final long intervalNs)
    {
        this.process = process;
        this.disk = disk;
        this.latencies = latencies;
        this.progress = progress;
        this.startNs = startNs;
        this.intervalNs = intervalNs;
        thread = new Thread(this::run, "perf-soak");
        thread.start();
    }

    /**
     * End.
     *
     * @return what was seen.
     */
    SoakSamples finish()
    {
        close();
        if (failure != null)
        {
            throw new MeasurementException("sampling failed: " + failure.getMessage(), failure);
        }
        return samples;
    }

    /** Idempotent. */
    @Override
    public void close()
    {
        isClosed = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }

    private void run()
    {
        try
        {
            for (long i = 1; !isClosed; i++)
            {
                final long atNs = startNs + i * intervalNs;
                while (!isClosed && System.nanoTime() - atNs < 0)
                {
                    LockSupport.parkNanos(Math.min(MOST_PARK_NS, atNs - System.nanoTime()));
                }
                if (!isClosed)
                {
                    look((System.nanoTime() - startNs) / NS_PER_S);
                }
            }
        }
        catch (final RuntimeException e)
        {
            failure = e;
        }
    }

    private void look(final double atS)
    {
        final double[] first = process.sample();
        final double[] second = disk.sample();
        final double[] third = latencies.sample();
        final double[] row = new double[first.length + second.length + third.length];
        System.arraycopy(first, 0, row, 0, first.length);
        System.arraycopy(second, 0, row, first.length, second.length);
        System.arraycopy(third, 0, row, first.length + second.length, third.length);
        samples.add(atS, row);
        progress.printf(Locale.ROOT, "%7.1f s: heap %.1f MB, anonymous %.0f MB, %.0f handles, %.0f mappings, " +
            "%.0f threads, journal %.0f MB in %.0f files, archive %.1f MB in %.0f; critical p50 %.0f us, p99 %.0f us%n",
            atS, first[0], first[3], first[6], first[7], first[8], second[0], second[4], second[1], second[5],
            third[0], third[1]);
    }
}
