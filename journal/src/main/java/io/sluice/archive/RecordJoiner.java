package io.sluice.archive;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventHash;
import org.agrona.MutableDirectBuffer;

/** Puts records together again from the columns of a block, hashes computed anew. Not thread-safe; used again. */
final class RecordJoiner
{
    private final EventHash hash = new EventHash();
    private final IntColumn cursors = new IntColumn();
    private final byte[] digits = new byte[20];
    private final BlockColumns columns;
    private final ValueTable table;
    private final RowShapes shapes;
    private final BlobColumn payloads;
    private final BlobColumn metadata;
    private MutableDirectBuffer target;
    private int position;
    private int limit;

    RecordJoiner(
        final BlockColumns columns,
        final ValueTable table,
        final RowShapes shapes,
        final BlobColumn payloads,
        final BlobColumn metadata)
    {
        this.columns = columns;
        this.table = table;
        this.shapes = shapes;
        this.payloads = payloads;
        this.metadata = metadata;
    }

    /** Begin to write records, which take exactly so many bytes. */
    void start(final MutableDirectBuffer buffer, final int regionLength)
    {
        target = buffer;
        limit = regionLength;
        position = 0;
        cursors.fill(0, columns.count());
    }

    /** Add a record as it is. */
    void copy(final byte[] source, final int offset, final int length)
    {
        ensureRoom(length);
        target.putBytes(position, source, offset, length);
        position += length;
        pad(length);
    }

    /** Add the record of a row. */
    void join(final int row)
    {
        final int start = position;
        ensureRoom(EventDescriptor.MIN_RECORD_LENGTH);
        position += EventDescriptor.FIXED_LENGTH;
        text(EventField.TYPE, row);
        text(EventField.SOURCE, row);
        shaped(shapes.payload(row), payloads);
        final int context = position;
        final int codes = codes(row);
        final boolean isUuid = table.bytes()[codes + RecordLayout.CODES_ID] == RecordLayout.ID_IS_UUID;
        id(start, row, isUuid);
        for (int field = EventField.SUBJECT.ordinal(); field < EventField.METADATA.ordinal(); field++)
        {
            text(RecordLayout.field(field), row);
        }
        shaped(shapes.metadata(row), metadata);
        header(start, row, codes);
        hash.hash128(target, start + EventDescriptor.FIXED_LENGTH, context - start - EventDescriptor.FIXED_LENGTH);
        target.putLong(start + RecordLayout.CONTENT_HASH_HIGH, hash.high());
        target.putLong(start + RecordLayout.CONTENT_HASH_LOW, hash.low());
        target.putLong(start + RecordLayout.CONTEXT_HASH, EventHash.hash64(target, context, position - context));
        target.putLong(start + RecordLayout.CHECKSUM, EventHash.hash64(target, start, RecordLayout.CHECKSUM));
        pad(position - start);
    }

    void ensureFull()
    {
        if (position != limit)
        {
            throw new MalformedException("its records have " + position + " bytes instead of " + limit);
        }
    }

    private void header(final int start, final int row, final int codes)
    {
        final byte[] values = table.bytes();
        final long sequence = columns.sequence.get(row);
        final long distance = columns.originalDistance.get(row);
        target.putLong(start, columns.schema.get(row));
        target.putLong(start + RecordLayout.RUN_ID, columns.runId.get(row));
        target.putLong(start + RecordLayout.SEQUENCE, sequence);
        target.putLong(start + RecordLayout.JOURNAL_TIME, columns.journalTime.get(row));
        target.putLong(start + RecordLayout.EVENT_TIME, columns.eventTime.get(row));
        target.putLong(start + RecordLayout.ORIGINAL_SEQUENCE, distance == 0 ? 0 : sequence - distance);
        target.putLong(start + RecordLayout.AGGREGATE_VERSION, columns.aggregateVersion.numbers().get(row));
        target.putInt(start + RecordLayout.RECORD_LENGTH, position - start);
        target.putByte(start + RecordLayout.PRIORITY, values[codes]);
        target.putByte(start + RecordLayout.CATEGORY, values[codes + 1]);
        target.putByte(start + RecordLayout.VERDICT, values[codes + 2]);
        target.putByte(start + RecordLayout.CONTENT_TYPE, values[codes + 3]);
        target.putByte(start + RecordLayout.FLAGS, values[codes + 4]);
        target.putByte(start + RecordLayout.FLAGS + 1, values[codes + 5]);
        target.putShort(start + RecordLayout.BATCH_INDEX, (short)columns.batchIndex.get(row));
        target.putShort(start + RecordLayout.BATCH_COUNT, (short)columns.batchCount.get(row));
        target.putByte(start + RecordLayout.ID_CODE, values[codes + RecordLayout.CODES_ID]);
        target.putByte(start + RecordLayout.RESERVED, values[codes + 7]);
    }

