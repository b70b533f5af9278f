package io.sluice.engine.failure;

/**
 * One event that is not done: it is due again some time, or waits for another one, or is with its handler. Belongs to
 * {@link PendingRetries}; delivery thread only. Its text is in the log ({@link RetryLog#read}).
 */
public final class PendingRetry
{
    static final int NOWHERE = -1;

    private final long subscription;
    private final long sequence;
    // Place in the heap.
    int index = NOWHERE;
    long dueNs;
    boolean isInFlight;
    private long keyHash;
    private int attempt;
    private long firstFailureNs;
    private long lastFailureNs;
    private FailureCause cause;

    PendingRetry(final long subscription, final long sequence)
    {
        this.subscription = subscription;
        this.sequence = sequence;
    }

    void set(final RetryEntry entry)
    {
        keyHash = entry.keyHash();
        attempt = entry.attempt();
        dueNs = entry.dueNs();
        firstFailureNs = entry.firstFailureNs();
        lastFailureNs = entry.lastFailureNs();
        cause = entry.cause();
    }

    /** @return id of the subscription. */
    public long subscription()
    {
        return subscription;
    }

    /** @return sequence of the event. */
    public long sequence()
    {
        return sequence;
    }

    /** @return hash of its key if later events of the key wait for it, otherwise {@link RetryEntry#NO_KEY}. */
    public long keyHash()
    {
        return keyHash;
    }

    /** @return attempts so far; 0 for one that only waited for another. */
    public int attempt()
    {
        return attempt;
    }

    /** @return when it is due, nanoseconds since 1970; it may have to wait for another one all the same. */
    public long dueNs()
    {
        return dueNs;
    }

    /** @return when it failed first, nanoseconds since 1970; 0 if it did not. */
    public long firstFailureNs()
    {
        return firstFailureNs;
    }

    /** @return when it failed last, nanoseconds since 1970; 0 if it did not. */
    public long lastFailureNs()
    {
        return lastFailureNs;
    }

    /** @return why it is not done; null if it only waited for another one. */
    public FailureCause cause()
    {
        return cause;
    }

    /** @return true if it was handed out and nothing was heard since. */
    public boolean isInFlight()
    {
        return isInFlight;
    }

    /** @return true if it waits for an earlier one of its key. */
    public boolean isHeld()
    {
        return !isInFlight && index == NOWHERE;
    }
}
