package io.sluice.event;

/** Writes a record in the JSON shape of {@link EventJson}. Not thread-safe. */
final class EventJsonWriter
{
    private final JsonBuffer out;
    private final RecordJson parts;

    EventJsonWriter(final JsonBuffer out)
    {
        this.out = out;
        parts = new RecordJson(out);
    }

    void write(final EventFlyweight event)
    {
        out.clear();
        out.raw('{');
        if (event.sequence() != 0)
        {
            out.name("sequence").number(event.sequence());
        }
        parts.id(event);
        parts.text("type", event, EventField.TYPE);
        parts.text("subject", event, EventField.SUBJECT);
        parts.text("source", event, EventField.SOURCE);
        if (event.hasEventTime())
        {
            Timestamps.append(out.name("timestamp"), event.eventTime());
        }
        if (event.journalTime() != 0)
        {
            Timestamps.append(out.name("recorded"), event.journalTime());
        }
        out.name("priority").raw('"').raw(event.priority().label()).raw('"');
        out.name("category").raw('"').raw(event.category().label()).raw('"');
        parts.text("correlationId", event, EventField.CORRELATION_ID);
        parts.text("causationId", event, EventField.CAUSATION_ID);
        parts.text("sessionId", event, EventField.SESSION_ID);
        parts.text("workflowId", event, EventField.WORKFLOW_ID);
        writeAggregate(event);
        parts.text("version", event, EventField.SCHEMA_VERSION);
        parts.contentType("contentType", event);
        parts.metadata(event);
        parts.payload("payload", "payload_base64", event);
        if (RecordJson.hasFlagNames(event))
        {
            out.name("flags").raw('[');
            parts.flagNames(event, "\"", ',');
            out.raw(']');
        }
        if (event.originalSequence() != 0)
        {
            out.name("originalSequence").number(event.originalSequence());
        }
        out.raw('}');
    }

    private void writeAggregate(final EventFlyweight event)
    {
        if (event.fieldLength(EventField.AGGREGATE_TYPE) > 0 || event.fieldLength(EventField.AGGREGATE_ID) > 0 ||
            event.hasAggregateVersion())
        {
            out.name("aggregate").raw('{');
            parts.text("type", event, EventField.AGGREGATE_TYPE);
            parts.text("id", event, EventField.AGGREGATE_ID);
            if (event.hasAggregateVersion())
            {
                out.name("version").number(event.aggregateVersion());
            }
            out.raw('}');
        }
    }
}
