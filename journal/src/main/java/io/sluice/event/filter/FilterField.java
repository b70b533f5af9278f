package io.sluice.event.filter;

import io.sluice.event.EventField;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names that a filter knows, each with its aliases: those of the event's JSON, of CloudEvents, and in snake case.
 * Upper and lower case are the same in them.
 */
enum FilterField
{
    /** Always {@code 1.0}. */
    SPECVERSION(null, "specversion"),
    ID(null, "id"),
    TYPE(EventField.TYPE, "type"),
    SOURCE(EventField.SOURCE, "source"),
    SUBJECT(EventField.SUBJECT, "subject"),
    /** When it happened. */
    TIMESTAMP(null, "timestamp", "time", "eventtime", "event_time"),
    /** When it was journaled. */
    RECORDED(null, "recorded", "recordedtime", "recorded_time"),
    SEQUENCE(null, "sequence"),
    /** Of a duplicate, the sequence of its original. */
    ORIGINAL_SEQUENCE(null, "originalsequence", "original_sequence"),
    PRIORITY(null, "priority", "sluicepriority"),
    CATEGORY(null, "category", "sluicecategory"),
    CORRELATION_ID(EventField.CORRELATION_ID, "correlationid", "correlation_id"),
    CAUSATION_ID(EventField.CAUSATION_ID, "causationid", "causation_id"),
    SESSION_ID(EventField.SESSION_ID, "sessionid", "session_id"),
    WORKFLOW_ID(EventField.WORKFLOW_ID, "workflowid", "workflow_id"),
    AGGREGATE_TYPE(EventField.AGGREGATE_TYPE, "aggregatetype", "aggregate_type", "aggregate.type"),
    AGGREGATE_ID(EventField.AGGREGATE_ID, "aggregateid", "aggregate_id", "aggregate.id"),
    AGGREGATE_VERSION(null, "aggregateversion", "aggregate_version", "aggregate.version"),
    /** Version of the payload's schema. */
    VERSION(EventField.SCHEMA_VERSION, "version", "schemaversion", "schema_version", "dataschema"),
    CONTENT_TYPE(null, "contenttype", "content_type", "datacontenttype"),
    /** Names with commas between them, as in JSON. */
    FLAGS(null, "flags", "sluiceflags"),
    METADATA(EventField.METADATA, "metadata", "sluicemetadata"),
    PAYLOAD(EventField.PAYLOAD, "payload", "data");

    private static final Map<String, FilterField> BY_NAME = new HashMap<>();

    private final EventField recordField;
    // List.of is immutable; the checker knows Guava's lists only.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> names;

    static
    {
        for (final FilterField field : values())
        {
            field.names.forEach((name) -> BY_NAME.put(name, field));
        }
    }

    FilterField(final EventField recordField, final String... names)
    {
        this.recordField = recordField;
        this.names = List.of(names);
    }

    /** @return the field of a name, or null. */
    static FilterField of(final String name)
    {
        return BY_NAME.get(name.toLowerCase(Locale.ROOT));
    }

    /** @return the name that messages use. */
    String label()
    {
        return names.get(0);
    }

    /** @return where its text lies in the record, null if it is not a text there. */
    EventField recordField()
    {
        return recordField;
    }

    boolean isTime()
    {
        return this == TIMESTAMP || this == RECORDED;
    }

    /** @return true if it is JSON that paths lead into. */
    boolean isDocument()
    {
        return this == PAYLOAD || this == METADATA;
    }
}
