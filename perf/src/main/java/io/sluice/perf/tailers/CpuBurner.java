package io.sluice.perf.tailers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes a given share of a processor and touches nothing: parks as the thread of a group does where nothing comes, and
 * then burns what it is behind.
 */
final class CpuBurner implements Beside
{
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long PARK_NS = 200_000L;
    private static final int SPINS = 200;

    private final double share;
    private MeasuredThread thread;
    private long startNs;

    /**
     * @param share of one processor, 0 to 1.
     */
    CpuBurner(final double share)
    {
        this.share = share;
    }

    @Override
    public void start(final Path directory)
    {
        startNs = System.nanoTime();
        thread = new MeasuredThread("perf-burner", this::cycle);
    }

    @Override
    public long cpuNs()
    {
        return thread.cpuNs();
    }

    @Override
    public void finish(final RunLog log)
    {
        // What it took is told by cpuNs().
    }

    @Override
    public void close()
    {
        if (thread != null)
        {
            thread.close();
        }
    }

    private void cycle()
    {
        LockSupport.parkNanos(PARK_NS);
        final long dueNs = (long)(share * (System.nanoTime() - startNs));
        while (THREADS.getCurrentThreadCpuTime() < dueNs)
        {
            for (int i = 0; i < SPINS; i++)
            {
                Thread.onSpinWait();
            }
        }
    }
}
