package io.sluice.query;

import io.sluice.event.filter.EventFilter;
import java.time.Duration;

/** Which events, in which order, how many and for how long. Not thread-safe; read when the query runs. */
public final class EventQuery
{
    /** Most events that a query keeps in memory, in orders other than {@link QueryOrder#SEQUENCE}. */
    public static final int MAX_COLLECTED = 100_000;
    /** Most bytes of those. */
    public static final long MAX_COLLECTED_BYTES = 1L << 28;

    private final EventFilter filter;
    private QueryOrder order = QueryOrder.SEQUENCE;
    private long fromSequence = 1;
    private long toSequence = Long.MAX_VALUE;
    private long limit = Long.MAX_VALUE;
    private boolean isLimited;
    private long timeoutNs = Long.MAX_VALUE;

    private EventQuery(final EventFilter filter)
    {
        this.filter = filter;
    }

    /**
     * @param filter in the filter language; {@code TRUE} is every event.
     * @return a query for the events that match it.
     * @throws io.sluice.event.EventFilterException with the column of the fault, if it is not valid.
     */
    public static EventQuery of(final String filter)
    {
        return of(EventFilter.of(filter));
    }

    /**
     * @param filter of events; the query takes a copy.
     * @return a query for the events that match it.
     */
    public static EventQuery of(final EventFilter filter)
    {
        return new EventQuery(filter.copy());
    }

    /** @return filter of the events. */
    public EventFilter filter()
    {
        return filter;
    }

    /**
     * @param value order of the events; default: by sequence.
     * @return this.
     */
    public EventQuery order(final QueryOrder value)
    {
        order = value;
        return this;
    }

    /** @return order of the events. */
    public QueryOrder order()
    {
        return order;
    }

    /**
     * @param sequence of the first event to look at, from 1; default: 1.
     * @return this.
     */
    public EventQuery fromSequence(final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException("fromSequence " + sequence + " is out of range: sequences start at 1");
        }
        fromSequence = sequence;
        return this;
    }

    /** @return sequence of the first event to look at. */
    public long fromSequence()
    {
        return fromSequence;
    }

    /**
     * @param sequence of the last event to look at; default: the last one that is journaled when the query starts.
     * @return this.
     */
    public EventQuery toSequence(final long sequence)
    {
        toSequence = sequence;
        return this;
    }

    /** @return sequence of the last event to look at. */
    public long toSequence()
    {
        return toSequence;
    }

    /**
     * @param events to hand out at most, from 1; default: all, and in orders that need memory
     *               {@value #MAX_COLLECTED}, which is also the most that they allow.
     * @return this.
     */
    public EventQuery limit(final long events)
    {
        if (events < 1)
        {
            throw new IllegalArgumentException("limit " + events + " is out of range: use 1 or more");
        }
        limit = events;
        isLimited = true;
        return this;
    }

    /** @return events to hand out at most. */
    public long limit()
    {
        return !isLimited && order.isCollected() ? MAX_COLLECTED : limit;
    }

    /**
     * @param value after which the query ends with what it has; default: none.
     * @return this.
     */
    public EventQuery timeout(final Duration value)
    {
        if (value.isNegative() || value.isZero())
        {
            throw new IllegalArgumentException("timeout " + value + " is out of range: use more than nothing");
        }
        timeoutNs = value.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : value.toNanos();
        return this;
    }

    /** @return nanoseconds after which the query ends. */
    long timeoutNs()
    {
        return timeoutNs;
    }
}
