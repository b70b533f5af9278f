package io.sluice.handlers.exchange;

import io.sluice.event.Category;
import io.sluice.event.ContentType;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An event as one row of a table; what it does not have is null. Times and numbers that it does not have say so apart.
 * Not thread-safe.
 */
final class EventRow
{
    private static final String DUPLICATE_ID = "duplicate-id";
    private static final String DUPLICATE_CONTENT = "duplicate-content";
    private static final String REDELIVERED = "redelivered";
    private static final String REPLAYED = "replayed";
    private static final String CORRECTION = "correction";

    long sequence;
    long recorded;
    String id;
    String type;
    String subject;
    String source;
    boolean hasTimestamp;
    long timestamp;
    String priority;
    String category;
    String correlationId;
    String causationId;
    String sessionId;
    String workflowId;
    String aggregateType;
    String aggregateId;
    boolean hasAggregateVersion;
    long aggregateVersion;
    String version;
    String contentType;
    String metadata;
    String flags;
    long originalSequence;
    PayloadEncoding encoding;
    byte[] payload;
    /** The payload where it is JSON or text. */
    String payloadText;

    private final EventBuilder scratch = new EventBuilder();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);

    void clear()
    {
        sequence = 0;
        recorded = 0;
        id = null;
        type = null;
        subject = null;
        source = null;
        hasTimestamp = false;
        timestamp = 0;
        priority = null;
        category = null;
        correlationId = null;
        causationId = null;
        sessionId = null;
        workflowId = null;
        aggregateType = null;
        aggregateId = null;
        hasAggregateVersion = false;
        aggregateVersion = 0;
        version = null;
        contentType = null;
        metadata = null;
        flags = null;
        originalSequence = 0;
        encoding = null;
        payload = null;
        payloadText = null;
    }

    void from(final EventFlyweight event)
    {
        sequence = event.sequence();
        recorded = event.journalTime();
        id = event.id();
        type = event.type();
        subject = text(event, EventField.SUBJECT);
        source = text(event, EventField.SOURCE);
        hasTimestamp = event.hasEventTime();
        timestamp = event.eventTime();
        priority = event.priority().label();
        category = event.category().label();
        correlationId = text(event, EventField.CORRELATION_ID);
        causationId = text(event, EventField.CAUSATION_ID);
        sessionId = text(event, EventField.SESSION_ID);
        workflowId = text(event, EventField.WORKFLOW_ID);
        aggregateType = text(event, EventField.AGGREGATE_TYPE);
        aggregateId = text(event, EventField.AGGREGATE_ID);
        hasAggregateVersion = event.hasAggregateVersion();
        aggregateVersion = event.aggregateVersion();
        version = text(event, EventField.SCHEMA_VERSION);
        contentType = event.contentType() == ContentType.OTHER ?
            text(event, EventField.CONTENT_TYPE) : event.contentType().mediaType();
        metadata = metadata(event);
        final String names = event.flagNames();
        flags = names.isEmpty() ? null : names;
        originalSequence = event.originalSequence();
        payload(event);
    }

    /** Fill a record with this row; a value that is not allowed throws. */
    void to(final InputRecord record)
    {
        final EventBuilder event = record.event().clear();
        if (type == null)
        {
            throw new EventValidationException("type", "", "every event needs a type, for example agent.started");
        }
        event.id(id).type(type).subject(subject).source(source);
        if (hasTimestamp)
        {
            event.eventTimeNs(timestamp);
        }
        event.priority(priority == null ? null : Priority.parse(priority))
            .category(category == null ? null : Category.parse(category))
            .correlationId(correlationId)
            .causationId(causationId)
            .sessionId(sessionId)
            .workflowId(workflowId)
            .aggregate(
                aggregateType,
                aggregateId,
                hasAggregateVersion ? aggregateVersion : EventDescriptor.NO_AGGREGATE_VERSION)
            .version(version);
        if (metadata != null)
        {
            final byte[] bytes = metadata.getBytes(StandardCharsets.UTF_8);
            event.metadata(bytes, 0, bytes.length);
        }
        putPayload(event);
        event.contentType(contentType);
        putFlags(record);
    }

    private void putPayload(final EventBuilder event)
    {
        if (encoding == PayloadEncoding.JSON)
        {
            event.payloadJson(payloadText);
        }
        else if (encoding == PayloadEncoding.TEXT)
        {
            event.payloadText(payloadText);
        }
        else
        {
            event.payload(payload);
        }
    }

    private void putFlags(final InputRecord record)
    {
        int bits = 0;
        for (final String name : flags == null ? new String[0] : flags.split(",", -1))
        {
            switch (name.trim())
            {
                case REPLAYED:
                    bits |= EventDescriptor.FLAG_REPLAYED;
                    break;
                case CORRECTION:
                    bits |= EventDescriptor.FLAG_CORRECTION;
                    break;
                case DUPLICATE_ID:
                    record.verdict(Verdict.DUPLICATE_ID);
                    break;
                case DUPLICATE_CONTENT:
                    record.verdict(Verdict.DUPLICATE_CONTENT);
                    break;
                case REDELIVERED:
                    break;
                default:
                    throw new EventValidationException(
                        "flags", flags, "use " + REPLAYED + ", " + CORRECTION + ", both with a comma, or none");
            }
        }
        record.event().flags(bits);
    }

    private static String text(final EventFlyweight event, final EventField field)
    {
        final String text = event.text(field);
        return text.isEmpty() ? null : text;
    }

    // A hurried publisher's metadata may have white space, or be no JSON object at all.
    private String metadata(final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.METADATA);
        if (length == 0)
        {
            return null;
        }
        final byte[] bytes = new byte[length];
        event.buffer().getBytes(event.fieldOffset(EventField.METADATA), bytes);
        try
        {
            final String canonical = scratch.clear().metadata(bytes, 0, length).metadata();
            return canonical.isEmpty() ? null : canonical;
        }
        catch (final EventValidationException ex)
        {
            return "{\"metadata_base64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}";
        }
    }

    private void payload(final EventFlyweight event)
    {
        payload = null;
        payloadText = null;
        encoding = null;
        if (event.fieldLength(EventField.PAYLOAD) == 0)
        {
            // The default says nothing where there is nothing to say it of.
            contentType = event.contentType() == ContentType.JSON ? null : contentType;
            return;
        }
        payload = event.payload();
        final String text = decode(payload);
        encoding = text == null ? PayloadEncoding.BASE64 :
            event.hasJsonPayload() && isJson(text) ? PayloadEncoding.JSON :
            isPlain(text) ? PayloadEncoding.TEXT : PayloadEncoding.BASE64;
        payloadText = encoding == PayloadEncoding.BASE64 ? null : text;
    }

    private boolean isJson(final String text)
    {
        try
        {
            scratch.clear().payloadJson(text);
            return true;
        }
        catch (final EventValidationException ex)
        {
            return false;
        }
    }

    private static boolean isPlain(final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r')
            {
                return false;
            }
        }
        return true;
    }

    private String decode(final byte[] bytes)
    {
        try
        {
            return decoder.reset().decode(ByteBuffer.wrap(bytes)).toString();
        }
        catch (final CharacterCodingException ex)
        {
            return null;
        }
    }
}
