package io.sluice.engine;

/** One duty cycle of an engine that its host drives. */
@FunctionalInterface
interface InvokerGate
{
    int invoke();
}
