package io.sluice.engine.failure;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * What failed and is not done, in memory: the picture of a {@link RetryLog}, made from its entries only.
 *
 * <pre>
 *            FAILED polled              due: onDue                     FAILED polled: waits again
 *   waits ◄───────────────   in flight ◄──────────   waits   ...
 *                                │ CLOSED polled
 *                                ▼ done; the next one of its key is due
 * </pre>
 *
 * <p>Events with a key ({@link RetryOrder#HOLD_KEY}) come out one by one, in the order of their sequences: the first of
 * a key when it is due, each other one when those before it are done, and if it failed itself not before its own time.
 *
 * <p>Bounded by agreement: when {@link #isFull()} says so, the caller stops the subscriptions that fail; what was begun
 * by then is taken still, for it is in the log. Each event takes about 150 bytes here and 100 in the log's memory.
 *
 * <p>Delivery thread only, but for {@link #isFull()} and {@link #count()}. Times are nanoseconds since 1970, from the
 * caller.
 */
public final class PendingRetries
{
    /** Most events that are not done. */
    public static final int CAPACITY = 100_000;

    private static final int MAX_POLLED = 1024;

    private final Long2ObjectHashMap<OfSubscription> subscriptions = new Long2ObjectHashMap<>();
    private final DueHeap due = new DueHeap();
    private final RetryEntryConsumer applier = this::apply;
    private final int capacity;
    private volatile int count;
    private long nowNs;

    private static final class OfSubscription
    {
        private final Long2ObjectHashMap<PendingRetry> events = new Long2ObjectHashMap<>();
        private final Long2ObjectHashMap<TreeMap<Long, PendingRetry>> keys = new Long2ObjectHashMap<>();
    }

    /**
     * @param capacity events from which on {@link #isFull()} is true, 1 or more.
     */
    public PendingRetries(final int capacity)
    {
        if (capacity < 1)
        {
            throw new IllegalArgumentException("pending retries capacity=" + capacity + ": use 1 or more");
        }
        this.capacity = capacity;
    }

    /**
     * Read what an earlier run left. What was in flight then is due at its time again, or at once if that has passed.
     *
     * @param log   just opened.
     * @param now   time.
     * @return events that are not done.
     */
    public int recover(final RetryLog log, final long now)
    {
        int polled = poll(log, now);
        while (polled == MAX_POLLED)
        {
            polled = poll(log, now);
        }
        return count;
    }

    /**
     * Take what is new in the log.
     *
     * @param log it.
     * @param now time.
     * @return entries that were read, at most 1024.
     */
    public int poll(final RetryLog log, final long now)
    {
        nowNs = now;
        return log.poll(applier, now, MAX_POLLED);
    }

    /**
     * Hand out what is due, the longest due first. It is in flight then, until a FAILED or CLOSED entry for it is
     * polled, or it is put back.
     *
     * @param now      time.
     * @param limit    most events.
     * @param consumer of them; must not call back into this object.
     * @return events that it took.
     */
    public int wake(final long now, final int limit, final RetryConsumer consumer)
    {
        int woken = 0;
        PendingRetry first = due.peek();
        while (woken < limit && first != null && first.dueNs <= now)
        {
            if (!consumer.onDue(first))
            {
                break;
            }
            due.remove(first);
            first.isInFlight = true;
            woken++;
            first = due.peek();
        }
        return woken;
    }

    /** @return when the next event is due, nanoseconds since 1970; the greatest value if none is. */
    public long nextDueNs()
    {
        final PendingRetry first = due.peek();
        return first == null ? Long.MAX_VALUE : first.dueNs;
    }

    /**
     * Take back an event that was handed out and did not reach its handler, for example because its breaker is open.
     * No attempt is counted. In memory only: after a restart it is due at the time that the log says.
     *
     * @param subscription id of the subscription.
     * @param sequence     of the event.
     * @param dueNs        when it is due again, nanoseconds since 1970.
     * @return false if it is not known, or not in flight.
     */
    public boolean putBack(final long subscription, final long sequence, final long dueNs)
    {
        final PendingRetry retry = find(subscription, sequence);
        if (retry == null || !retry.isInFlight)
        {
            return false;
        }
        retry.dueNs = dueNs;
        retry.isInFlight = false;
        schedule(subscriptions.get(subscription), retry);
        return true;
    }

    /**
     * Ask whether an event is to be parked before it is handed to its handler.
     *
     * @param subscription id of the subscription.
     * @param keyHash      of the event's key, from {@link RetryEntry#keyHash(long)}.
     * @return true if an event of that key is not done.
     */
    public boolean isHeld(final long subscription, final long keyHash)
    {
        final OfSubscription of = subscriptions.get(subscription);
        return of != null && of.keys.containsKey(keyHash);
    }

    /**
     * Park an event behind the last one of its key that is not done. It is known here once it is polled from the log.
     *
     * @param log          to append to.
     * @param subscription id of the subscription.
     * @param sequence     of the event.
     * @param keyHash      of its key.
     * @return false if the log has no room just now: come again.
     */
    public boolean park(final RetryLog log, final long subscription, final long sequence, final long keyHash)
    {
        final OfSubscription of = subscriptions.get(subscription);
        final TreeMap<Long, PendingRetry> queue = of == null ? null : of.keys.get(keyHash);
        return log.append(RetryEntry.held(subscription, sequence, keyHash, queue == null ? 0 : queue.lastKey()));
    }

    /**
     * @param subscription id of the subscription.
     * @param sequence     of the event.
     * @return the event if it is not done, otherwise null. Whoever delivers again after a restart leaves out what is
     *         here.
     */
    public PendingRetry find(final long subscription, final long sequence)
    {
        final OfSubscription of = subscriptions.get(subscription);
        return of == null ? null : of.events.get(sequence);
    }

    /** @return events that are not done. Any thread. */
    public int count()
    {
        return count;
    }

    /** @return true if there are as many as there may be: subscriptions that fail must stop. Any thread. */
    public boolean isFull()
    {
        return count >= capacity;
    }

    /**
     * @param subscription id of the subscription.
     * @return events of it that are not done.
     */
    public int count(final long subscription)
    {
        final OfSubscription of = subscriptions.get(subscription);
        return of == null ? 0 : of.events.size();
    }

    /** @return ids of the subscriptions that have events here, ascending. */
    public long[] subscriptions()
    {
        final long[] ids = new long[subscriptions.size()];
        int i = 0;
        final Long2ObjectHashMap<OfSubscription>.KeyIterator iterator = subscriptions.keySet().iterator();
        while (iterator.hasNext())
        {
            ids[i++] = iterator.nextLong();
        }
        Arrays.sort(ids);
        return ids;
    }

    /**
     * List the events of a subscription, by sequence. Takes memory and time per event.
     *
     * @param subscription id of the subscription.
     * @param consumer     of them.
     */
    public void forEach(final long subscription, final Consumer<PendingRetry> consumer)
    {
        final OfSubscription of = subscriptions.get(subscription);
        if (of != null)
        {
            of.events.values().stream()
                .sorted((left, right) -> Long.compare(left.sequence(), right.sequence()))
                .forEach(consumer);
        }
    }

    /**
     * Give up everything of a subscription that was removed. Only when no thread calls its handler any more: what fails
     * after that counts.
     *
     * @param log          to append to.
     * @param subscription id of the subscription.
     * @return false if the log has no room just now: come again. Otherwise its events are gone with the next poll.
     */
    public boolean forget(final RetryLog log, final long subscription)
    {
        return log.append(RetryEntry.forgotten(subscription));
    }

    private void apply(final RetryEntry entry)
    {
        switch (entry.kind())
        {
            case CLOSED:
                close(entry);
                break;
            case FORGOTTEN:
                removeAll(entry.subscription());
                break;
            default:
                open(entry);
                break;
        }
    }

    private void open(final RetryEntry entry)
    {
        final OfSubscription of = subscriptions.computeIfAbsent(entry.subscription(), id -> new OfSubscription());
        final long sequence = entry.sequence();
        PendingRetry retry = of.events.get(sequence);
        if (retry == null)
        {
            retry = new PendingRetry(entry.subscription(), sequence);
            of.events.put(sequence, retry);
            count++;
        }
        else if (retry.keyHash() != entry.keyHash())
        {
            leaveKey(of, retry);
        }
        retry.set(entry);
        retry.isInFlight = false;
        // A clock that was set back since must not make the pause any longer.
        if (entry.lastFailureNs() > nowNs)
        {
            retry.dueNs = nowNs + Math.max(0, entry.dueNs() - entry.lastFailureNs());
        }
        if (entry.keyHash() != RetryEntry.NO_KEY)
        {
            of.keys.computeIfAbsent(entry.keyHash(), hash -> new TreeMap<>()).put(sequence, retry);
        }
        schedule(of, retry);
    }

    private void close(final RetryEntry entry)
    {
        final OfSubscription of = subscriptions.get(entry.subscription());
        final PendingRetry retry = of == null ? null : of.events.remove(entry.sequence());
        if (retry == null)
        {
            return;
        }
        count--;
        due.remove(retry);
        leaveKey(of, retry);
        if (of.events.isEmpty())
        {
            subscriptions.remove(entry.subscription());
        }
    }

    private void removeAll(final long subscription)
    {
        final OfSubscription of = subscriptions.remove(subscription);
        if (of != null)
        {
            of.events.values().forEach(due::remove);
            count -= of.events.size();
        }
    }

    private void leaveKey(final OfSubscription of, final PendingRetry retry)
    {
        final TreeMap<Long, PendingRetry> queue = of.keys.get(retry.keyHash());
        if (queue != null)
        {
            queue.remove(retry.sequence());
            if (queue.isEmpty())
            {
                of.keys.remove(retry.keyHash());
            }
            else
            {
                schedule(of, queue.firstEntry().getValue());
            }
        }
    }

    /** Only the first of a key has a time; one that was the first until now loses it. */
    private void schedule(final OfSubscription of, final PendingRetry retry)
    {
        final TreeMap<Long, PendingRetry> queue =
            retry.keyHash() == RetryEntry.NO_KEY ? null : of.keys.get(retry.keyHash());
        if (queue != null && queue.firstKey() != retry.sequence())
        {
            due.remove(retry);
            return;
        }
        if (queue != null)
        {
            final var second = queue.higherEntry(retry.sequence());
            if (second != null)
            {
                due.remove(second.getValue());
            }
        }
        if (retry.isInFlight)
        {
            due.remove(retry);
        }
        else
        {
            due.put(retry);
        }
    }
}
