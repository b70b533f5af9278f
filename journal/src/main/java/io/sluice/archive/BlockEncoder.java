package io.sluice.archive;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventHash;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packs the records of a block. Not thread-safe; memory grows to the largest block and is used again.
 *
 * <pre>
 *   a packed block:  form │ XXH3-64 of the records │ columns, or one zstd frame of the records
 *   columns:         odd records │ header numbers │ type, codes, shapes │ all other texts │ all other numbers │ bytes
 * </pre>
 *
 * Every block is unpacked and compared before it leaves. One that does not come back as it was is packed without
 * columns.
 */
final class BlockEncoder implements AutoCloseable
{
    static final int COLUMNS = 1;
    static final int RECORDS = 2;
    /** Fewer different numbers than one in so many places are cheaper as values. */
    private static final int REPEATS = 4;

    private final BlockColumns columns = new BlockColumns();
    private final ValueTable table = new ValueTable();
    private final OddRecords odd = new OddRecords();
    private final BlobColumn payloads = new BlobColumn();
    private final BlobColumn metadata = new BlobColumn();
    private final NumberWriter numbers = new NumberWriter();
    private final TextColumnWriter texts = new TextColumnWriter(numbers);
    private final NumberColumnWriter numberColumns = new NumberColumnWriter(numbers);
    private final RecordSplitter splitter = new RecordSplitter(columns, table, payloads, metadata);
    private final DistinctIndex distinct = new DistinctIndex();
    private final LongColumn rests = new LongColumn();
    private final IntColumn distinctCounts = new IntColumn();
    private final List<Integer> order = new ArrayList<>();
    private final List<TextColumn> coded = new ArrayList<>();
    private final UnsafeBuffer regionView = new UnsafeBuffer(new byte[0]);
    private final UnsafeBuffer checkView = new UnsafeBuffer(new byte[0]);
    private final SegmentWriter out;
    private final BlockDecoder decoder;
    private byte[] check = new byte[0];
    private int fallbacks;

    BlockEncoder(final int level)
    {
        this(level, new BlockDecoder());
    }

    /**
     * @param level   of zstd.
     * @param decoder that has to give every block back; closed with this.
     */
    BlockEncoder(final int level, final BlockDecoder decoder)
    {
        out = new SegmentWriter(level);
        this.decoder = decoder;
    }

    /** @return what the last block took, part by part. */
    SegmentWriter parts()
    {
        return out;
    }

    /** @return number of blocks that the columns did not give back. */
    int fallbacks()
    {
        return fallbacks;
    }

    /**
     * Pack records.
     *
     * @param region       holds them, each padded to 8 bytes.
     * @param regionLength in bytes, with padding.
     * @param lengths      of the records, without padding.
     * @param packed       gets the block.
     */
    void encode(final byte[] region, final int regionLength, final IntColumn lengths, final ByteSink packed)
    {
        regionView.wrap(region, 0, regionLength);
        final long hash = EventHash.hash64(regionView, 0, regionLength);
        if (!encodeColumns(region, lengths, hash, packed) || !comesBack(packed, lengths.count(), regionLength))
        {
            fallbacks++;
            packed.clear();
            packed.put(RECORDS).fixed64(hash);
            out.clear();
            out.put(region, regionLength, Part.ODD_RECORDS);
            out.finish(packed);
        }
    }

    @Override
    public void close()
    {
        out.close();
        decoder.close();
    }

    /** @return false if it could not be done: whatever the reason, the records come first. */
    private boolean encodeColumns(
        final byte[] region, final IntColumn lengths, final long hash, final ByteSink packed)
    {
        packed.clear();
        packed.put(COLUMNS).fixed64(hash);
        out.clear();
        try
        {
            encodeColumns(region, lengths);
            out.finish(packed);
            return true;
        }
        catch (final RuntimeException ex)
        {
            return false;
        }
    }

    private void encodeColumns(final byte[] region, final IntColumn lengths)
    {
        splitter.start(region);
        odd.clear();
        int offset = 0;
        for (int i = 0; i < lengths.count(); i++)
        {
            final int length = lengths.get(i);
            if (!splitter.split(offset, length))
            {
                odd.add(i, region, offset, length);
            }
            offset += EventDescriptor.alignedLength(length);
        }
        final int rows = splitter.rows();
        odd.write(numbers, out);
        if (rows > 0)
        {
            encodeHeaders();
            texts.start(table.count());
            coded.clear();
            for (int i = 0; i < BlockColumns.SHAPED; i++)
            {
                encodeText(i, rows);
            }
            encodeOtherTexts(rows);
            encodeNumbers(rows);
            columns.get(BlockColumns.TYPE).key(rows, distinct, table.count());
            payloads.write(columns.get(BlockColumns.TYPE), region, Part.PAYLOAD_BYTES, numbers, out);
            metadata.write(columns.get(BlockColumns.TYPE), region, Part.METADATA_BYTES, numbers, out);
        }
    }

