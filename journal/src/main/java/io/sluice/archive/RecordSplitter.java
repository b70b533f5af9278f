package io.sluice.archive;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes records apart into the columns of a block. Not thread-safe; used again for the next block. */
final class RecordSplitter
{
    /** Payloads that are no JSON and not longer than this are texts. */
    private static final int MAX_TEXT_LENGTH = 256;
    private static final EventField[] TEXT_FIELDS = {
        EventField.TYPE, EventField.SOURCE, EventField.SUBJECT, EventField.CORRELATION_ID, EventField.CAUSATION_ID,
        EventField.SESSION_ID, EventField.WORKFLOW_ID, EventField.AGGREGATE_TYPE, EventField.AGGREGATE_ID,
        EventField.SCHEMA_VERSION, EventField.CONTENT_TYPE};

    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final JsonShape json = new JsonShape();
    private final byte[] scratch = new byte[Pattern.UUID_LENGTH];
    private final byte[] mark = new byte[1];
    private final BlockColumns columns;
    private final ValueTable table;
    private final BlobColumn payloads;
    private final BlobColumn metadata;
    private Shape[] payloadShapes = new Shape[64];
    private Shape[] metadataShapes = new Shape[64];
    private UnsafeBuffer buffer;
    private byte[] bytes;
    private int rows;

    RecordSplitter(
        final BlockColumns columns, final ValueTable table, final BlobColumn payloads, final BlobColumn metadata)
    {
        this.columns = columns;
        this.table = table;
        this.payloads = payloads;
        this.metadata = metadata;
    }

    /** Begin a block whose records are in an array. */
    void start(final byte[] region)
    {
        columns.clear();
        table.clear();
        payloads.clear();
        metadata.clear();
        Arrays.fill(payloadShapes, null);
        Arrays.fill(metadataShapes, null);
        bytes = region;
        buffer = new UnsafeBuffer(region);
        rows = 0;
    }

    /** @return number of records that were split. */
    int rows()
    {
        return rows;
    }

    /** @return false if the columns could not give the record back as it is; nothing was taken from it then. */
    boolean split(final int offset, final int length)
    {
        event.wrap(buffer, offset);
        if (!isRegular(offset, length))
        {
            return false;
        }
        columns.schema.add(buffer.getLong(offset));
        columns.runId.add(event.runId());
        columns.sequence.add(event.sequence());
        columns.journalTime.add(event.journalTime());
        columns.eventTime.add(event.eventTime());
        final long original = event.originalSequence();
        columns.originalDistance.add(original == 0 ? 0 : event.sequence() - original);
        columns.batchIndex.add(event.batchIndex());
        columns.batchCount.add(event.batchCount());
        columns.aggregateVersion.add(rows, event.aggregateVersion());
        addCodes(offset);
        addId();
        for (final EventField field : TEXT_FIELDS)
        {
            add(columns.of(field), event.fieldOffset(field), event.fieldLength(field));
        }
        addShaped(EventField.PAYLOAD, payloads);
        addShaped(EventField.METADATA, metadata);
        rows++;
        return true;
    }

    private boolean isRegular(final int offset, final int length)
    {
        if (event.findDamage(length, hash) != null || event.recordLength() != length ||
            event.fieldOffset(EventField.TYPE) != offset + EventDescriptor.FIXED_LENGTH + 2 ||
            event.fieldOffset(EventField.METADATA) + event.fieldLength(EventField.METADATA) != offset + length)
        {
            return false;
        }
        // A distance of 0 stands for no original.
        if (event.originalSequence() != 0 && event.originalSequence() == event.sequence())
        {
            return false;
        }
        final int idOffset = event.fieldOffset(EventField.ID);
        final int idLength = event.fieldLength(EventField.ID);
        switch (buffer.getByte(offset + RecordLayout.ID_CODE))
        {
            case RecordLayout.ID_IS_UUID:
                return idLength == 0;
            case RecordLayout.ID_IS_TEXT:
                hash.hash128(buffer, idOffset, idLength);
                return hash.high() == event.idHigh() && hash.low() == event.idLow();
            default:
                return false;
        }
    }

