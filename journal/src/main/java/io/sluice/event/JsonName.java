package io.sluice.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The members that JSON readers know, each with the names that it goes by: its own, then CloudEvents', then others. */
enum JsonName
{
    /** Belongs to the journal: ignored on input. */
    JOURNALS(
        "sequence",
        "sequence",
        "recorded",
        "recordedtime",
        "originalSequence",
        "original_sequence",
        "originalsequence"),
    SPECVERSION("specversion", "specversion"),
    ID("id", "id"),
    TYPE("type", "type"),
    TOPIC("topic", null),
    SUBJECT("subject", "subject"),
    SOURCE("source", "source"),
    /** The exact source where it is no URI reference. */
    EXACT_SOURCE("sluicesource", "sluicesource"),
    TIMESTAMP("timestamp", "time"),
    PRIORITY("priority", "sluicepriority"),
    CATEGORY("category", "sluicecategory"),
    CORRELATION_ID("correlationId", "correlationid", "correlation_id"),
    CAUSATION_ID("causationId", "causationid", "causation_id"),
    SESSION_ID("sessionId", "sessionid", "session_id"),
    WORKFLOW_ID("workflowId", "workflowid", "workflow_id"),
    AGGREGATE("aggregate", null),
    AGGREGATE_TYPE("aggregateType", "aggregatetype", "aggregate_type"),
    AGGREGATE_ID("aggregateId", "aggregateid", "aggregate_id"),
    AGGREGATE_VERSION("aggregateVersion", "aggregateversion", "aggregate_version"),
    VERSION("version", "schemaversion", "schemaVersion", "schema_version"),
    DATASCHEMA("dataschema", "dataschema"),
    CONTENT_TYPE("contentType", "datacontenttype", "content_type"),
    METADATA("metadata", "sluicemetadata"),
    PAYLOAD("payload", "data"),
    PAYLOAD_BASE64("payload_base64", "data_base64", "payloadBase64"),
    FLAGS("flags", "sluiceflags");

    private static final Map<String, JsonName> ALL = new HashMap<>();
    private static final Map<String, JsonName> CLOUD_EVENTS = new HashMap<>();

    private final String label;
    private final String cloudEventsName;
    // List.of is immutable; the checker knows Guava's lists only.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> others;

    JsonName(final String label, final String cloudEventsName, final String... others)
    {
        this.label = label;
        this.cloudEventsName = cloudEventsName;
        this.others = List.of(others);
    }

    static
    {
        for (final JsonName name : values())
        {
            ALL.put(name.label, name);
            name.others.forEach((other) -> ALL.put(other, name));
            if (name.cloudEventsName != null)
            {
                ALL.put(name.cloudEventsName, name);
                CLOUD_EVENTS.put(name.cloudEventsName, name);
            }
        }
        CLOUD_EVENTS.put("recordedtime", JOURNALS);
        CLOUD_EVENTS.put("originalsequence", JOURNALS);
    }

    String label()
    {
        return label;
    }

    /** @return the member of a name, or null if it is unknown. */
    static JsonName of(final String name, final boolean cloudEventsOnly)
    {
        return (cloudEventsOnly ? CLOUD_EVENTS : ALL).get(name);
    }
}
