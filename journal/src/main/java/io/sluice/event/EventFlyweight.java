package io.sluice.event;

import static io.sluice.event.EventDescriptor.*;

import io.sluice.event.codec.EventRecordDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * View of one event record in a buffer. Reads are free of allocation, but for those that return a {@link String},
 * {@link UUID} or array.
 *
 * <p>Not thread-safe. In a callback the view is valid until the callback returns; {@link #copyTo} keeps the record.
 */
public final class EventFlyweight
{
    private static final EventField[] FIELDS = EventField.values();
    private static final int[] PREFIX_LENGTHS =
        Arrays.stream(FIELDS).mapToInt(EventField::prefixLength).toArray();
    /** First field of the context region; all of them but the last one have prefixes of two bytes. */
    private static final int CONTEXT_FIELD = EventField.ID.ordinal();
    private static final int LAST_FIELD = EventField.COUNT - 1;
    private static final int EMPTY_AT_ONCE = Long.BYTES / 2;

    private final int[] fieldOffsets = new int[EventField.COUNT + 1];
    private DirectBuffer buffer;
    private int offset;
    private int knownFields;
    private int deliveryFlags;

    /**
     * View a record.
     *
     * @param buffer holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public EventFlyweight wrap(final DirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        knownFields = 0;
        fieldOffsets[0] = offset + MESSAGE_HEADER_LENGTH + (buffer.getShort(offset) & 0xFFFF);
        deliveryFlags = 0;
        return this;
    }

    /** Forget the record: every later read fails until the next {@code wrap}. */
    public void unwrap()
    {
        buffer = null;
    }

    /**
     * Add flags that belong to this delivery and not to the record, such as {@link EventDescriptor#FLAG_REDELIVERED}.
     *
     * @param flags to show in {@link #flags()} until the next {@code wrap}.
     * @return this.
     */
    public EventFlyweight deliveryFlags(final int flags)
    {
        deliveryFlags = flags;
        return this;
    }

    /** @return the flags that belong to this delivery and not to the record. */
    public int deliveryFlags()
    {
        return deliveryFlags;
    }

    /** @return the buffer of the record. */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /** @return where the record starts in {@link #buffer()}. */
    public int offset()
    {
        return offset;
    }

    /** @return length of the record in bytes. */
    public int recordLength()
    {
        return buffer.getInt(offset + RECORD_LENGTH_OFFSET);
    }

    /** @return version of the schema that the writer used. */
    public int schemaVersionOfRecord()
    {
        return buffer.getShort(offset + 6) & 0xFFFF;
    }

    /** @return the engine run that journaled the record. */
    public long runId()
    {
        return buffer.getLong(offset + RUN_ID_OFFSET);
    }

    /** @return the sequence in the journal, 0 before sequencing. */
    public long sequence()
    {
        return buffer.getLong(offset + SEQUENCE_OFFSET);
    }

    /** @return when it was journaled, nanoseconds since 1970 UTC. */
    public long journalTime()
    {
        return buffer.getLong(offset + JOURNAL_TIME_OFFSET);
    }

    /** @return true if the publisher gave a time; {@link EventBuilder} always does. */
    public boolean hasEventTime()
    {
        return eventTime() != NO_EVENT_TIME;
    }

    /** @return when it happened, nanoseconds since 1970 UTC, or {@link EventDescriptor#NO_EVENT_TIME}. */
    public long eventTime()
    {
        return buffer.getLong(offset + EVENT_TIME_OFFSET);
    }

    /** @return high half of the content hash. */
    public long contentHashHigh()
    {
        return buffer.getLong(offset + CONTENT_HASH_HIGH_OFFSET);
    }

    /** @return low half of the content hash. */
    public long contentHashLow()
    {
        return buffer.getLong(offset + CONTENT_HASH_LOW_OFFSET);
    }

    /** @return hash of the context region. */
    public long contextHash()
    {
        return buffer.getLong(offset + CONTEXT_HASH_OFFSET);
    }

    /** @return high half of the UUID, or of the hash of a text id. */
    public long idHigh()
    {
        return buffer.getLong(offset + ID_HIGH_OFFSET);
    }

    /** @return low half of the UUID, or of the hash of a text id. */
    public long idLow()
    {
        return buffer.getLong(offset + ID_LOW_OFFSET);
    }

    /** @return true if the id is a UUID. */
    public boolean hasUuid()
    {
        return buffer.getByte(offset + ID_CODE_OFFSET) == ID_UUID;
    }

    /** @return of a duplicate, the sequence of its original; otherwise 0. */
    public long originalSequence()
    {
        return buffer.getLong(offset + ORIGINAL_SEQUENCE_OFFSET);
    }

    /** @return true if the event has an aggregate version. */
    public boolean hasAggregateVersion()
    {
        return aggregateVersion() != NO_AGGREGATE_VERSION;
    }

    /** @return the aggregate version or {@link EventDescriptor#NO_AGGREGATE_VERSION}. */
    public long aggregateVersion()
    {
        return buffer.getLong(offset + AGGREGATE_VERSION_OFFSET);
    }

    /** @return code of the priority. */
    public int priorityCode()
    {
        return buffer.getByte(offset + PRIORITY_OFFSET);
    }

    /** @return the priority. */
    public Priority priority()
    {
        return Priority.of(priorityCode());
    }

    /** @return the category. */
    public Category category()
    {
        return Category.of(buffer.getByte(offset + CATEGORY_OFFSET));
    }

    /** @return code of the verdict. */
    public int verdictCode()
    {
        return buffer.getByte(offset + VERDICT_OFFSET);
    }

    /** @return the verdict. */
    public Verdict verdict()
    {
        return Verdict.of(verdictCode());
    }

    /** @return the content type of the payload. */
    public ContentType contentType()
    {
        return ContentType.of(buffer.getByte(offset + CONTENT_TYPE_OFFSET));
    }

    /** @return the media type of the payload. Allocates for a content type without a code. */
    public String mediaType()
    {
        final ContentType contentType = contentType();
        return contentType == ContentType.OTHER ? text(EventField.CONTENT_TYPE) : contentType.mediaType();
    }

    /** @return flags of the record and of this delivery, see {@link EventDescriptor}. */
    public int flags()
    {
        return (buffer.getShort(offset + FLAGS_OFFSET) & 0xFFFF) | deliveryFlags;
    }

    /** @return place in the atomic batch. */
    public int batchIndex()
    {
        return buffer.getShort(offset + BATCH_INDEX_OFFSET) & 0xFFFF;
    }

    /** @return events of the atomic batch, 1 for an event on its own. */
    public int batchCount()
    {
        return buffer.getShort(offset + BATCH_COUNT_OFFSET) & 0xFFFF;
    }

    /** @return the checksum as stored. */
    public long checksum()
    {
        return buffer.getLong(offset + CHECKSUM_OFFSET);
    }

    /**
     * @param field to find.
     * @return index of its first byte in {@link #buffer()}.
     */
    public int fieldOffset(final EventField field)
    {
        final int ordinal = field.ordinal();
        locate(ordinal);
        return fieldOffsets[ordinal] + field.prefixLength();
    }

    /**
     * @param field to measure.
     * @return its length in bytes.
     */
    public int fieldLength(final EventField field)
    {
        final int ordinal = field.ordinal();
        locate(ordinal);
        return lengthAt(fieldOffsets[ordinal], field.prefixLength());
    }

    /**
     * @param field to read.
     * @return its text, empty if absent. Allocates.
     */
    public String text(final EventField field)
    {
        final int length = fieldLength(field);
        if (length == 0)
        {
            return "";
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(fieldOffset(field), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** @return the id as text, a UUID in its usual form. Allocates. */
    public String id()
    {
        return hasUuid() ? new UUID(idHigh(), idLow()).toString() : text(EventField.ID);
    }

    /**
     * Copy the id as text, a UUID in its usual form. Allocates nothing.
     *
     * @param target at least 128 bytes.
     * @return bytes copied.
     */
    public int copyId(final byte[] target)
    {
        if (hasUuid())
        {
            UuidText.put(idHigh(), idLow(), target, 0);
            return UuidText.LENGTH;
        }
        final int length = fieldLength(EventField.ID);
        buffer.getBytes(fieldOffset(EventField.ID), target, 0, length);
        return length;
    }

    /** @return the names of flags and duplicate verdicts, as in JSON, commas between them; empty if none. Allocates. */
    public String flagNames()
    {
        return RecordJson.flagNames(this);
    }

    /** @return true if the content type says that the payload is JSON. Allocates for a content type without a code. */
    public boolean hasJsonPayload()
    {
        return PayloadForm.JSON == PayloadForm.of(contentType(), mediaType());
    }

    /** @return the type. Allocates. */
    public String type()
    {
        return text(EventField.TYPE);
    }

    /** @return the source. Allocates. */
    public String source()
    {
        return text(EventField.SOURCE);
    }

    /** @return the payload. Allocates. */
    public byte[] payload()
    {
        final byte[] bytes = new byte[fieldLength(EventField.PAYLOAD)];
        buffer.getBytes(fieldOffset(EventField.PAYLOAD), bytes);
        return bytes;
    }

    /**
     * Copy the record.
     *
     * @param target to copy to.
     * @param index  in it.
     * @return bytes copied.
     */
    public int copyTo(final MutableDirectBuffer target, final int index)
    {
        final int length = recordLength();
        target.putBytes(index, buffer, offset, length);
        return length;
    }

    /**
     * Check everything that a record promises: lengths inside the record, both region hashes and the checksum.
     *
     * @param available bytes from the record's offset on that may be read.
     * @param hash      scratch.
     * @return null if the record is sound, otherwise what is wrong with it.
     */
    public String findDamage(final int available, final EventHash hash)
    {
        final String structure = findStructuralDamage(available);
        if (structure != null)
        {
            return structure;
        }
        if (!isHeaderSound())
        {
            return "checksum of the header differs";
        }
        final int contentOffset = fieldOffsets[0];
        final int contextOffset = fieldOffsets[EventField.ID.ordinal()];
        hash.hash128(buffer, contentOffset, contextOffset - contentOffset);
        if (hash.high() != contentHashHigh() || hash.low() != contentHashLow())
        {
            return "hash of type, source and payload differs";
        }
        if (EventHash.hash64(buffer, contextOffset, offset + recordLength() - contextOffset) != contextHash())
        {
            return "hash of ids and metadata differs";
        }
        return null;
    }

    /**
     * Check the checksum, which covers the fixed part, the length of the record and its hashes. Tells whether that
     * length can be trusted before that much is read. Allocates nothing.
     *
     * @return true if the first {@link EventDescriptor#FIXED_LENGTH} bytes are what was written.
     */
    public boolean isHeaderSound()
    {
        return EventHash.hash64(buffer, offset, CHECKSUM_OFFSET) == checksum();
    }

    /**
     * Check that the record is one of ours and that its fields lie inside it. Reads no byte beyond {@code available}.
     *
     * @param available bytes from the record's offset on that may be read.
     * @return null if so, otherwise what is wrong.
     */
    public String findStructuralDamage(final int available)
    {
        if (available < FIXED_LENGTH)
        {
            return "record of " + available + " bytes is shorter than its header";
        }
        if (buffer.getShort(offset + 4) != (short)EventRecordDecoder.SCHEMA_ID ||
            buffer.getShort(offset + 2) != (short)EventRecordDecoder.TEMPLATE_ID ||
            (buffer.getShort(offset) & 0xFFFF) < EventRecordDecoder.BLOCK_LENGTH)
        {
            return "not an event record";
        }
        final int length = recordLength();
        if (length < MIN_RECORD_LENGTH || length > available)
        {
            return "record length " + length + " does not fit into " + available + " bytes";
        }
        // One check for all of it; the walk below looks at each bound itself.
        buffer.boundsCheck(offset, length);
        final Object base = buffer.byteArray();
        final long toAddress = buffer.addressOffset();
        final long end = toAddress + offset + length;
        long at = toAddress + fieldOffsets[0];
        for (int i = 0; i < EventField.COUNT; i++)
        {
            // Most records have no more than a few of the fields of the context region.
            while (i >= CONTEXT_FIELD && i + EMPTY_AT_ONCE <= LAST_FIELD && at + Long.BYTES <= end &&
                UnsafeApi.getLong(base, at) == 0)
            {
                at += Long.BYTES;
                i += EMPTY_AT_ONCE;
            }
            final int prefixLength = PREFIX_LENGTHS[i];
            if (at + prefixLength > end)
            {
                return FIELDS[i].label() + " lies outside the record";
            }
            final int fieldLength =
                prefixLength == 2 ? UnsafeApi.getShort(base, at) & 0xFFFF : UnsafeApi.getInt(base, at);
            at += prefixLength;
            if (fieldLength < 0 || fieldLength > end - at)
            {
                return FIELDS[i].label() + " lies outside the record";
            }
            at += fieldLength;
            if (i < CONTEXT_FIELD)
            {
                fieldOffsets[i + 1] = (int)(at - toAddress);
            }
        }
        // Whoever asks for a field of the context region walks on from its start.
        knownFields = CONTEXT_FIELD;
        return null;
    }

    private void locate(final int ordinal)
    {
        int at = fieldOffsets[knownFields];
        while (knownFields < ordinal)
        {
            final int prefixLength = PREFIX_LENGTHS[knownFields];
            at += prefixLength + lengthAt(at, prefixLength);
            fieldOffsets[++knownFields] = at;
        }
    }

    private int lengthAt(final int index, final int prefixLength)
    {
        return prefixLength == 2 ? buffer.getShort(index) & 0xFFFF : buffer.getInt(index);
    }
}
