package io.sluice.engine;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/** Pauses after every duty cycle, work or not: for agents that look at something now and then. */
final class PausingIdleStrategy implements IdleStrategy
{
    private final long pauseNs;

    PausingIdleStrategy(final long pauseNs)
    {
        this.pauseNs = pauseNs;
    }

    @Override
    public void idle(final int workCount)
    {
        idle();
    }

    @Override
    public void idle()
    {
        LockSupport.parkNanos(pauseNs);
    }

    @Override
    public void reset()
    {
        // There is no state between two pauses.
    }

    @Override
    public String alias()
    {
        return "pausing";
    }
}
