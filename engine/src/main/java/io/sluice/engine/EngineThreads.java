package io.sluice.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The threads that run the stages of an engine, and the watch over the handlers that they call. A thread that hangs in
 * a handler is left to it; another one goes on with its stages.
 */
final class EngineThreads
{
    private static final long WATCH_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    // A thread that is well needs one duty cycle to end, whatever is left of the time.
    private static final long LEAST_JOIN_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EngineContext context;
    private final EngineCore core;
    private final Runnable onEnd;
    private final List<StageLoop> loops;
    private final AgentThread[] threads;
    private final AgentThread watch;
    private int successors;
    private boolean isEnding;

    /**
     * @param context of the engine.
     * @param core    of the engine.
     * @param loops   one for each thread.
     * @param onEnd   done last for each loop.
     */
    EngineThreads(
        final EngineContext context, final EngineCore core, final List<StageLoop> loops, final Runnable onEnd)
    {
        this.context = context;
        this.core = core;
        this.onEnd = onEnd;
        this.loops = loops;
        threads = new AgentThread[loops.size()];
        for (int i = 0; i < threads.length; i++)
        {
            threads[i] = newThread(i, loops.get(i).roleName());
        }
        watch = context.hangTimeoutNs() == 0 ? null :
            new AgentThread(
                new PinnedAgent(EngineRole.WATCH, core, core.watch()),
                new PausingIdleStrategy(WATCH_PAUSE_NS),
                core::onError);
        core.watch().onFenced(this::replace);
    }

    void start()
    {
        for (final AgentThread thread : threads)
        {
            thread.start();
        }
        if (watch != null)
        {
            watch.start();
        }
    }

    /**
     * End the threads of the stages; the watch goes on.
     *
     * @param deadline until then, see {@link System#nanoTime}.
     * @return false if one still runs.
     */
    boolean end(final long deadline)
    {
        synchronized (this)
        {
            isEnding = true;
            for (final AgentThread thread : threads)
            {
                thread.requestStop();
            }
        }
        boolean ended = true;
        for (int i = 0; i < threads.length; i++)
        {
            AgentThread thread = thread(i);
            boolean hasEnded = thread.join(Math.max(deadline - System.nanoTime(), LEAST_JOIN_NS));
            while (thread != thread(i))
            {
                thread = thread(i);
                hasEnded = thread.join(Math.max(deadline - System.nanoTime(), LEAST_JOIN_NS));
            }
            ended &= hasEnded;
        }
        return ended;
    }

    /** Last: no handler is called any more. */
    void endWatch(final long deadline)
    {
        if (watch != null)
        {
            watch.requestStop();
            watch.join(Math.max(deadline - System.nanoTime(), LEAST_JOIN_NS));
        }
    }

    // Watch. While the engine ends the new thread has only to close the stages.
    private synchronized void replace(final EngineRole role)
    {
        for (int i = 0; i < threads.length; i++)
        {
            if (loops.get(i).role() == role)
            {
                final AgentThread fenced = threads[i];
                threads[i] = newThread(i, role.threadName() + "-" + ++successors);
                if (isEnding)
                {
                    threads[i].requestStop();
                }
                fenced.fence();
                threads[i].start();
                return;
            }
        }
    }

    private synchronized AgentThread thread(final int index)
    {
        return threads[index];
    }

    private AgentThread newThread(final int index, final String name)
    {
        final StageLoop loop = loops.get(index);
        return new AgentThread(name, loop, context.newIdleStrategy(loop.role()), core::onError, onEnd);
    }
}
