package io.sluice.archive;

import java.util.Arrays;

/** The shapes of payload and metadata of each row, once their columns have been read. Not thread-safe; used again. */
final class RowShapes
{
    private final BlockColumns columns;
    private final ValueTable table;
    private Shape[] payloads = new Shape[64];
    private Shape[] metadata = new Shape[64];

    RowShapes(final BlockColumns columns, final ValueTable table)
    {
        this.columns = columns;
        this.table = table;
    }

    Shape payload(final int row)
    {
        return payloads[columns.get(BlockColumns.PAYLOAD).ofRow(row)];
    }

    Shape metadata(final int row)
    {
        return metadata[columns.get(BlockColumns.METADATA).ofRow(row)];
    }

    /** Make the columns that the shapes speak of, and let them know which rows have a value. */
    void read(final int rows, final int mostPlaces, final BlobColumn payloadBlobs, final BlobColumn metadataBlobs)
    {
        if (payloads.length < table.count())
        {
            payloads = new Shape[table.count() * 2];
            metadata = new Shape[table.count() * 2];
        }
        Arrays.fill(payloads, null);
        Arrays.fill(metadata, null);
        long places = 0;
        for (int row = 0; row < rows; row++)
        {
            places += read(row, columns.get(BlockColumns.PAYLOAD).ofRow(row), payloads, true, payloadBlobs);
            places += read(row, columns.get(BlockColumns.METADATA).ofRow(row), metadata, false, metadataBlobs);
            if (places > mostPlaces)
            {
                throw new MalformedException("more than " + mostPlaces + " values in JSON");
            }
        }
    }

    private int read(
        final int row, final int value, final Shape[] shapes, final boolean isPayload, final BlobColumn blobs)
    {
        Shape shape = shapes[value];
        if (shape == null)
        {
            shape = Shape.read(table.bytes(), table.offset(value), table.length(value), isPayload, columns);
            shapes[value] = shape;
        }
        for (int i = 0; i < shape.places(); i++)
        {
            columns.get(shape.column(i)).add(row, TextColumn.NONE);
        }
        if (shape.form() == Shape.BYTES)
        {
            blobs.add(row);
        }
        return shape.places();
    }
}
