package io.sluice.archive;

import java.util.Arrays;

/**
 * Bytes that are no JSON and too long for a text column, those of one event type beside each other. Not thread-safe;
 * used again.
 */
final class BlobColumn
{
    private final IntColumn rows = new IntColumn();
    private final LongColumn lengths = new LongColumn();
    private final IntColumn offsets = new IntColumn();
    private final LongColumn orderedLengths = new LongColumn();
    private final ByteSink bytes = new ByteSink(1 << 8);
    private int[] order = new int[16];
    private int[] starts = new int[16];
    private int next;

    void clear()
    {
        rows.clear();
        lengths.clear();
        offsets.clear();
        next = 0;
    }

    void add(final int row, final int offset, final int length)
    {
        rows.add(row);
        offsets.add(offset);
        lengths.add(length);
    }

    /** Say that a row has one; its bytes are read later. */
    void add(final int row)
    {
        rows.add(row);
    }

    void write(
        final TextColumn types,
        final byte[] source,
        final Part part,
        final NumberWriter numbers,
        final SegmentWriter out)
    {
        if (rows.count() == 0)
        {
            return;
        }
        sort(types);
        orderedLengths.clear();
        bytes.clear();
        for (int i = 0; i < rows.count(); i++)
        {
            final int blob = order[i];
            orderedLengths.add(lengths.get(blob));
            bytes.put(source, offsets.get(blob), (int)lengths.get(blob));
        }
        orderedLengths.write(part, numbers, out);
        out.put(bytes, part);
    }

    void read(final TextColumn types, final NumberReader numbers, final SegmentReader in)
    {
        final int count = rows.count();
        if (count == 0)
        {
            return;
        }
        sort(types);
        orderedLengths.read(count, numbers, in);
        in.read(bytes);
        offsets.fill(0, count);
        lengths.clear();
        for (int i = 0; i < count; i++)
        {
            lengths.add(0);
        }
        long offset = 0;
        for (int i = 0; i < count; i++)
        {
            final long length = orderedLengths.get(i);
            if (length < 0 || length > bytes.length() - offset)
            {
                throw new MalformedException("a payload of " + length + " bytes");
            }
            offsets.set(order[i], (int)offset);
            lengths.set(order[i], length);
            offset += length;
        }
    }

    /** Go to the blob of the next row that has one. */
    int next()
    {
        return next++;
    }

    byte[] bytes()
    {
        return bytes.array();
    }

    int offset(final int blob)
    {
        return offsets.get(blob);
    }

    int length(final int blob)
    {
        return (int)lengths.get(blob);
    }

    /** Order by type, then by row. */
    private void sort(final TextColumn types)
    {
        final int count = rows.count();
        if (order.length < count)
        {
            order = new int[count * 2];
        }
        final int keys = types.keys();
        if (starts.length < keys + 1)
        {
            starts = new int[keys * 2];
        }
        Arrays.fill(starts, 0, keys + 1, 0);
        for (int i = 0; i < count; i++)
        {
            starts[types.keyOfRow(rows.get(i)) + 1]++;
        }
        for (int key = 0; key < keys; key++)
        {
            starts[key + 1] += starts[key];
        }
        for (int i = 0; i < count; i++)
        {
            order[starts[types.keyOfRow(rows.get(i))]++] = i;
        }
    }
}
