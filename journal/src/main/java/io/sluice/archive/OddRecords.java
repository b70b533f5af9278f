package io.sluice.archive;

/**
 * Records that the columns can't give back byte for byte: with a longer header than this version knows, with a checksum
 * that does not fit, with bytes behind the last field. They stand as they are. Not thread-safe; used again.
 */
final class OddRecords
{
    final LongColumn places = new LongColumn();
    final LongColumn lengths = new LongColumn();
    final ByteSink bytes = new ByteSink(1 << 8);

    void clear()
    {
        places.clear();
        lengths.clear();
        bytes.clear();
    }

    void add(final int place, final byte[] source, final int offset, final int length)
    {
        places.add(place);
        lengths.add(length);
        bytes.put(source, offset, length);
    }

    void write(final NumberWriter numbers, final SegmentWriter out)
    {
        out.plan().varint(places.count());
        places.write(Part.ODD_RECORDS, numbers, out);
        lengths.write(Part.ODD_RECORDS, numbers, out);
        if (places.count() > 0)
        {
            out.put(bytes, Part.ODD_RECORDS);
        }
    }

    void read(final int recordCount, final NumberReader numbers, final SegmentReader in)
    {
        final int count = in.plan().count(recordCount);
        places.read(count, numbers, in);
        lengths.read(count, numbers, in);
        bytes.clear();
        if (count > 0)
        {
            in.read(bytes);
        }
    }
}
