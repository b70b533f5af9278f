package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.agrona.concurrent.Agent;

/**
 * The stages of one thread, run in turn. Pins the thread if asked to, reads back whether it took, and measures duty
 * cycles.
 */
final class StageLoop implements Agent
{
    private static final VarHandle CYCLES;
    private static final VarHandle MAX_CYCLE;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            CYCLES = lookup.findVarHandle(StageLoop.class, "cycles", long.class);
            MAX_CYCLE = lookup.findVarHandle(StageLoop.class, "maxCycleNs", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final EngineRole role;
    private final EngineCore core;
    private final Agent[] stages;
    private final ThreadPin pin;
    private long cycles;
    private long maxCycleNs;
    private long lastStartNs;
    private boolean hadWork;

    StageLoop(final EngineRole role, final EngineCore core, final List<Agent> stages)
    {
        this.role = role;
        this.core = core;
        this.stages = stages.toArray(new Agent[0]);
        pin = new ThreadPin(role, core);
    }

    @Override
    public void onStart()
    {
        pin.pin();
        core.scratch().engineThread(true);
        startStages();
    }

    /** Start the stages on a thread that stays the host's: neither pinned nor kept from waiting. */
    void startStages()
    {
        for (final Agent stage : stages)
        {
            stage.onStart();
        }
    }

    @Override
    public int doWork() throws Exception
    {
        final long startNs = System.nanoTime();
        if (hadWork && startNs - lastStartNs > maxCycleNs)
        {
            MAX_CYCLE.setOpaque(this, startNs - lastStartNs);
        }
        lastStartNs = startNs;
        CYCLES.setOpaque(this, cycles + 1);
        int count = 0;
        for (final Agent stage : stages)
        {
            count += stage.doWork();
        }
        hadWork = count > 0;
        return count;
    }

    @Override
    public void onClose()
    {
        for (final Agent stage : stages)
        {
            stage.onClose();
        }
    }

    @Override
    public String roleName()
    {
        return role.threadName();
    }

    EngineRole role()
    {
        return role;
    }

    AgentStats stats()
    {
        return new AgentStats(
            role,
            role.threadName(),
            pin.cpu(),
            pin.allowedCpus(),
            (long)CYCLES.getOpaque(this),
            (long)MAX_CYCLE.getOpaque(this));
    }
}
