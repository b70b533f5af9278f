package io.sluice.archive;

/** The parts of records that are counted apart; the ordinal stands in files, so new ones go to the end. */
enum Part
{
    STRUCTURE("structure"),
    ODD_RECORDS("odd records"),
    SCHEMA("schema"),
    RUN_ID("run id"),
    SEQUENCE("sequence"),
    JOURNAL_TIME("journal time"),
    EVENT_TIME("event time"),
    ORIGINAL_SEQUENCE("originalSequence"),
    BATCH("batch"),
    CODES("priority, category, verdict, flags"),
    TYPE("type"),
    SOURCE("source"),
    ID("id"),
    SUBJECT("subject"),
    CORRELATION_ID("correlationId"),
    CAUSATION_ID("causationId"),
    SESSION_ID("sessionId"),
    WORKFLOW_ID("workflowId"),
    AGGREGATE_TYPE("aggregate.type"),
    AGGREGATE_ID("aggregate.id"),
    AGGREGATE_VERSION("aggregate.version"),
    SCHEMA_VERSION("version"),
    CONTENT_TYPE("contentType"),
    PAYLOAD_SHAPE("payload: shape"),
    PAYLOAD_CHOICE("payload: values seen before"),
    PAYLOAD_TEXT("payload: new text"),
    PAYLOAD_NUMBER("payload: numbers"),
    PAYLOAD_RANDOM("payload: new hashes and ids"),
    PAYLOAD_BYTES("payload: bytes"),
    METADATA_SHAPE("metadata: shape"),
    METADATA_CHOICE("metadata: values seen before"),
    METADATA_TEXT("metadata: new text"),
    METADATA_NUMBER("metadata: numbers"),
    METADATA_RANDOM("metadata: new hashes and ids"),
    METADATA_BYTES("metadata: bytes");

    static final int COUNT = values().length;

    private final String label;

    Part(final String label)
    {
        this.label = label;
    }

    String label()
    {
        return label;
    }
}
