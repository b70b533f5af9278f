package io.sluice.engine.failure;

/** Takes what is new in the retry log, on the delivery thread. */
@FunctionalInterface
public interface RetryEntryConsumer
{
    /**
     * One entry, in the order of the log.
     *
     * @param entry FAILED or HELD for an event that is to be done, in the place of what was said of it before; CLOSED
     *              for one that is done; FORGOTTEN for a subscription that is removed.
     */
    void onEntry(RetryEntry entry);
}
