package io.sluice.engine;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the route of an event by its type, from a cache that is filled once per type.
 *
 * <p>Not thread-safe: one per thread that routes. A look-up of a known type allocates nothing; a new type is compiled
 * once, up to a bound, beyond which types are matched anew each time and counted together.
 */
final class RouteTable
{
    static final int MAX_TYPES = 4096;
    static final String OTHER = "(other)";

    private static final int BUCKETS = 4 * MAX_TYPES;

    private final Subscriptions subscriptions;
    private final TypeRecords types;
    private final Entry[] table = new Entry[BUCKETS];
    private SubscriptionTable current;
    private int known;

    RouteTable(final Subscriptions subscriptions, final TypeRecords types)
    {
        this.subscriptions = subscriptions;
        this.types = types;
        current = subscriptions.current();
    }

    /** @return number of the change of the table of subscriptions that the next route knows. */
    int refresh()
    {
        final SubscriptionTable latest = subscriptions.current();
        if (latest.generation() != current.generation())
        {
            forgetRoutes();
            current = latest;
        }
        return latest.generation();
    }

    /** @return the subscriptions that the last route knows. */
    SubscriptionTable current()
    {
        return current;
    }

    Route find(final EventFlyweight event)
    {
        refresh();
        final DirectBuffer buffer = event.buffer();
        final int offset = event.fieldOffset(EventField.TYPE);
        final int length = event.fieldLength(EventField.TYPE);
        final long hash = EventHash.hash64(buffer, offset, length);
        int bucket = (int)hash & (BUCKETS - 1);
        while (true)
        {
            final Entry entry = table[bucket];
            if (entry == null)
            {
                return add(bucket, hash, event);
            }
            if (entry.hash == hash && entry.matches(buffer, offset, length))
            {
                return entry.route(event.priorityCode(), current);
            }
            bucket = (bucket + 1) & (BUCKETS - 1);
        }
    }

    private Route add(final int bucket, final long hash, final EventFlyweight event)
    {
        if (known == MAX_TYPES)
        {
            return new Entry(hash, event.type(), types.other()).route(event.priorityCode(), current);
        }
        known++;
        final String type = event.type();
        final Entry entry = new Entry(hash, type, types.of(type));
        table[bucket] = entry;
        return entry.route(event.priorityCode(), current);
    }

    private void forgetRoutes()
    {
        for (final Entry entry : table)
        {
            if (entry != null)
            {
                entry.forget();
            }
        }
    }

    private static final class Entry
    {
        private final long hash;
        private final String type;
        private final UnsafeBuffer bytes;
        private final TypeRecord record;
        private final Route[] routes = new Route[Priority.COUNT];

        Entry(final long hash, final String type, final TypeRecord record)
        {
            this.hash = hash;
            this.type = type;
            this.record = record;
            bytes = new UnsafeBuffer(type.getBytes(StandardCharsets.UTF_8));
        }

        boolean matches(final DirectBuffer buffer, final int offset, final int length)
        {
            if (length != bytes.capacity())
            {
                return false;
            }
            int i = 0;
            for (; i + Long.BYTES <= length; i += Long.BYTES)
            {
                if (buffer.getLong(offset + i) != bytes.getLong(i))
                {
                    return false;
                }
            }
            for (; i < length; i++)
            {
                if (buffer.getByte(offset + i) != bytes.getByte(i))
                {
                    return false;
                }
            }
            return true;
        }

        Route route(final int priorityCode, final SubscriptionTable current)
        {
            Route route = routes[priorityCode];
            if (route == null)
            {
                final List<Subscription> matching = new ArrayList<>();
                for (final Subscription subscription : current.all())
                {
                    final SubscriptionSpec spec = subscription.spec();
                    if (priorityCode <= spec.minimumPriority().code() && spec.pattern().matches(type))
                    {
                        matching.add(subscription);
                    }
                }
                route = new Route(record, matching, current.generation());
                routes[priorityCode] = route;
            }
            return route;
        }

        void forget()
        {
            Arrays.fill(routes, null);
        }
    }
}
