package io.sluice.event;

import static io.sluice.event.EventDescriptor.*;

import io.sluice.event.codec.EventRecordEncoder;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes event records, for publishers in a hurry: no object per event, no second copy, fields in the order of
 * {@link EventField}. {@link EventBuilder} is the comfortable way.
 *
 * <pre>{@code
 * encoder.wrap(buffer, offset, capacity).priority(Priority.HIGH).eventTime(nowNs).uuid(high, low);
 * encoder.put(TYPE_HANDLE).put(SOURCE_HANDLE).put(EventField.PAYLOAD, bytes, 0, length);
 * int recordLength = encoder.complete();
 * }</pre>
 *
 * <p>Not thread-safe: keep one per thread, and finish one record before the next. Allocates nothing.
 */
public final class EventEncoder
{
    /** Field that an {@link EventValidationException} names when the whole record is too large for its room. */
    public static final String RECORD = "event";

    private static final EventField[] FIELDS = EventField.values();
    private static final int CONTEXT_START = EventField.ID.ordinal();
    private static final UnsafeBuffer DEFAULTS = defaults();
    private static final int[] PREFIXES_BEFORE = prefixesBefore();

    private final EventHash hash = new EventHash();
    private MutableDirectBuffer buffer;
    private int offset;
    private int capacity;
    private int position;
    private int contextOffset;
    private int nextField;
    private boolean idIsSet;
    private boolean idIsText;

    /**
     * Start a record: all fixed fields get their defaults (priority NORMAL, category DOMAIN, event time 0, no
     * aggregate).
     *
     * @param buffer   to write to.
     * @param offset   of the record in it.
     * @param capacity bytes that the record may take from there.
     * @return this.
     */
    public EventEncoder wrap(final MutableDirectBuffer buffer, final int offset, final int capacity)
    {
        if (capacity < MIN_RECORD_LENGTH)
        {
            throw tooLarge(MIN_RECORD_LENGTH, capacity);
        }
        buffer.boundsCheck(offset, capacity);
        this.buffer = buffer;
        this.offset = offset;
        this.capacity = capacity;
        position = FIXED_LENGTH;
        nextField = 0;
        idIsSet = false;
        idIsText = false;
        buffer.putBytes(offset, DEFAULTS, 0, FIXED_LENGTH);
        return this;
    }

    /**
     * @param priority of the event.
     * @return this.
     */
    public EventEncoder priority(final Priority priority)
    {
        buffer.putByte(offset + PRIORITY_OFFSET, (byte)priority.code());
        return this;
    }

    /**
     * @param category of the event.
     * @return this.
     */
    public EventEncoder category(final Category category)
    {
        buffer.putByte(offset + CATEGORY_OFFSET, (byte)category.code());
        return this;
    }

    /**
     * @param contentType of the payload; for {@link ContentType#OTHER} put {@link EventField#CONTENT_TYPE} too.
     * @return this.
     */
    public EventEncoder contentType(final ContentType contentType)
    {
        buffer.putByte(offset + CONTENT_TYPE_OFFSET, (byte)contentType.code());
        return this;
    }

    /**
     * @param epochNs when the event happened, nanoseconds since 1970 UTC; without it the event has no time.
     * @return this.
     */
    public EventEncoder eventTime(final long epochNs)
    {
        buffer.putLong(offset + EVENT_TIME_OFFSET, epochNs);
        return this;
    }

    /**
     * @param version of the aggregate after the event.
     * @return this.
     */
    public EventEncoder aggregateVersion(final long version)
    {
        buffer.putLong(offset + AGGREGATE_VERSION_OFFSET, version);
        return this;
    }

    /**
     * @param flags see {@link EventDescriptor}.
     * @return this.
     */
    public EventEncoder flags(final int flags)
    {
        buffer.putShort(offset + FLAGS_OFFSET, (short)flags);
        return this;
    }

    /**
     * Use a UUID as the id.
     *
     * @param high most significant bits.
     * @param low  least significant bits.
     * @return this.
     * @throws IllegalStateException if a text was put as the id before: it lies in the record already.
     */
    public EventEncoder uuid(final long high, final long low)
    {
        if (idIsText)
        {
            throw new IllegalStateException("the id is a text already, use either a UUID or a text");
        }
        putId(high, low, ID_UUID);
        return this;
    }

    /**
     * Put a prepared value.
     *
     * @param text checked for its field.
     * @return this.
     */
    public EventEncoder put(final EncodedText text)
    {
        return put(text.field(), text.buffer(), 0, text.buffer().capacity());
    }

