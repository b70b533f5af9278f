package io.sluice.engine;

/** Told of every change of an engine's state, on the thread that makes it. Must be quick and must not throw. */
@FunctionalInterface
public interface EngineStateListener
{
    /**
     * @param from the state before.
     * @param to   the state now.
     */
    void onState(EngineState from, EngineState to);
}
