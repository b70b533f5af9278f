package io.sluice.perf.measure;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures the stalls of the machine itself while something else is measured: a thread sleeps one millisecond at a
 * time and records how much longer than its shortest sleep each one took. So the usual lateness of timers does not
 * count, and what is left (scheduler, hypervisor, collector) would have hit any thread.
 */
public final class HiccupMeter implements AutoCloseable
{
    private static final long SLEEP_NS = 1_000_000L;

    private final Histogram histogram = Histograms.create("hiccup");
    private final Thread thread;
    private volatile boolean isClosed;

    private HiccupMeter()
    {
        thread = new Thread(this::measure, "perf-hiccup");
        thread.setDaemon(true);
    }

    /** @return a running meter. */
    public static HiccupMeter start()
    {
        final HiccupMeter meter = new HiccupMeter();
        meter.thread.start();
        return meter;
    }

    /**
     * Stop measuring.
     *
     * @return what was measured.
     */
    public Histogram stop()
    {
        close();
        return histogram;
    }

    /** Stop the thread and wait for it. Idempotent. */
    @Override
    public void close()
    {
        isClosed = true;
        ThreadEnd.await(thread);
    }

    private void measure()
    {
        long shortestNs = Long.MAX_VALUE;
        long beforeNs = System.nanoTime();
        while (!isClosed)
        {
            LockSupport.parkNanos(SLEEP_NS);
            final long nowNs = System.nanoTime();
            final long tookNs = nowNs - beforeNs;
            beforeNs = nowNs;
            // A spurious return says nothing about stalls.
            if (tookNs >= SLEEP_NS)
            {
                shortestNs = Math.min(shortestNs, tookNs);
                Histograms.recordCorrected(histogram, tookNs - shortestNs, SLEEP_NS);
            }
        }
    }
}
