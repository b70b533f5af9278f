package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The order of the events that a subscription gets for the first time: within each priority, in batches within each
 * type and priority, and where the journal serves it, as they were journaled.
 */
final class PromisedOrder
{
    private final long[] lastOfPriority = new long[Priority.COUNT];
    private final Map<String, Long> lastOfType = new HashMap<>();
    private long last;

    void check(final String name, final EventFlyweight event, final DeliveryMode mode)
    {
        final long sequence = event.sequence();
        final int code = event.priorityCode();
        final String group = event.type() + code;
        final boolean isBatched = mode == DeliveryMode.BATCHED || mode == DeliveryMode.AUTO;
        final long before = isBatched ? lastOfType.getOrDefault(group, 0L) : lastOfPriority[code];
        assertTrue(sequence > before, () -> name + " got " + sequence + " after " + before + " of the same priority");
        lastOfPriority[code] = sequence;
        lastOfType.put(group, sequence);
        if (mode == DeliveryMode.TAILING)
        {
            assertTrue(sequence > last, () -> name + " got " + sequence + " after " + last);
            last = sequence;
        }
    }

    /** Whatever comes, it is behind that sequence. */
    void restart(final long sequence)
    {
        Arrays.fill(lastOfPriority, sequence);
        lastOfType.replaceAll((group, any) -> sequence);
        last = sequence;
    }

    void putAll(final PromisedOrder other)
    {
        System.arraycopy(other.lastOfPriority, 0, lastOfPriority, 0, Priority.COUNT);
        lastOfType.putAll(other.lastOfType);
        last = other.last;
    }
}
