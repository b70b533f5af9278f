package io.sluice.event.filter;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventJson;
import io.sluice.event.Verdict;

/** An event as plain values, which {@link NaiveFilter} looks at, and what it takes to journal it. Not thread-safe. */
public final class NaiveEvent
{
    private final Object[] fields = new Object[FilterField.values().length];
    private final long sequence;
    private final long recordedNs;
    private Object payload;
    private NaiveJson metadata;
    private Verdict verdict = Verdict.ACCEPTED;
    private long originalSequence;
    private long eventTimeNs = EventDescriptor.NO_EVENT_TIME;
    private String json;

    NaiveEvent(final long sequence, final long recordedNs)
    {
        this.sequence = sequence;
        this.recordedNs = recordedNs;
        set(FilterField.SEQUENCE, sequence);
        set(FilterField.RECORDED, new NaiveTime(recordedNs));
    }

    /** @return number of the event in the journal, from 1. */
    public long sequence()
    {
        return sequence;
    }

    /** @return when it is journaled, nanoseconds since 1970 UTC. */
    public long recordedNs()
    {
        return recordedNs;
    }

    /** @return what becomes of it. */
    public Verdict verdict()
    {
        return verdict;
    }

    /** @return of a duplicate, the sequence of its original, otherwise 0. */
    public long originalSequence()
    {
        return originalSequence;
    }

    /** @return when it happened, nanoseconds since 1970 UTC; {@link EventDescriptor#NO_EVENT_TIME} if nobody knows. */
    public long eventTimeNs()
    {
        return eventTimeNs;
    }

    /**
     * Give the event to a builder.
     *
     * @param reader  to use.
     * @param builder to fill.
     */
    public void read(final EventJson reader, final EventBuilder builder)
    {
        reader.read(json, builder);
        builder.eventTimeNs(eventTimeNs);
    }

    @Override
    public String toString()
    {
        return json + " (sequence " + sequence + ", original " + originalSequence + ")";
    }

    /** @return the value of a field, null if it is absent. */
    Object field(final FilterField field)
    {
        return fields[field.ordinal()];
    }

    /** @return what paths lead into, null if there is nothing. */
    Object document(final FilterField field)
    {
        return field == FilterField.PAYLOAD ? payload : metadata;
    }

    void set(final FilterField field, final Object value)
    {
        fields[field.ordinal()] = value;
    }

    void setPayload(final NaiveText text, final Object value)
    {
        set(FilterField.PAYLOAD, text);
        payload = value;
    }

    void setMetadata(final NaiveJson value)
    {
        set(FilterField.METADATA, value.text());
        metadata = value;
    }

    void setDuplicate(final Verdict newVerdict, final long original)
    {
        verdict = newVerdict;
        originalSequence = original;
        set(FilterField.ORIGINAL_SEQUENCE, original);
    }

    void setTime(final long epochNs)
    {
        eventTimeNs = epochNs;
        set(FilterField.TIMESTAMP, new NaiveTime(epochNs));
    }

    void setJson(final String value)
    {
        json = value;
    }
}
