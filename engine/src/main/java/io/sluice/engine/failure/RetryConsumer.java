package io.sluice.engine.failure;

/** Takes what is due, on the delivery thread. */
@FunctionalInterface
public interface RetryConsumer
{
    /**
     * One event is due.
     *
     * @param retry the event; valid as long as it is not done. Must not be handed to another thread.
     * @return false if there is no room for it now: it stays due, and so does everything behind it.
     */
    boolean onDue(PendingRetry retry);
}
