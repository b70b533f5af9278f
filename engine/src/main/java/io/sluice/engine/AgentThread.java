package io.sluice.engine;

import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs an agent on a thread of its own. Unlike Agrona's runner it never interrupts the thread, which Chronicle's files
 * do not survive, and its close is bounded: a thread that does not end in time is reported with its stack and left
 * behind.
 */
final class AgentThread
{
    // To see in between whether it was fenced.
    private static final long LONGEST_JOIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Agent agent;
    private final IdleStrategy idleStrategy;
    private final ErrorHandler errorHandler;
    private final Runnable onEnd;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean isFenced;

    AgentThread(final Agent agent, final IdleStrategy idleStrategy, final ErrorHandler errorHandler)
    {
        this(agent, idleStrategy, errorHandler, () ->
        {
        });
    }

    /**
     * @param agent        to run.
     * @param idleStrategy between duty cycles.
     * @param errorHandler told of what the agent throws.
     * @param onEnd        done last on the thread.
     */
    AgentThread(
        final Agent agent, final IdleStrategy idleStrategy, final ErrorHandler errorHandler, final Runnable onEnd)
    {
        this(agent.roleName(), agent, idleStrategy, errorHandler, onEnd);
    }

    /**
     * @param name         of the thread.
     * @param agent        to run.
     * @param idleStrategy between duty cycles.
     * @param errorHandler told of what the agent throws.
     * @param onEnd        done last on the thread.
     */
    AgentThread(
        final String name,
        final Agent agent,
        final IdleStrategy idleStrategy,
        final ErrorHandler errorHandler,
        final Runnable onEnd)
    {
        this.agent = agent;
        this.onEnd = onEnd;
        this.idleStrategy = idleStrategy;
        this.errorHandler = errorHandler;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start()
    {
        thread.start();
    }

    Thread thread()
    {
        return thread;
    }

    void requestStop()
    {
        running = false;
    }

    /** Another thread goes on with the agent: this one ends without it when its call returns, if it ever does. */
    void fence()
    {
        isFenced = true;
    }

    /**
     * Wait for the end of the thread, or until it is fenced.
     *
     * @param timeoutNs at most.
     * @return false if it still runs.
     */
    boolean join(final long timeoutNs)
    {
        boolean interrupted = false;
        final long deadline = System.nanoTime() + timeoutNs;
        while (thread.isAlive() && !isFenced)
        {
            final long leftNs = Math.min(deadline - System.nanoTime(), LONGEST_JOIN_NS);
            if (leftNs <= 0)
            {
                break;
            }
            try
            {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(leftNs, TimeUnit.MILLISECONDS.toNanos(1)));
            }
            catch (final InterruptedException ex)
            {
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive() && !isFenced)
        {
            reportStuck();
            return false;
        }
        return true;
    }

    private void reportStuck()
    {
        final IllegalStateException stuck = new IllegalStateException(
            "thread " + thread.getName() + " did not end in time and is left behind: a handler does not return");
        stuck.setStackTrace(thread.getStackTrace());
        errorHandler.onError(stuck);
    }

    private void run()
    {
        try
        {
            agent.onStart();
            while (running)
            {
                idleStrategy.idle(doWork());
            }
        }
        catch (final FencedException ex)
        {
            return;
        }
        catch (final Throwable ex)
        {
            errorHandler.onError(ex);
        }
        try
        {
            agent.onClose();
        }
        finally
        {
            onEnd.run();
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