    /**
     * Put a variable field. Fields that are passed over are empty. A text put as {@link EventField#ID} replaces the
     * UUID; the text of a UUID in lower case is stored as one, so that an id has the same bytes whichever way it came.
     *
     * @param field  in the order of {@link EventField}.
     * @param source holds the bytes.
     * @param index  of the first.
     * @param length in bytes, within the limits of the field.
     * @return this.
     * @throws EventValidationException if the length is not allowed or the record is full.
     * @throws IllegalStateException    if a later field was put before.
     */
    public EventEncoder put(final EventField field, final DirectBuffer source, final int index, final int length)
    {
        field.validateLength(length, null);
        if (field == EventField.ID && UuidText.isCanonical(source, index, length))
        {
            return put(field, source, index, 0).uuid(UuidText.high(source, index), UuidText.low(source, index));
        }
        final int ordinal = field.ordinal();
        skipTo(ordinal, field);
        final int prefixLength = field.prefixLength();
        ensureRoom(prefixLength + (long)length);
        final int at = offset + position;
        if (prefixLength == 2)
        {
            buffer.putShort(at, (short)length);
        }
        else
        {
            buffer.putInt(at, length);
        }
        buffer.putBytes(at + prefixLength, source, index, length);
        position += prefixLength + length;
        nextField = ordinal + 1;
        if (nextField == CONTEXT_START)
        {
            contextOffset = position;
        }
        if (field == EventField.ID && length > 0)
        {
            hash.hash128(buffer, at + prefixLength, length);
            putId(hash.high(), hash.low(), ID_TEXT);
            idIsText = true;
        }
        return this;
    }

    /**
     * Finish the record: the fields not put are empty, the hashes of both regions are written.
     *
     * @return length of the record in bytes.
     * @throws EventValidationException if there is no type or no id.
     */
    public int complete()
    {
        if (nextField == 0 || buffer.getShort(offset + FIXED_LENGTH) == 0)
        {
            throw new EventValidationException("type", "", "every event needs a type");
        }
        if (!idIsSet)
        {
            throw new EventValidationException("id", "", "set a UUID or a text of 1 to 128 bytes");
        }
        skipTo(EventField.COUNT, null);
        final int recordLength = position;
        buffer.putInt(offset + RECORD_LENGTH_OFFSET, recordLength);
        hash.hash128(buffer, offset + FIXED_LENGTH, contextOffset - FIXED_LENGTH);
        buffer.putLong(offset + CONTENT_HASH_HIGH_OFFSET, hash.high());
        buffer.putLong(offset + CONTENT_HASH_LOW_OFFSET, hash.low());
        buffer.putLong(
            offset + CONTEXT_HASH_OFFSET,
            EventHash.hash64(buffer, offset + contextOffset, recordLength - contextOffset));
        return recordLength;
    }

    private void putId(final long high, final long low, final int code)
    {
        buffer.putLong(offset + ID_HIGH_OFFSET, high);
        buffer.putLong(offset + ID_LOW_OFFSET, low);
        buffer.putByte(offset + ID_CODE_OFFSET, (byte)code);
        idIsSet = true;
    }

    private void skipTo(final int ordinal, final EventField field)
    {
        if (ordinal < nextField)
        {
            throw new IllegalStateException(field.label() + " must be put before " + FIELDS[nextField - 1].label());
        }
        if (ordinal > nextField)
        {
            final int length = PREFIXES_BEFORE[ordinal] - PREFIXES_BEFORE[nextField];
            ensureRoom(length);
            buffer.setMemory(offset + position, length, (byte)0);
            if (nextField < CONTEXT_START && ordinal >= CONTEXT_START)
            {
                contextOffset = position + PREFIXES_BEFORE[CONTEXT_START] - PREFIXES_BEFORE[nextField];
            }
            position += length;
        }
        nextField = ordinal;
    }

    /** One copy of a header with all defaults is cheaper than a store, with its bounds check, per field. */
    private static UnsafeBuffer defaults()
    {
        final UnsafeBuffer header = new UnsafeBuffer(ByteBuffer.allocateDirect(FIXED_LENGTH));
        header.putShort(0, (short)EventRecordEncoder.BLOCK_LENGTH);
        header.putShort(2, (short)EventRecordEncoder.TEMPLATE_ID);
        header.putShort(4, (short)EventRecordEncoder.SCHEMA_ID);
        header.putShort(6, (short)EventRecordEncoder.SCHEMA_VERSION);
        header.putLong(EVENT_TIME_OFFSET, NO_EVENT_TIME);
        header.putLong(AGGREGATE_VERSION_OFFSET, NO_AGGREGATE_VERSION);
        header.putByte(PRIORITY_OFFSET, (byte)Priority.NORMAL.code());
        header.putByte(CATEGORY_OFFSET, (byte)Category.DOMAIN.code());
        header.putByte(VERDICT_OFFSET, (byte)Verdict.UNSEQUENCED.code());
        header.putByte(CONTENT_TYPE_OFFSET, (byte)ContentType.JSON.code());
        header.putShort(BATCH_COUNT_OFFSET, (short)1);
        header.putByte(ID_CODE_OFFSET, (byte)ID_UUID);
        return header;
    }

    /** @return bytes of the lengths of all fields before one. */
    private static int[] prefixesBefore()
    {
        final int[] sums = new int[EventField.COUNT + 1];
        for (int i = 0; i < EventField.COUNT; i++)
        {
            sums[i + 1] = sums[i] + FIELDS[i].prefixLength();
        }
        return sums;
    }

    private void ensureRoom(final long length)
    {
        if (position + length > capacity)
        {
            throw tooLarge(position + length, capacity);
        }
    }

    private static EventValidationException tooLarge(final long needed, final int capacity)
    {
        return new EventValidationException(
            RECORD,
            needed + " bytes or more",
            "an event may have at most " + capacity + " bytes here; raise maxEventLength");
    }
}
