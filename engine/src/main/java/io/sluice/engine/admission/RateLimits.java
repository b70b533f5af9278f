package io.sluice.engine.admission;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.TopicPattern;
import java.util.HashMap;
import java.util.Map;

/**
 * The buckets of an engine: one for each name of a publisher, one for each pattern of types.
 *
 * <p>Thread-safe. To find the bucket of a type allocates nothing.
 */
public final class RateLimits
{
    private final TopicPattern[] patterns;
    private final TokenBucket[] buckets;
    private final RateLimit anyPublisher;
    private final Map<String, RateLimit> publishers;
    private final Map<String, Held> held = new HashMap<>();

    /**
     * @param types        limits by pattern; the first one that matches counts.
     * @param anyPublisher limit of each publisher that has none of its own, or null.
     * @param publishers   limits by name of the publisher.
     */
    public RateLimits(
        final Map<TopicPattern, RateLimit> types,
        final RateLimit anyPublisher,
        final Map<String, RateLimit> publishers)
    {
        this.anyPublisher = anyPublisher;
        this.publishers = Map.copyOf(publishers);
        patterns = types.keySet().toArray(new TopicPattern[0]);
        buckets = types.values().stream().map(TokenBucket::new).toArray(TokenBucket[]::new);
    }

    /**
     * @param event to be published.
     * @return the bucket of its type, or null.
     */
    public TokenBucket ofType(final EventFlyweight event)
    {
        for (int i = 0; i < patterns.length; i++)
        {
            if (patterns[i].matches(
                event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE)))
            {
                return buckets[i];
            }
        }
        return null;
    }

    /**
     * A publisher is opened. All of one name have one bucket, and one that closes and comes back finds it as it was.
     *
     * @param name  of the publisher.
     * @param nowNs by the engine's clock.
     * @return its bucket, or null.
     */
    public synchronized TokenBucket open(final String name, final long nowNs)
    {
        held.values().removeIf((other) -> other.count == 0 && other.bucket.isFull(nowNs));
        final RateLimit limit = publishers.getOrDefault(name, anyPublisher);
        if (limit == null)
        {
            return null;
        }
        final Held entry = held.computeIfAbsent(name, (key) -> new Held(new TokenBucket(limit)));
        entry.count++;
        return entry.bucket;
    }

    /**
     * A publisher is closed.
     *
     * @param name of the publisher.
     */
    public synchronized void close(final String name)
    {
        final Held entry = held.get(name);
        if (entry != null)
        {
            entry.count--;
        }
    }

    /** @return names whose buckets are kept. */
    synchronized int size()
    {
        return held.size();
    }

    private static final class Held
    {
        private final TokenBucket bucket;
        private int count;

        Held(final TokenBucket bucket)
        {
            this.bucket = bucket;
        }
    }
}
