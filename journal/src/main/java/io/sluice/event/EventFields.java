package io.sluice.event;

import java.util.Objects;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** The values of one event between {@link EventBuilder}, which checks them, and the record. Not thread-safe. */
final class EventFields
{
    static final int RECORD_FLAGS = EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_CORRECTION;

    private static final EventField[] FIELDS = EventField.values();
    private static final int INITIAL_PAYLOAD = 256;

    final Metadata metadata = new Metadata();
    Priority priority = Priority.NORMAL;
    Category category = Category.DOMAIN;
    ContentType contentType = ContentType.JSON;
    long eventTimeNs;
    long aggregateVersion = EventDescriptor.NO_AGGREGATE_VERSION;
    long idHigh;
    long idLow;
    int flags;
    boolean hasEventTime;
    boolean hasUuid;

    private final FieldBytes[] fields = new FieldBytes[EventField.COUNT];
    private final JsonBuffer joinedMetadata = new JsonBuffer(64);
    private ExpandableArrayBuffer encodedPayload;

    EventFields()
    {
        for (final EventField field : FIELDS)
        {
            fields[field.ordinal()] = new FieldBytes(field);
        }
    }

    FieldBytes bytes(final EventField field)
    {
        return fields[field.ordinal()];
    }

    static int validateFlags(final int value)
    {
        if ((value & ~RECORD_FLAGS) != 0)
        {
            throw new EventValidationException(
                "flags", Integer.toString(value), "use replayed (2), correction (4), both or 0");
        }
        return value;
    }

    <T> EventBuilder encodePayload(
        final T value, final PayloadSerializer<? super T> serializer, final EventBuilder event)
    {
        if (encodedPayload == null)
        {
            encodedPayload = new ExpandableArrayBuffer(INITIAL_PAYLOAD);
        }
        final int length;
        try
        {
            length = serializer.encode(Objects.requireNonNull(value, "payload"), encodedPayload);
        }
        catch (final RuntimeException ex)
        {
            final EventValidationException error = new EventValidationException(
                "payload",
                String.valueOf(value),
                serializer.mediaType() + " can't hold it (" + ex.getMessage() + "), use another value or serializer");
            error.initCause(ex);
            throw error;
        }
        event.contentType(serializer.mediaType());
        bytes(EventField.PAYLOAD).set(encodedPayload, 0, length);
        return event;
    }

    void clear()
    {
        for (final FieldBytes field : fields)
        {
            field.clear();
        }
        metadata.clear();
        priority = Priority.NORMAL;
        category = Category.DOMAIN;
        contentType = ContentType.JSON;
        eventTimeNs = 0;
        aggregateVersion = EventDescriptor.NO_AGGREGATE_VERSION;
        flags = 0;
        hasEventTime = false;
        hasUuid = false;
    }

    void from(final EventFlyweight event)
    {
        clear();
        for (final EventField field : FIELDS)
        {
            bytes(field).set(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
        }
        final FieldBytes recordMetadata = bytes(EventField.METADATA);
        metadata.setFromRecord(recordMetadata.copy());
        recordMetadata.clear();
        hasUuid = event.hasUuid();
        idHigh = event.idHigh();
        idLow = event.idLow();
        priority = event.priority();
        category = event.category();
        contentType = event.contentType();
        eventTimeNs = event.eventTime();
        hasEventTime = event.hasEventTime();
        aggregateVersion = event.aggregateVersion();
        flags = event.flags() & RECORD_FLAGS;
    }

    int encode(
        final EventEncoder encoder,
        final MutableDirectBuffer buffer,
        final int offset,
        final int capacity,
        final EventDefaults defaults)
    {
        if (bytes(EventField.TYPE).isEmpty())
        {
            throw new EventValidationException("type", "", "every event needs a type, for example agent.started");
        }
        encoder.wrap(buffer, offset, capacity)
            .priority(priority)
            .category(category)
            .contentType(contentType)
            .aggregateVersion(aggregateVersion)
            .flags(flags);
        final boolean needsId = !hasUuid && bytes(EventField.ID).isEmpty();
        final long now = needsId || !hasEventTime ? defaults.clock().nanoTime() : 0L;
        encoder.eventTime(hasEventTime ? eventTimeNs : now);
        if (hasUuid)
        {
            encoder.uuid(idHigh, idLow);
        }
        else if (needsId)
        {
            final IdGenerator ids = defaults.ids().next(now);
            encoder.uuid(ids.high(), ids.low());
        }
        for (final EventField field : FIELDS)
        {
            final FieldBytes value = bytes(field);
            put(encoder, field, field == EventField.SOURCE && value.isEmpty() ? defaults.source() : value);
        }
        putMetadata(encoder, defaults.metadata());
        return encoder.complete();
    }

    private static void put(final EventEncoder encoder, final EventField field, final FieldBytes value)
    {
        if (!value.isEmpty())
        {
            encoder.put(field, value.buffer(), 0, value.length());
        }
    }

    private void putMetadata(final EventEncoder encoder, final Metadata defaults)
    {
        if (!defaults.isEmpty())
        {
            metadata.joinAbsent(defaults, joinedMetadata);
            encoder.put(EventField.METADATA, joinedMetadata.buffer(), 0, joinedMetadata.length());
        }
        else if (!metadata.isEmpty())
        {
            encoder.put(EventField.METADATA, metadata.buffer(), 0, metadata.length());
        }
    }
}
