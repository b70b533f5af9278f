package io.sluice.perf.subject;

/** Sees each handled event, on the engine's handling thread. */
@FunctionalInterface
public interface HandledListener
{
    /**
     * An event was handled.
     *
     * @param number       that the publisher put into it.
     * @param priorityCode of the event.
     */
    void onHandled(long number, int priorityCode);
}
