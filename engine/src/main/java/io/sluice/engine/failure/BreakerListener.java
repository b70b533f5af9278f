package io.sluice.engine.failure;

/** Told of every change of a breaker's state, on the thread that drives it. Must be quick and must not throw. */
@FunctionalInterface
public interface BreakerListener
{
    /**
     * @param from  the state before.
     * @param to    the state now.
     * @param nowNs time of the change, nanoseconds since 1970.
     */
    void onState(BreakerState from, BreakerState to, long nowNs);
}