    private int codes(final int row)
    {
        final int value = columns.get(BlockColumns.CODES).ofRow(row);
        if (table.length(value) != RecordLayout.CODES_LENGTH)
        {
            throw new MalformedException("codes of " + table.length(value) + " bytes");
        }
        return table.offset(value);
    }

    private void id(final int start, final int row, final boolean isUuid)
    {
        final int value = columns.get(BlockColumns.ID).ofRow(row);
        if (!isUuid)
        {
            text(EventField.ID, row);
            final int length = table.length(value);
            hash.hash128(target, position - length, length);
            target.putLong(start + RecordLayout.ID_HIGH, hash.high());
            target.putLong(start + RecordLayout.ID_LOW, hash.low());
            return;
        }
        if (table.length(value) != Pattern.UUID_LENGTH)
        {
            throw new MalformedException("an id is no UUID");
        }
        target.putLong(start + RecordLayout.ID_HIGH, UuidForm.high(table.bytes(), table.offset(value)));
        target.putLong(start + RecordLayout.ID_LOW, UuidForm.low(table.bytes(), table.offset(value)));
        shortLength(0);
    }

    private void text(final EventField field, final int row)
    {
        final int value = columns.of(field).ofRow(row);
        shortLength(table.length(value));
        value(value);
    }

    private void shortLength(final int length)
    {
        ensureRoom(2);
        target.putShort(position, (short)length);
        position += 2;
    }

    private void value(final int value)
    {
        put(table.bytes(), table.offset(value), table.length(value));
    }

    private void put(final byte[] source, final int offset, final int length)
    {
        ensureRoom(length);
        target.putBytes(position, source, offset, length);
        position += length;
    }

    private void shaped(final Shape shape, final BlobColumn blobs)
    {
        final int lengthAt = position;
        ensureRoom(4);
        position += 4;
        switch (shape.form())
        {
            case JsonShape.MARK:
                json(shape);
                break;
            case Shape.TEXT:
                place(shape.column(0));
                break;
            case Shape.BYTES:
                final int blob = blobs.next();
                put(blobs.bytes(), blobs.offset(blob), blobs.length(blob));
                break;
            default:
                break;
        }
        target.putInt(lengthAt, position - lengthAt - 4);
    }

    private void json(final Shape shape)
    {
        final byte[] text = shape.bytes();
        int from = 0;
        int place = 0;
        for (int at = 0; at < text.length; at++)
        {
            final byte next = text[at];
            if (next == JsonShape.STRING || next == JsonShape.INTEGER || next == JsonShape.TOKEN)
            {
                put(text, from, at - from);
                from = at + 1;
                if (next == JsonShape.STRING)
                {
                    quote();
                    place(shape.column(place++));
                    quote();
                }
                else
                {
                    place(shape.column(place++));
                }
            }
        }
        put(text, from, text.length - from);
    }

    private void quote()
    {
        ensureRoom(1);
        target.putByte(position++, (byte)'"');
    }

    private void place(final int column)
    {
        final int at = cursors.get(column);
        cursors.set(column, at + 1);
        if (columns.isNumeric(column))
        {
            number(columns.numbers(column).numbers().get(at));
        }
        else
        {
            value(columns.get(column).value(at));
        }
    }

    private void number(final long number)
    {
        int at = digits.length;
        // Downwards, for the least number has no positive counterpart.
        long rest = number > 0 ? -number : number;
        do
        {
            digits[--at] = (byte)('0' - rest % 10);
            rest /= 10;
        }
        while (rest != 0);
        if (number < 0)
        {
            digits[--at] = '-';
        }
        put(digits, at, digits.length - at);
    }

    private void pad(final int length)
    {
        final int padding = EventDescriptor.alignedLength(length) - length;
        ensureRoom(padding);
        target.setMemory(position, padding, (byte)0);
        position += padding;
    }

    private void ensureRoom(final int length)
    {
        if (length > limit - position)
        {
            throw new MalformedException("its records have more than " + limit + " bytes");
        }
    }
}
