package io.sluice.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Builds event records, for people: every value is checked when it is set, with an error that names field, value and
 * limit, and the order of the calls does not matter.
 *
 * <pre>{@code
 * builder.clear().type("pipeline.stage.completed").source("synthesis_pipeline").priority(Priority.HIGH)
 *     .metadata("traceId", "4bf92f35").payloadJson("{\"stage\":\"extraction\"}");
 * }</pre>
 *
 * <p>Only the type is required; {@link EventDefaults} supply the rest. A setter that throws leaves the old value. Null
 * makes a field absent. Getters return an empty text for an absent field.
 *
 * <p>Not thread-safe: keep one per thread and {@link #clear()} it between events. It keeps the memory of the largest
 * event that it built. Setters of texts, payload bytes and codes allocate nothing once it has grown; those of JSON do.
 */
public final class EventBuilder
{
    private static final byte[] NO_BYTES = {};

    private final EventFields fields = new EventFields();

    /** A builder without any field. */
    public EventBuilder()
    {
    }

    /**
     * Forget everything; priority, category and content type get their defaults again.
     *
     * @return this.
     */
    public EventBuilder clear()
    {
        fields.clear();
        return this;
    }

    /**
     * Take everything that a publisher decides from a record; sequence, journal time and verdict stay behind. Encoding
     * it again gives the same fields.
     *
     * @param event to read.
     * @return this.
     */
    public EventBuilder from(final EventFlyweight event)
    {
        fields.from(event);
        return this;
    }

    /**
     * Write the record. Allocates nothing, unless the metadata joined with those of the defaults is larger than any
     * before.
     *
     * @param encoder  to use; no other record may be open in it.
     * @param buffer   to write to.
     * @param offset   of the record in it.
     * @param capacity bytes that the record may take from there.
     * @param defaults for what is absent.
     * @return length of the record in bytes.
     * @throws EventValidationException if there is no type, or the record does not fit.
     */
    public int encode(
        final EventEncoder encoder,
        final MutableDirectBuffer buffer,
        final int offset,
        final int capacity,
        final EventDefaults defaults)
    {
        return fields.encode(encoder, buffer, offset, capacity, defaults);
    }

    /**
     * @param value 1 to 128 bytes of UTF-8; a UUID in lower case is stored as 128 bits; null lets the defaults make
     *              one.
     * @return this.
     * @throws EventValidationException if it is empty or too long.
     */
    public EventBuilder id(final String value)
    {
        if (value != null && value.isEmpty())
        {
            throw new EventValidationException("id", value, "it has 0 bytes, use 1 to 128 bytes of UTF-8");
        }
        final FieldBytes id = bytes(EventField.ID);
        id.set(value);
        fields.hasUuid = UuidText.isCanonical(id.buffer(), 0, id.length());
        if (fields.hasUuid)
        {
            fields.idHigh = UuidText.high(id.buffer(), 0);
            fields.idLow = UuidText.low(id.buffer(), 0);
            id.clear();
        }
        return this;
    }

    /**
     * @param value the id, or null to let the defaults make one.
     * @return this.
     */
    public EventBuilder id(final UUID value)
    {
        bytes(EventField.ID).clear();
        fields.hasUuid = value != null;
        if (fields.hasUuid)
        {
            fields.idHigh = value.getMostSignificantBits();
            fields.idLow = value.getLeastSignificantBits();
        }
        return this;
    }

    /** @return the id as text, a UUID in lower case; empty if absent. */
    public String id()
    {
        return fields.hasUuid ? new UUID(fields.idHigh, fields.idLow).toString() : text(EventField.ID);
    }

    /**
     * @param value dot notation, 1 to 255 bytes of UTF-8, for example {@code agent.started}.
     * @return this.
     * @throws EventValidationException if a segment is empty or it holds white space, control characters or {@code *}.
     */
    public EventBuilder type(final String value)
    {
        if (value != null && !bytes(EventField.TYPE).isLast(value))
        {
            EventTypes.validate(value);
        }
        return set(EventField.TYPE, value);
    }

    /** @return the type. */
    public String type()
    {
        return text(EventField.TYPE);
    }

    /**
     * @param value who created the event, at most 255 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder source(final String value)
    {
        return set(EventField.SOURCE, value);
    }

    /** @return the source. */
    public String source()
    {
        return text(EventField.SOURCE);
    }

    /**
     * @param value what the event is about, at most 1024 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder subject(final String value)
    {
        return set(EventField.SUBJECT, value);
    }

    /** @return the subject. */
    public String subject()
    {
        return text(EventField.SUBJECT);
    }

    /**
     * @param value when it happened, 1677-09-21 to 2262-04-11, or null for the clock of the defaults.
     * @return this.
     * @throws EventValidationException if nanoseconds since 1970 can't hold it.
     */
    public EventBuilder timestamp(final Instant value)
    {
        if (value == null)
        {
            fields.hasEventTime = false;
            fields.eventTimeNs = 0;
            return this;
        }
        return eventTimeNs(Timestamps.epochNs(value));
    }

    /** @return when it happened, or null if absent. */
    public Instant timestamp()
    {
        return fields.hasEventTime ? Timestamps.instant(fields.eventTimeNs) : null;
    }

    /**
     * @param epochNs when it happened, nanoseconds since 1970 UTC.
     * @return this.
     */
    public EventBuilder eventTimeNs(final long epochNs)
    {
        fields.eventTimeNs = epochNs;
        fields.hasEventTime = true;
        return this;
    }

    /** @return when it happened, nanoseconds since 1970 UTC; 0 if absent. */
    public long eventTimeNs()
    {
        return fields.eventTimeNs;
    }

    /**
     * @param value the priority, or null for NORMAL.
     * @return this.
     */
    public EventBuilder priority(final Priority value)
    {
        fields.priority = value == null ? Priority.NORMAL : value;
        return this;
    }

    /** @return the priority. */
    public Priority priority()
    {
        return fields.priority;
    }

    /**
     * @param value the category, or null for DOMAIN.
     * @return this.
     */
    public EventBuilder category(final Category value)
    {
        fields.category = value == null ? Category.DOMAIN : value;
        return this;
    }

    /** @return the category. */
    public Category category()
    {
        return fields.category;
    }

    /**
     * @param value groups the events of one request, at most 128 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder correlationId(final String value)
    {
        return set(EventField.CORRELATION_ID, value);
    }

    /** @return the correlation id. */
    public String correlationId()
    {
        return text(EventField.CORRELATION_ID);
    }

    /**
     * @param value id of the event that caused this one, at most 128 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder causationId(final String value)
    {
        return set(EventField.CAUSATION_ID, value);
    }

    /** @return the causation id. */
    public String causationId()
    {
        return text(EventField.CAUSATION_ID);
    }

    /**
     * @param value session of the user or agent, at most 128 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder sessionId(final String value)
    {
        return set(EventField.SESSION_ID, value);
    }

    /** @return the session id. */
    public String sessionId()
    {
        return text(EventField.SESSION_ID);
    }

    /**
     * @param value workflow run, at most 128 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder workflowId(final String value)
    {
        return set(EventField.WORKFLOW_ID, value);
    }

    /** @return the workflow id. */
    public String workflowId()
    {
        return text(EventField.WORKFLOW_ID);
    }

    /**
     * The aggregate that the event changed.
     *
     * @param type    of it, at most 255 bytes of UTF-8.
     * @param id      of it, at most 255 bytes of UTF-8.
     * @param version of it after the event, or {@link EventDescriptor#NO_AGGREGATE_VERSION}.
     * @return this.
     */
    public EventBuilder aggregate(final String type, final String id, final long version)
    {
        if (id != null)
        {
            bytes(EventField.AGGREGATE_ID).validate(id);
        }
        set(EventField.AGGREGATE_TYPE, type);
        set(EventField.AGGREGATE_ID, id);
        fields.aggregateVersion = version;
        return this;
    }

    /** @return type of the aggregate. */
    public String aggregateType()
    {
        return text(EventField.AGGREGATE_TYPE);
    }

    /** @return id of the aggregate. */
    public String aggregateId()
    {
        return text(EventField.AGGREGATE_ID);
    }

    /** @return version of the aggregate, or {@link EventDescriptor#NO_AGGREGATE_VERSION}. */
    public long aggregateVersion()
    {
        return fields.aggregateVersion;
    }

    /**
     * @param value version of the payload's schema, at most 64 bytes of UTF-8.
     * @return this.
     */
    public EventBuilder version(final String value)
    {
        return set(EventField.SCHEMA_VERSION, value);
    }

    /** @return version of the payload's schema. */
    public String version()
    {
        return text(EventField.SCHEMA_VERSION);
    }

    /**
     * @param mediaType of the payload, at most 128 bytes of UTF-8; those that {@link ContentType} knows read back in
     *                  lower case. Null for JSON.
     * @return this.
     * @throws EventValidationException if it is empty or too long.
     */
    public EventBuilder contentType(final String mediaType)
    {
        if (mediaType != null && mediaType.isBlank())
        {
            throw new EventValidationException(
                "contentType", mediaType, "use a media type of 1 to 128 bytes, for example application/json");
        }
        final ContentType known = mediaType == null ? ContentType.JSON : ContentType.ofMediaType(mediaType);
        set(EventField.CONTENT_TYPE, known == ContentType.OTHER ? mediaType : null);
        fields.contentType = known;
        return this;
    }

    /**
     * @param value one with a media type of its own, or null for JSON.
     * @return this.
     * @throws EventValidationException for {@link ContentType#OTHER}, which has none.
     */
    public EventBuilder contentType(final ContentType value)
    {
        if (value == ContentType.OTHER)
        {
            throw new EventValidationException("contentType", "OTHER", "name the media type instead");
        }
        return contentType(value == null ? null : value.mediaType());
    }

    /** @return the content type. */
    public ContentType contentType()
    {
        return fields.contentType;
    }

    /** @return the media type of the payload. */
    public String mediaType()
    {
        return fields.contentType == ContentType.OTHER ? text(EventField.CONTENT_TYPE) : fields.contentType.mediaType();
    }

    /**
     * Replace the metadata.
     *
     * @param values String, Number, Boolean, null, List or Map, nested at most 100 deep; at most 65536 bytes as JSON.
     *               An empty map is as good as none.
     * @return this.
     * @throws EventValidationException if a value has no JSON form, or all together are too long.
     */
    public EventBuilder metadata(final Map<String, ?> values)
    {
        fields.metadata.set(values);
        return this;
    }

    /**
     * Put one member of the metadata; an older value of that name is replaced.
     *
     * @param name  of it.
     * @param value String, Number, Boolean, null, List or Map.
     * @return this.
     * @throws EventValidationException if the value has no JSON form, or the metadata get too long.
     */
    public EventBuilder metadata(final String name, final Object value)
    {
        fields.metadata.put(name, value);
        return this;
    }

    /**
     * Replace the metadata by a JSON object in UTF-8, which is stored without white space and with the shortest
     * escapes.
     *
     * @param json   holds it.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return this.
     * @throws EventValidationException if it is no JSON object, has a name twice at its top, or is too long.
     */
    public EventBuilder metadata(final byte[] json, final int offset, final int length)
    {
        fields.metadata.set(json, offset, length);
        return this;
    }

    /** @return the metadata as a compact JSON object, empty if absent. */
    public String metadata()
    {
        return fields.metadata.text();
    }

    /**
     * @param value payload bytes, or null for none. They are copied.
     * @return this.
     */
    public EventBuilder payload(final byte[] value)
    {
        final byte[] given = value == null ? NO_BYTES : value;
        bytes(EventField.PAYLOAD).set(given, 0, given.length);
        return this;
    }

    /**
     * @param source holds the payload bytes. They are copied.
     * @param offset of the first.
     * @param length in bytes.
     * @return this.
     */
    public EventBuilder payload(final DirectBuffer source, final int offset, final int length)
    {
        bytes(EventField.PAYLOAD).set(source, offset, length);
        return this;
    }

    /**
     * Encode a value as the payload, and set the content type.
     *
     * @param value      to encode.
     * @param serializer of it.
     * @return this.
     * @throws EventValidationException if it can't be encoded.
     */
    public <T> EventBuilder payload(final T value, final PayloadSerializer<? super T> serializer)
    {
        return fields.encodePayload(value, serializer, this);
    }

    /**
     * Use JSON as the payload, byte for byte, and set the content type.
     *
     * @param json one JSON value.
     * @return this.
     * @throws EventValidationException if it is malformed.
     */
    public EventBuilder payloadJson(final String json)
    {
        Utf8.length(json, "payload");
        final byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        final String error = JsonInput.findError(utf8, 0, utf8.length);
        if (error != null)
        {
            throw new EventValidationException("payload", json, error);
        }
        return payload(utf8).contentType(ContentType.JSON);
    }

    /**
     * Use a text as the payload, in UTF-8, and set the content type.
     *
     * @param text any.
     * @return this.
     */
    public EventBuilder payloadText(final String text)
    {
        return payloadUtf8(text).contentType(ContentType.TEXT);
    }

    /** @return a copy of the payload. */
    public byte[] payload()
    {
        return bytes(EventField.PAYLOAD).copy();
    }

    /**
     * @param value {@link EventDescriptor#FLAG_REPLAYED}, {@link EventDescriptor#FLAG_CORRECTION}, both or 0.
     * @return this.
     * @throws EventValidationException for any other flag.
     */
    public EventBuilder flags(final int value)
    {
        fields.flags = EventFields.validateFlags(value);
        return this;
    }

    /** @return the flags. */
    public int flags()
    {
        return fields.flags;
    }

    EventBuilder payloadUtf8(final String text)
    {
        return set(EventField.PAYLOAD, text);
    }

    Metadata metadataObject()
    {
        return fields.metadata;
    }

    private EventBuilder set(final EventField field, final String value)
    {
        bytes(field).set(value);
        return this;
    }

    private String text(final EventField field)
    {
        return bytes(field).text();
    }

    private FieldBytes bytes(final EventField field)
    {
        return fields.bytes(field);
    }
}
