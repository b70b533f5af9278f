package io.sluice.engine.rule;

import io.sluice.event.ContentType;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The fields of an event that a rule can read, named as in its JSON. */
enum RuleField
{
    ID("id", EventField.ID),
    TYPE("type", EventField.TYPE),
    SOURCE("source", EventField.SOURCE),
    SUBJECT("subject", EventField.SUBJECT),
    /** When it happened; a text as in JSON. */
    TIMESTAMP("timestamp", null),
    /** When it was journaled. */
    RECORDED("recorded", null),
    /** A number. */
    SEQUENCE("sequence", null),
    PRIORITY("priority", null),
    CATEGORY("category", null),
    CORRELATION_ID("correlationId", EventField.CORRELATION_ID),
    CAUSATION_ID("causationId", EventField.CAUSATION_ID),
    SESSION_ID("sessionId", EventField.SESSION_ID),
    WORKFLOW_ID("workflowId", EventField.WORKFLOW_ID),
    AGGREGATE_TYPE("aggregate.type", EventField.AGGREGATE_TYPE),
    AGGREGATE_ID("aggregate.id", EventField.AGGREGATE_ID),
    /** A number. */
    AGGREGATE_VERSION("aggregate.version", null),
    /** Version of the payload's schema. */
    VERSION("version", EventField.SCHEMA_VERSION),
    CONTENT_TYPE("contentType", EventField.CONTENT_TYPE);

    private final String label;
    private final EventField field;

    RuleField(final String label, final EventField field)
    {
        this.label = label;
        this.field = field;
    }

    /** @return the field of a name, or null. */
    static RuleField of(final String name)
    {
        for (final RuleField field : values())
        {
            if (field.label.equals(name))
            {
                return field;
            }
        }
        return null;
    }

    static String labels()
    {
        return Arrays.stream(values()).map(RuleField::label).collect(Collectors.joining(", "));
    }

    String label()
    {
        return label;
    }

    /**
     * Append the value as JSON. Allocates for times, UUIDs and names of one of a few.
     *
     * @return false if the event has none; then nothing was appended.
     */
    boolean append(final EventFlyweight event, final JsonText out)
    {
        switch (this)
        {
            case ID:
                return event.hasUuid() ? appendText(event.id(), out) : appendField(event, out);
            case TIMESTAMP:
                return event.hasEventTime() && appendText(Timestamps.text(event.eventTime()), out);
            case RECORDED:
                return event.sequence() != 0 && appendText(Timestamps.text(event.journalTime()), out);
            case SEQUENCE:
                return event.sequence() != 0 && appendNumber(event.sequence(), out);
            case PRIORITY:
                return appendText(event.priority().label(), out);
            case CATEGORY:
                return appendText(event.category().label(), out);
            case AGGREGATE_VERSION:
                return event.hasAggregateVersion() && appendNumber(event.aggregateVersion(), out);
            case CONTENT_TYPE:
                return appendContentType(event, out);
            default:
                return appendField(event, out);
        }
    }

    private boolean appendContentType(final EventFlyweight event, final JsonText out)
    {
        final ContentType contentType = event.contentType();
        if (contentType == ContentType.OTHER)
        {
            return appendField(event, out);
        }
        final boolean isDefault = contentType == ContentType.JSON && event.fieldLength(EventField.PAYLOAD) == 0;
        return !isDefault && appendText(contentType.mediaType(), out);
    }

    private boolean appendField(final EventFlyweight event, final JsonText out)
    {
        return appendText(event.buffer(), event.fieldOffset(field), event.fieldLength(field), out);
    }

    private static boolean appendNumber(final long number, final JsonText out)
    {
        out.number(number);
        return true;
    }

    private static boolean appendText(final String text, final JsonText out)
    {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return appendText(new UnsafeBuffer(utf8), 0, utf8.length, out);
    }

    static boolean appendText(final DirectBuffer buffer, final int index, final int length, final JsonText out)
    {
        if (length > 0)
        {
            out.string(buffer, index, length);
        }
        return length > 0;
    }
}
