package io.sluice.archive;

import io.sluice.event.EventHash;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.IntHashSet;

/**
 * Unpacks the records of a block that a {@link BlockEncoder} packed. Not thread-safe; memory grows to the largest block
 * and is used again.
 */
final class BlockDecoder implements AutoCloseable
{
    private static final int SLACK = 1 << 16;

    private final ByteSource header = new ByteSource();
    private final SegmentReader in = new SegmentReader();
    private final BlockColumns columns = new BlockColumns();
    private final ValueTable table = new ValueTable();
    private final OddRecords odd = new OddRecords();
    private final BlobColumn payloads = new BlobColumn();
    private final BlobColumn metadata = new BlobColumn();
    private final NumberReader numbers = new NumberReader();
    private final TextColumnReader texts = new TextColumnReader(numbers);
    private final NumberColumnReader numberColumns = new NumberColumnReader(numbers);
    private final DistinctIndex distinct = new DistinctIndex();
    private final List<TextColumn> coded = new ArrayList<>();
    private final IntHashSet seen = new IntHashSet();
    private final RowShapes shapes = new RowShapes(columns, table);
    private final RecordJoiner joiner = new RecordJoiner(columns, table, shapes, payloads, metadata);
    private final ByteSink plain = new ByteSink(1 << 8);
    private int mostBytes;

    /**
     * Unpack a block.
     *
     * @param packed       holds it.
     * @param offset       of its first byte.
     * @param length       in bytes.
     * @param records      that it must have.
     * @param regionLength bytes that its records must have, with padding.
     * @param target       gets them, from index 0.
     * @throws RuntimeException of any kind, if the block breaks a rule of the format.
     */
    void decode(
        final byte[] packed,
        final int offset,
        final int length,
        final int records,
        final int regionLength,
        final MutableDirectBuffer target)
    {
        // A value may be longer than in the record (an id), and every shape has a mark.
        mostBytes = (int)Math.min(2L * regionLength + SLACK, Integer.MAX_VALUE - SLACK);
        header.wrap(packed, offset, length);
        final int form = header.get();
        final long hash = header.fixed64();
        in.wrap(packed, header.position(), header.remaining(), mostBytes);
        switch (form)
        {
            case BlockEncoder.COLUMNS:
                decodeColumns(records, regionLength, target);
                break;
            case BlockEncoder.RECORDS:
                in.read(plain, regionLength);
                target.putBytes(0, plain.array(), 0, regionLength);
                break;
            default:
                throw new MalformedException("a block of form " + form);
        }
        in.ensureAllRead();
        if (EventHash.hash64(target, 0, regionLength) != hash)
        {
            throw new MalformedException("the checksum of its records differs");
        }
    }

    @Override
    public void close()
    {
        in.close();
    }

    private void decodeColumns(final int records, final int regionLength, final MutableDirectBuffer target)
    {
        columns.clear();
        table.clear();
        payloads.clear();
        metadata.clear();
        odd.read(records, numbers, in);
        final int rows = records - odd.places.count();
        if (rows > 0)
        {
            decodeHeaders(rows);
            coded.clear();
            for (int i = 0; i < BlockColumns.FIXED; i++)
            {
                columns.get(i).takeRows(rows);
            }
            for (int i = 0; i < BlockColumns.SHAPED; i++)
            {
                decodeText(i, rows);
            }
            shapes.read(rows, mostBytes, payloads, metadata);
            decodeOtherTexts(rows);
            decodeNumbers(rows);
            columns.get(BlockColumns.TYPE).key(rows, distinct, table.count());
            payloads.read(columns.get(BlockColumns.TYPE), numbers, in);
            metadata.read(columns.get(BlockColumns.TYPE), numbers, in);
        }
        joiner.start(target, regionLength);
        int nextOdd = 0;
        int oddOffset = 0;
        int row = 0;
        for (int i = 0; i < records; i++)
        {
            if (nextOdd < odd.places.count() && odd.places.get(nextOdd) == i)
            {
                final long length = odd.lengths.get(nextOdd++);
                if (length < 0 || length > odd.bytes.length() - oddOffset)
                {
                    throw new MalformedException("an odd record of " + length + " bytes");
                }
                joiner.copy(odd.bytes.array(), oddOffset, (int)length);
                oddOffset += (int)length;
            }
            else if (row < rows)
            {
                joiner.join(row++);
            }
            else
            {
                throw new MalformedException("odd records stand in wrong places");
            }
        }
        joiner.ensureFull();
    }

    private void decodeHeaders(final int rows)
    {
        columns.schema.read(rows, numbers, in);
        columns.runId.read(rows, numbers, in);
        columns.sequence.read(rows, numbers, in);
        columns.journalTime.read(rows, numbers, in);
        final boolean isDistance = in.plan().get() == 1;
        columns.eventTime.read(rows, numbers, in);
        for (int i = 0; i < rows && isDistance; i++)
        {
            columns.eventTime.set(i, columns.journalTime.get(i) - columns.eventTime.get(i));
        }
        columns.originalDistance.read(rows, numbers, in);
        columns.batchIndex.read(rows, numbers, in);
        columns.batchCount.read(rows, numbers, in);
    }

    private void decodeOtherTexts(final int rows)
    {
        int left = columns.count() - BlockColumns.SHAPED;
        for (int i = 0; i < columns.count(); i++)
        {
            if (columns.get(i).kind() == JsonShape.INTEGER && in.plan().get() == 1)
            {
                columns.makeNumeric(i);
                left--;
            }
        }
        seen.clear();
        for (; left > 0; left--)
        {
            final int index = in.plan().count(columns.count() - 1);
            if (index < BlockColumns.SHAPED || columns.isNumeric(index) || !seen.add(index))
            {
                throw new MalformedException("column " + index + " stands where it can't");
            }
            decodeText(index, rows);
        }
    }

    private void decodeText(final int index, final int rows)
    {
        final TextColumn column = columns.get(index);
        texts.read(column, rows, coded, table, mostBytes, columns.eventTime, in);
        coded.add(column);
    }

    private void decodeNumbers(final int rows)
    {
        columns.aggregateVersion.takeRows(rows);
        numberColumns.read(columns.aggregateVersion, columns.eventTime, rows, coded, table.count(), in);
        for (int i = 0; i < columns.count(); i++)
        {
            if (columns.isNumeric(i))
            {
                numberColumns.read(columns.numbers(i), columns.eventTime, rows, coded, table.count(), in);
            }
        }
    }
}
