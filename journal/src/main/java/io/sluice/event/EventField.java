package io.sluice.event;

/**
 * The variable fields of an event record, in the order in which they lie in it. Each is a length (unsigned 16 bit, 32
 * bit for {@link #PAYLOAD} and {@link #METADATA}) followed by that many bytes.
 *
 * <p>{@link #TYPE} to {@link #PAYLOAD} are the <i>content region</i>, {@link #ID} to {@link #METADATA} the <i>context
 * region</i>; each region has a hash of its own in the fixed header.
 */
public enum EventField
{
    /** Dot notation, for example {@code pipeline.stage.completed}. */
    TYPE("type", 1, 255, 2),
    /** Who created the event. */
    SOURCE("source", 0, 255, 2),
    /** Payload bytes; limited by the largest event only. */
    PAYLOAD("payload", 0, Integer.MAX_VALUE, 4),
    /** Empty where the id is a UUID, which lies in the fixed header. */
    ID("id", 0, 128, 2),
    /** What the event is about, the {@code type} of requirement text 001. */
    SUBJECT("subject", 0, 1024, 2),
    /** Groups the events of one request. */
    CORRELATION_ID("correlationId", 0, 128, 2),
    /** Id of the event that caused this one. */
    CAUSATION_ID("causationId", 0, 128, 2),
    /** Session of the user or agent. */
    SESSION_ID("sessionId", 0, 128, 2),
    /** Workflow run. */
    WORKFLOW_ID("workflowId", 0, 128, 2),
    /** Type of the aggregate. */
    AGGREGATE_TYPE("aggregate.type", 0, 255, 2),
    /** Id of the aggregate. */
    AGGREGATE_ID("aggregate.id", 0, 255, 2),
    /** Version of the payload's schema. */
    SCHEMA_VERSION("version", 0, 64, 2),
    /** Media type where it has no code. */
    CONTENT_TYPE("contentType", 0, 128, 2),
    /** A JSON object in UTF-8. */
    METADATA("metadata", 0, 65_536, 4);

    /** Number of variable fields. */
    public static final int COUNT = 14;

    private final String label;
    private final int minLength;
    private final int maxLength;
    private final int prefixLength;

    EventField(final String label, final int minLength, final int maxLength, final int prefixLength)
    {
        this.label = label;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.prefixLength = prefixLength;
    }

    /** @return the name in JSON and in error messages. */
    public String label()
    {
        return label;
    }

    /** @return least number of bytes. */
    public int minLength()
    {
        return minLength;
    }

    /** @return greatest number of bytes. */
    public int maxLength()
    {
        return maxLength;
    }

    /** @return bytes of the length before the field, 2 or 4. */
    public int prefixLength()
    {
        return prefixLength;
    }

    /**
     * Check a length in bytes against the limits.
     *
     * @param length in bytes.
     * @param value  for the message, or null.
     * @throws EventValidationException if it is out of range.
     */
    void validateLength(final int length, final CharSequence value)
    {
        if (length < minLength || length > maxLength)
        {
            throw new EventValidationException(
                label,
                value == null ? length + " bytes" : value.toString(),
                "it has " + length + " bytes, use " + (minLength == 0 ? "at most " : minLength + " to ") + maxLength +
                " bytes of UTF-8");
        }
    }
}