    private void addCodes(final int offset)
    {
        scratch[0] = bytes[offset + RecordLayout.PRIORITY];
        scratch[1] = bytes[offset + RecordLayout.CATEGORY];
        scratch[2] = bytes[offset + RecordLayout.VERDICT];
        scratch[3] = bytes[offset + RecordLayout.CONTENT_TYPE];
        scratch[4] = bytes[offset + RecordLayout.FLAGS];
        scratch[5] = bytes[offset + RecordLayout.FLAGS + 1];
        scratch[RecordLayout.CODES_ID] = bytes[offset + RecordLayout.ID_CODE];
        scratch[7] = bytes[offset + RecordLayout.RESERVED];
        columns.get(BlockColumns.CODES).add(rows, table.intern(scratch, 0, RecordLayout.CODES_LENGTH));
    }

    /** A UUID is interned as text: a cause in another record is the same value. */
    private void addId()
    {
        final TextColumn column = columns.get(BlockColumns.ID);
        if (event.fieldLength(EventField.ID) > 0)
        {
            add(column, event.fieldOffset(EventField.ID), event.fieldLength(EventField.ID));
        }
        else if (buffer.getByte(event.offset() + RecordLayout.ID_CODE) == RecordLayout.ID_IS_TEXT)
        {
            add(column, event.offset(), 0);
        }
        else
        {
            UuidForm.put(event.idHigh(), event.idLow(), scratch, 0);
            column.add(rows, table.intern(scratch, 0, Pattern.UUID_LENGTH));
        }
    }

    private void add(final TextColumn column, final int offset, final int length)
    {
        column.add(rows, table.intern(bytes, offset, length));
    }

    private void addShaped(final EventField field, final BlobColumn blobs)
    {
        final int offset = event.fieldOffset(field);
        final int length = event.fieldLength(field);
        final boolean isPayload = field == EventField.PAYLOAD;
        final TextColumn column = columns.of(field);
        if (length > 0 && json.split(bytes, offset, length))
        {
            final int value = table.intern(json.shape().array(), 0, json.shape().length());
            final Shape shape = shape(value, isPayload);
            if (shape != null)
            {
                column.add(rows, value);
                for (int i = 0; i < shape.places(); i++)
                {
                    add(columns.get(shape.column(i)), json.offset(i), json.length(i));
                }
                return;
            }
        }
        mark[0] = (byte)(length == 0 ? Shape.EMPTY : length <= MAX_TEXT_LENGTH ? Shape.TEXT : Shape.BYTES);
        final int value = table.intern(mark, 0, 1);
        column.add(rows, value);
        final Shape shape = shape(value, isPayload);
        if (shape.form() == Shape.TEXT)
        {
            add(columns.get(shape.column(0)), offset, length);
        }
        else if (shape.form() == Shape.BYTES)
        {
            blobs.add(rows, offset, length);
        }
    }

    /** @return the shape with this value; null if it is new and there are too many columns for it. */
    private Shape shape(final int value, final boolean isPayload)
    {
        Shape[] shapes = isPayload ? payloadShapes : metadataShapes;
        if (value >= shapes.length)
        {
            shapes = Arrays.copyOf(shapes, Math.max(value + 1, shapes.length * 2));
            payloadShapes = isPayload ? shapes : payloadShapes;
            metadataShapes = isPayload ? metadataShapes : shapes;
        }
        if (shapes[value] == null)
        {
            final int length = table.length(value);
            if (length > 1 && columns.count() + json.count() > BlockColumns.MOST)
            {
                return null;
            }
            shapes[value] = Shape.read(table.bytes(), table.offset(value), length, isPayload, columns);
        }
        return shapes[value];
    }
}
