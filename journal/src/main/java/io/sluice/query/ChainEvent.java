package io.sluice.query;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Timestamps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An event in an {@link EventChain}, and what it caused. Immutable once the chain is made. */
public final class ChainEvent
{
    private final long sequence;
    private final String id;
    private final String type;
    private final String source;
    private final String correlationId;
    private final String causationId;
    private final long eventTimeNs;
    private final List<ChainEvent> effects = new ArrayList<>();

    ChainEvent(final EventFlyweight event)
    {
        sequence = event.sequence();
        id = event.id();
        type = event.type();
        source = event.source();
        correlationId = event.text(EventField.CORRELATION_ID);
        causationId = event.text(EventField.CAUSATION_ID);
        eventTimeNs = event.eventTime();
    }

    /** @return number of the event in the journal. */
    public long sequence()
    {
        return sequence;
    }

    /** @return id of the event. */
    public String id()
    {
        return id;
    }

    /** @return type of the event. */
    public String type()
    {
        return type;
    }

    /** @return who created it, may be empty. */
    public String source()
    {
        return source;
    }

    /** @return what it belongs to, may be empty. */
    public String correlationId()
    {
        return correlationId;
    }

    /** @return id of the event that caused it, may be empty; that event need not be in the journal. */
    public String causationId()
    {
        return causationId;
    }

    /** @return when it happened, nanoseconds since 1970 UTC. */
    public long eventTimeNs()
    {
        return eventTimeNs;
    }

    /** @return what it caused, by sequence. */
    public List<ChainEvent> effects()
    {
        return Collections.unmodifiableList(effects);
    }

    void addEffect(final ChainEvent effect)
    {
        effects.add(effect);
    }

    @Override
    public String toString()
    {
        return sequence + " " + Timestamps.text(eventTimeNs) + " " + type + " " + id;
    }
}
