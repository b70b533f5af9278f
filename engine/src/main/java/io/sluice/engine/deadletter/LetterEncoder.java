package io.sluice.engine.deadletter;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes an event again with other metadata, field by field, so that everything else has the bytes that it had. Owns a
 * buffer that grows to the largest event. Not thread-safe.
 */
final class LetterEncoder
{
    private static final int RECORD_FLAGS = EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_CORRECTION;
    private static final EventField[] FIELDS = EventField.values();
    private static final int INITIAL_CAPACITY = 4096;

    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[0]);
    private final EventFlyweight view = new EventFlyweight();
    private UnsafeBuffer buffer = new UnsafeBuffer(new byte[INITIAL_CAPACITY]);

    /** @return holds the last record, from index 0. */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** @return view of the last record. */
    EventFlyweight view()
    {
        return view.wrap(buffer, 0);
    }

    /**
     * The event as it is, with other metadata.
     *
     * @return length of the record in bytes.
     */
    int copy(final EventFlyweight event, final byte[] metadata)
    {
        return encode(event, EventField.PAYLOAD, event.fieldLength(EventField.PAYLOAD), metadata);
    }

    /**
     * The event without its payload, with other metadata.
     *
     * @return length of the record in bytes.
     */
    int note(final EventFlyweight event, final byte[] metadata)
    {
        return encode(event, null, 0, metadata);
    }

    /**
     * The event with its metadata as the payload, and other metadata.
     *
     * @return length of the record in bytes.
     */
    int apart(final EventFlyweight event, final byte[] metadata)
    {
        return encode(event, EventField.METADATA, event.fieldLength(EventField.METADATA), metadata);
    }

    /** @return the bytes of a field. */
    static byte[] bytes(final EventFlyweight event, final EventField field)
    {
        final byte[] bytes = new byte[event.fieldLength(field)];
        event.buffer().getBytes(event.fieldOffset(field), bytes);
        return bytes;
    }

    private int encode(
        final EventFlyweight event, final EventField payload, final int payloadLength, final byte[] metadata)
    {
        final int most = event.recordLength() + EventDescriptor.MIN_RECORD_LENGTH + payloadLength + metadata.length;
        if (buffer.capacity() < most)
        {
            buffer = new UnsafeBuffer(new byte[Integer.highestOneBit(most) << 1]);
        }
        encoder.wrap(buffer, 0, buffer.capacity())
            .priority(event.priority())
            .category(event.category())
            .contentType(event.contentType())
            .eventTime(event.eventTime())
            .aggregateVersion(event.aggregateVersion())
            .flags(event.flags() & RECORD_FLAGS);
        if (event.hasUuid())
        {
            encoder.uuid(event.idHigh(), event.idLow());
        }
        for (final EventField field : FIELDS)
        {
            if (field == EventField.METADATA)
            {
                source.wrap(metadata);
                encoder.put(field, source, 0, metadata.length);
            }
            else
            {
                final EventField from = field == EventField.PAYLOAD ? payload : field;
                if (from != null && event.fieldLength(from) > 0)
                {
                    encoder.put(field, event.buffer(), event.fieldOffset(from), event.fieldLength(from));
                }
            }
        }
        return encoder.complete();
    }
}
