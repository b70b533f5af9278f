package io.sluice.tail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs the agent of a group. Never interrupts the thread, which file channels do not survive; waits a bounded time for
 * its end, and leaves one behind whose handler does not return.
 */
final class TailThread
{
    private final TailerAgent agent;
    private final IdleStrategy idleStrategy;
    private final ErrorHandler errorHandler;
    private final Thread thread;
    private volatile boolean isStopping;

    TailThread(final TailerAgent agent, final TailerGroupContext context)
    {
        this.agent = agent;
        idleStrategy = context.idleStrategy();
        errorHandler = context.errorHandler();
        thread = new Thread(this::run, context.threadName());
        thread.setDaemon(true);
    }

    void start()
    {
        thread.start();
    }

    boolean isCurrent()
    {
        return Thread.currentThread() == thread;
    }

    /** End the duty cycles; the agent closes on its thread. */
    void requestStop()
    {
        isStopping = true;
        LockSupport.unpark(thread);
    }

    /** Wait for the end, which {@link #requestStop()} asked for. */
    void join(final long timeoutNs)
    {
        boolean isInterrupted = false;
        final long deadline = System.nanoTime() + timeoutNs;
        while (thread.isAlive() && System.nanoTime() < deadline)
        {
            try
            {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000L, deadline - System.nanoTime()));
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive())
        {
            final IllegalStateException stuck = new IllegalStateException(
                "thread " + thread.getName() + " did not end in time and is left behind: a handler does not return");
            stuck.setStackTrace(thread.getStackTrace());
            errorHandler.onError(stuck);
        }
    }

    private void run()
    {
        Throwable cause = null;
        try
        {
            while (!isStopping)
            {
                idleStrategy.idle(doWork());
            }
        }
        catch (final Throwable ex)
        {
            cause = ex;
            errorHandler.onError(ex);
        }
        finally
        {
            agent.close(cause);
        }
    }

    private int doWork()
    {
        try
        {
            return agent.doWork();
        }
        catch (final Exception ex)
        {
            errorHandler.onError(ex);
            return 0;
        }
    }
}
