package io.sluice.engine;

import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.PendingRetry;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Subscriptions that are not durable and have ended. Nobody is left to try again what they failed with, and a later run
 * does not know their names: it becomes dead letters while these are known. Delivery thread only.
 */
final class EndedSubscriptions
{
    // Names of which nothing waits are forgotten beyond these: hosts subscribe and unsubscribe for ever.
    private static final int KEPT = 1_024;

    private final Map<Long, String> names = new LinkedHashMap<>();
    private final Set<Long> fresh = new HashSet<>();
    private final ArrayDeque<PendingRetry> left = new ArrayDeque<>();

    /** One has ended, and no other that has a handler goes by its id. */
    void add(final Subscription subscription, final PendingRetries pending)
    {
        if (names.size() >= KEPT)
        {
            names.keySet().removeIf(id -> pending.count(id) == 0);
        }
        names.put(subscription.retryId(), subscription.name());
        fresh.add(subscription.retryId());
    }

    /** @return the name of one that has ended, or null. */
    String nameOf(final long retryId)
    {
        return names.get(retryId);
    }

    /** A call that was in progress has failed since: look again, once that is in the log. */
    void again(final long retryId)
    {
        if (names.containsKey(retryId))
        {
            fresh.add(retryId);
        }
    }

    boolean isAny()
    {
        return !fresh.isEmpty() || !left.isEmpty();
    }

    /**
     * Hand out what is left, at most so many events.
     *
     * @param pending knows everything that is in the log.
     */
    int doWork(final PendingRetries pending, final int most, final Consumer<PendingRetry> consumer)
    {
        for (final long retryId : fresh)
        {
            pending.forEach(retryId, left::add);
        }
        fresh.clear();
        int count = 0;
        for (; count < most && !left.isEmpty(); count++)
        {
            final PendingRetry retry = left.remove();
            // It may be done by now; a call that is in progress is waited for.
            if (!retry.isInFlight() && pending.find(retry.subscription(), retry.sequence()) == retry)
            {
                consumer.accept(retry);
            }
        }
        return count;
    }
}