    private void encodeHeaders()
    {
        columns.schema.write(Part.SCHEMA, numbers, out);
        columns.runId.write(Part.RUN_ID, numbers, out);
        columns.sequence.write(Part.SEQUENCE, numbers, out);
        columns.journalTime.write(Part.JOURNAL_TIME, numbers, out);
        rests.clear();
        for (int i = 0; i < columns.eventTime.count(); i++)
        {
            rests.add(columns.journalTime.get(i) - columns.eventTime.get(i));
        }
        final int count = rests.count();
        if (numbers.estimate(rests.numbers(), count) < numbers.estimate(columns.eventTime.numbers(), count))
        {
            out.plan().put(1);
            rests.write(Part.EVENT_TIME, numbers, out);
        }
        else
        {
            out.plan().put(0);
            columns.eventTime.write(Part.EVENT_TIME, numbers, out);
        }
        columns.originalDistance.write(Part.ORIGINAL_SEQUENCE, numbers, out);
        columns.batchIndex.write(Part.BATCH, numbers, out);
        columns.batchCount.write(Part.BATCH, numbers, out);
    }

    /** Columns with more different values come first: they are the ones that others follow from. */
    private void encodeOtherTexts(final int rows)
    {
        order.clear();
        distinctCounts.clear();
        for (int i = 0; i < columns.count(); i++)
        {
            final TextColumn column = columns.get(i);
            distinct.clear(table.count());
            for (int k = 0; k < column.count(); k++)
            {
                distinct.add(column.value(k));
            }
            distinctCounts.add(distinct.count());
            final boolean isNumeric =
                column.kind() == JsonShape.INTEGER && distinct.count() > 1 &&
                distinct.count() * REPEATS > column.count();
            if (column.kind() == JsonShape.INTEGER)
            {
                out.plan().put(isNumeric ? 1 : 0);
            }
            if (isNumeric)
            {
                parseNumbers(i);
            }
            else if (i >= BlockColumns.SHAPED)
            {
                order.add(i);
            }
        }
        order.sort((a, b) -> Integer.compare(distinctCounts.get(b), distinctCounts.get(a)));
        for (final int index : order)
        {
            out.plan().varint(index);
            encodeText(index, rows);
        }
    }

    private void encodeText(final int index, final int rows)
    {
        final TextColumn column = columns.get(index);
        texts.write(column, rows, coded, table, columns.eventTime, out);
        coded.add(column);
    }

    private void parseNumbers(final int index)
    {
        final TextColumn column = columns.get(index);
        final NumberColumn target = columns.makeNumeric(index);
        for (int i = 0; i < column.count(); i++)
        {
            final int value = column.value(i);
            final int from = table.offset(value);
            target.numbers().add(parse(table.bytes(), from, from + table.length(value)));
        }
    }

    private void encodeNumbers(final int rows)
    {
        numberColumns.write(
            columns.aggregateVersion, columns.eventTime, rows, coded, table.count(), Part.AGGREGATE_VERSION, out);
        for (int i = 0; i < columns.count(); i++)
        {
            if (columns.isNumeric(i))
            {
                numberColumns.write(
                    columns.numbers(i), columns.eventTime, rows, coded, table.count(),
                    columns.get(i).parts().number(), out);
            }
        }
    }

    private boolean comesBack(final ByteSink packed, final int records, final int regionLength)
    {
        if (check.length < regionLength)
        {
            check = new byte[regionLength];
        }
        checkView.wrap(check, 0, regionLength);
        try
        {
            decoder.decode(packed.array(), 0, packed.length(), records, regionLength, checkView);
            return checkView.compareTo(regionView) == 0;
        }
        catch (final RuntimeException ex)
        {
            return false;
        }
    }

    private static long parse(final byte[] text, final int from, final int to)
    {
        final boolean isNegative = text[from] == '-';
        long number = 0;
        for (int i = isNegative ? from + 1 : from; i < to; i++)
        {
            number = number * 10 + text[i] - '0';
        }
        return isNegative ? -number : number;
    }
}
