package io.sluice.engine;

/**
 * A thread of the engine.
 *
 * @param role         what it does.
 * @param threadName   as the kernel shows it.
 * @param requestedCpu processor it was to be pinned to, or -1.
 * @param allowedCpus  processors that the kernel lets it run on, as read back at its start; empty if not started or not
 *                     told.
 * @param dutyCycles   cycles so far.
 * @param maxCycleNs   longest cycle that had work, nanoseconds.
 */
public record AgentStats(
    EngineRole role, String threadName, int requestedCpu, String allowedCpus, long dutyCycles, long maxCycleNs)
{
    /** @return true if it was to be pinned and the kernel agreed. */
    public boolean isPinned()
    {
        return requestedCpu >= 0 && allowedCpus.equals(Integer.toString(requestedCpu));
    }
}
