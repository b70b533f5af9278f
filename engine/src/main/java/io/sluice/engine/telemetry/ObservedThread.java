package io.sluice.engine.telemetry;

/**
 * A thread of a running engine, as the kernel sees it.
 *
 * @param name        of the thread.
 * @param threadId    of the kernel.
 * @param allowedCpus list of CPUs that the kernel lets it run on, for example {@code 0-1}.
 */
public record ObservedThread(String name, long threadId, String allowedCpus)
{
}
