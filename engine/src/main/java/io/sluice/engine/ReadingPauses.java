package io.sluice.engine;

import io.sluice.engine.failure.PendingRetries;
import io.sluice.event.EventStreamException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which subscriptions are to read no further in the journal just now: those for which it could not be read a moment
 * ago, and those that fail while as many events as may be wait for another attempt. The others are not held up by them.
 * Delivery thread only.
 */
final class ReadingPauses
{
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final EngineCore core;
    private final Retries retries;
    private final Map<Subscription, Long> failedNs = new HashMap<>();
    // Said once of each, until nothing of it waits any more.
    private final Set<Subscription> full = new HashSet<>();

    /**
     * @param core    of the engine.
     * @param retries of what failed.
     */
    ReadingPauses(final EngineCore core, final Retries retries)
    {
        this.core = core;
        this.retries = retries;
    }

    /** Reading for it failed; true if that is to be said: once in a pause. */
    boolean failed(final Subscription subscription)
    {
        final boolean isNew = !isResting(subscription);
        if (isNew)
        {
            failedNs.put(subscription, core.nowNs());
        }
        return isNew;
    }

    /** It could be served, or rests. */
    void served(final Subscription subscription)
    {
        if (!isResting(subscription))
        {
            failedNs.remove(subscription);
        }
    }

    /** @return whether reading for it failed so lately that it is not tried again. */
    boolean isResting(final Subscription subscription)
    {
        final Long since = failedNs.get(subscription);
        final long passedNs = since == null ? PAUSE_NS : core.nowNs() - since;
        return passedNs >= 0 && passedNs < PAUSE_NS;
    }

    /** @return whether there is room for what it may fail with. */
    boolean mayFail(final Subscription subscription)
    {
        final int open = retries.open(subscription);
        if (open == 0)
        {
            full.remove(subscription);
            return true;
        }
        if (!retries.isFull())
        {
            return true;
        }
        if (full.add(subscription))
        {
            core.onError(new EventStreamException(
                "subscription '" + subscription.name() + "' gets no more events from the journal: " + open +
                " of its events wait for another attempt, and of all subscriptions together " +
                PendingRetries.CAPACITY + " or more, which is the most there may be; it goes on when there are " +
                "fewer, or none of its own: mend what its handler needs, or give it fewer attempts " +
                "(RetryPolicy.attempts)"));
        }
        return false;
    }

    /** It has ended. */
    void forget(final Subscription subscription)
    {
        failedNs.remove(subscription);
        full.remove(subscription);
    }
}
