package io.sluice.archive;

/**
 * What varies in the values of one pattern column: numbers by their place in the pattern, hashes, UUIDs and times, each
 * kind beside its like. Not thread-safe; used again.
 *
 * <pre>
 *   UUID:   first 6 bytes │ byte 6 (version) │ byte 7 │ byte 8 (variant) │ last 7 bytes, each of the five apart;
 *           of version 7 the first 6 bytes are milliseconds, kept as the distance to the event time
 *   time:   distance to the event time, in units of its last decimal
 * </pre>
 */
final class PatternFields
{
    static final int NUMBER_PLACES = 8;

    final LongColumn[] numbers = new LongColumn[NUMBER_PLACES];
    final LongColumn times = new LongColumn();
    final LongColumn uuidMs = new LongColumn();
    final ByteSink uuidHead = new ByteSink(1 << 8);
    final ByteSink uuidVersion = new ByteSink(1 << 8);
    final ByteSink uuidSeventh = new ByteSink(1 << 8);
    final ByteSink uuidVariant = new ByteSink(1 << 8);
    final ByteSink uuidTail = new ByteSink(1 << 8);
    final ByteSink hex = new ByteSink(1 << 8);

    PatternFields()
    {
        for (int i = 0; i < NUMBER_PLACES; i++)
        {
            numbers[i] = new LongColumn();
        }
    }

    void clear()
    {
        for (final LongColumn column : numbers)
        {
            column.clear();
        }
        times.clear();
        uuidMs.clear();
        uuidHead.clear();
        uuidVersion.clear();
        uuidSeventh.clear();
        uuidVariant.clear();
        uuidTail.clear();
        hex.clear();
    }

    void write(final PartSet parts, final NumberWriter writer, final SegmentWriter out)
    {
        for (final LongColumn column : numbers)
        {
            column.write(parts.number(), writer, out);
        }
        times.write(parts.number(), writer, out);
        uuidMs.write(parts.number(), writer, out);
        if (uuidVersion.length() > 0)
        {
            out.put(uuidHead, parts.random());
            out.put(uuidVersion, parts.random());
            out.put(uuidSeventh, parts.random());
            out.put(uuidVariant, parts.random());
            out.put(uuidTail, parts.random());
        }
        if (hex.length() > 0)
        {
            out.put(hex, parts.random());
        }
    }

    /** Read the columns of so many fields of each kind. */
    void read(final PatternCounts counts, final NumberReader reader, final SegmentReader in)
    {
        for (int i = 0; i < NUMBER_PLACES; i++)
        {
            numbers[i].read(counts.numbers[i], reader, in);
        }
        times.read(counts.times, reader, in);
        uuidMs.read(counts.timedUuids, reader, in);
        final int uuids = counts.timedUuids + counts.uuids;
        if (uuids > 0)
        {
            in.read(uuidHead, counts.uuids * 6);
            in.read(uuidVersion, uuids);
            in.read(uuidSeventh, uuids);
            in.read(uuidVariant, uuids);
            in.read(uuidTail, uuids * 7);
        }
        if (counts.hexBytes > 0)
        {
            in.read(hex, counts.hexBytes);
        }
    }
}
