package io.sluice.engine;

import io.sluice.engine.telemetry.AllowedCpus;
import net.openhft.affinity.Affinity;

/** Pins the thread of one role to the processor that the context names, and knows where it may run. */
final class ThreadPin
{
    private final EngineRole role;
    private final EngineCore core;
    private final int cpu;
    private volatile String allowedCpus = "";

    ThreadPin(final EngineRole role, final EngineCore core)
    {
        this.role = role;
        this.core = core;
        cpu = core.context().pin(role);
    }

    /** On the thread, when it starts. What goes wrong is told to the error handler: the thread runs unpinned then. */
    void pin()
    {
        if (cpu >= 0)
        {
            try
            {
                Affinity.setAffinity(cpu);
            }
            catch (final RuntimeException | LinkageError ex)
            {
                core.onError(new IllegalStateException(
                    "thread " + role.threadName() + " could not be pinned to processor " + cpu + ": it runs unpinned",
                    ex));
            }
        }
        allowedCpus = AllowedCpus.ofThisThread();
        if (cpu >= 0 && !allowedCpus.isEmpty() && !allowedCpus.equals(Integer.toString(cpu)))
        {
            core.onError(new IllegalStateException(
                "thread " + role.threadName() + " was to be pinned to processor " + cpu + " but may run on " +
                allowedCpus + ": check the number and the process's own limits"));
        }
    }

    /** @return the processor that was asked for, -1 if none. */
    int cpu()
    {
        return cpu;
    }

    /** @return processors that the thread may run on, as the kernel lists them; empty before it starts. */
    String allowedCpus()
    {
        return allowedCpus;
    }
}
