package io.sluice.perf.tailers;

import io.sluice.perf.measure.ThreadEnd;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** A thread that works until it is told to end, and its processor time. */
final class MeasuredThread implements AutoCloseable
{
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread thread;
    private volatile boolean isStopping;

    /**
     * Start a thread.
     *
     * @param name  of it.
     * @param cycle that it does over and over.
     */
    MeasuredThread(final String name, final Runnable cycle)
    {
        thread = new Thread(
            () ->
            {
                while (!isStopping)
                {
                    cycle.run();
                }
            },
            name);
        thread.setDaemon(true);
        thread.start();
    }

    long cpuNs()
    {
        return THREADS.getThreadCpuTime(thread.getId());
    }

    /** @return true if it ended by itself, which it should not. */
    boolean isDead()
    {
        return !thread.isAlive();
    }

    @Override
    public void close()
    {
        isStopping = true;
        ThreadEnd.await(thread);
    }
}
