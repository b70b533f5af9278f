package io.sluice.engine;

import org.agrona.concurrent.Agent;

/** An agent beside the path of events, on a thread that is pinned where the context says so. */
final class PinnedAgent implements Agent
{
    private final ThreadPin pin;
    private final Agent agent;

    PinnedAgent(final EngineRole role, final EngineCore core, final Agent agent)
    {
        pin = new ThreadPin(role, core);
        this.agent = agent;
    }

    @Override
    public void onStart()
    {
        pin.pin();
        agent.onStart();
    }

    @Override
    public int doWork() throws Exception
    {
        return agent.doWork();
    }

    @Override
    public void onClose()
    {
        agent.onClose();
    }

    @Override
    public String roleName()
    {
        return agent.roleName();
    }
}
