package io.sluice.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that call the handlers of subscriptions that read the journal. One comes when a call has to be made and none
 * is free, and goes when it had nothing to do for a while; so a handler that hangs holds nobody up. Where the host
 * drives the engine, the calls are made in its thread instead.
 */
final class DeliveryWorkers implements Executor
{
    private static final String PREFIX = "sluice-work-";
    private static final long KEEP_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    // Workers in calls that do not return.
    private final AtomicInteger hung = new AtomicInteger();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private DeliveryWorkers(final ThreadPoolExecutor threads)
    {
        this.threads = threads;
    }

    /** Threads of their own. */
    static DeliveryWorkers threads()
    {
        final AtomicInteger count = new AtomicInteger();
        return new DeliveryWorkers(new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), run ->
            {
                final Thread thread = new Thread(run, PREFIX + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            },
            // Only once it is closed: what is not called then is delivered again by the next run.
            new ThreadPoolExecutor.DiscardPolicy()));
    }

    /** The thread that calls {@link #runSome}. */
    static DeliveryWorkers inline()
    {
        return new DeliveryWorkers(null);
    }

    @Override
    public void execute(final Runnable run)
    {
        if (threads == null)
        {
            waiting.add(run);
        }
        else
        {
            threads.execute(run);
        }
    }

    /** Any thread: a worker is in a call that does not return. */
    void onHung()
    {
        hung.incrementAndGet();
    }

    /** Any thread: it has returned after all. */
    void onReturned()
    {
        hung.decrementAndGet();
    }

    boolean hasThreads()
    {
        return threads != null;
    }

    /** Where there are no threads: do what waits. */
    int runSome()
    {
        int count = 0;
        for (int left = waiting.size(); left > 0; left--)
        {
            waiting.remove().run();
            count++;
        }
        return count;
    }

    /**
     * Take nothing more on, and wait for the threads to end. One that is in a handler which does not return is left
     * behind.
     *
     * @param timeoutNs at most.
     */
    void close(final long timeoutNs)
    {
        waiting.clear();
        if (threads != null)
        {
            threads.shutdown();
            final long deadline = System.nanoTime() + timeoutNs;
            boolean isInterrupted = false;
            while (threads.getActiveCount() > hung.get() && System.nanoTime() - deadline < 0 && !isInterrupted)
            {
                isInterrupted = !awaitEnd();
            }
            if (isInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean awaitEnd()
    {
        try
        {
            threads.awaitTermination(1, TimeUnit.MILLISECONDS);
            return true;
        }
        catch (final InterruptedException ex)
        {
            return false;
        }
    }
}
