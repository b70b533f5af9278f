package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a file says of itself at its end: coverage, totals, bytes of each part, blocks. Not thread-safe. */
final class Directory
{
    private final LongColumn offsets = new LongColumn();
    private final IntColumn storedLengths = new IntColumn();
    private final IntColumn regionLengths = new IntColumn();
    private final IntColumn records = new IntColumn();
    private final LongColumn firstSequences = new LongColumn();
    private final LongColumn lastSequences = new LongColumn();
    private final LongColumn firstTimes = new LongColumn();
    private final LongColumn lastTimes = new LongColumn();
    private final long[] plainBytes = new long[Part.COUNT];
    private final long[] storedBytes = new long[Part.COUNT];
    private ArchiveCoverage coverage;
    private long recordCount;
    private long recordBytes;
    private long jsonBytes;

    void add(final BlockHeader block, final long offset)
    {
        offsets.add(offset);
        storedLengths.add(block.storedLength());
        regionLengths.add(block.regionLength());
        records.add(block.records());
        firstSequences.add(block.firstSequence());
        lastSequences.add(block.lastSequence());
        firstTimes.add(block.firstTime());
        lastTimes.add(block.lastTime());
        recordCount += block.records();
    }

    void addBytes(final SegmentWriter parts)
    {
        for (final Part part : Part.values())
        {
            plainBytes[part.ordinal()] += parts.plainBytes(part);
            storedBytes[part.ordinal()] += parts.storedBytes(part);
        }
    }

    void totals(final ArchiveCoverage newCoverage, final long newRecordBytes, final long newJsonBytes)
    {
        coverage = newCoverage;
        recordBytes = newRecordBytes;
        jsonBytes = newJsonBytes;
    }

    void write(final ByteSink out)
    {
        final byte[] cycle = utf8(coverage.cycle());
        out.varint(cycle.length).put(cycle, 0, cycle.length);
        out.varint(coverage.first()).varint(coverage.last()).put(coverage.pruned() ? 1 : 0)
            .varint(coverage.expired());
        out.varint(recordBytes).varint(jsonBytes);
        out.varint(Part.COUNT);
        for (int i = 0; i < Part.COUNT; i++)
        {
            out.varint(plainBytes[i]).varint(storedBytes[i]);
        }
        out.varint(offsets.count());
        for (int i = 0; i < offsets.count(); i++)
        {
            out.varint(offsets.get(i)).varint(storedLengths.get(i)).varint(regionLengths.get(i))
                .varint(records.get(i)).varint(firstSequences.get(i)).varint(lastSequences.get(i))
                .zigzag(firstTimes.get(i)).zigzag(lastTimes.get(i));
        }
    }

    /**
     * @param in     holds it.
     * @param start  of the first block.
     * @param end    of the last block.
     * @return the directory.
     * @throws RuntimeException if it breaks a rule.
     */
    static Directory read(final ByteSource in, final long start, final long end)
    {
        final Directory directory = new Directory();
        final int nameLength = in.count(MAX_NAME_LENGTH);
        final int nameAt = in.skip(nameLength);
        final String cycle = new String(in.array(), nameAt, nameLength, StandardCharsets.UTF_8);
        directory.coverage =
            new ArchiveCoverage(cycle, in.varint(), in.varint(), in.count(1) == 1, in.varint());
        directory.recordBytes = in.varint();
        directory.jsonBytes = in.varint();
        final int parts = in.count(in.remaining());
        for (int i = 0; i < parts; i++)
        {
            final long plain = in.varint();
            final long stored = in.varint();
            // A part that this version does not know is counted as structure.
            final int part = i < Part.COUNT ? i : Part.STRUCTURE.ordinal();
            directory.plainBytes[part] += plain;
            directory.storedBytes[part] += stored;
        }
        final int blocks = in.count(in.remaining());
        long offset = start;
        for (int i = 0; i < blocks; i++)
        {
            offset = directory.readBlock(in, i, offset, end);
        }
        if (offset != end || in.remaining() != 0)
        {
            throw new MalformedException("the blocks do not fill the file");
        }
        return directory;
    }

    ArchiveSummary summary(final long storedLength, final String keyId)
    {
        final int last = offsets.count() - 1;
        return new ArchiveSummary(
            coverage,
            recordCount,
            last < 0 ? 0 : firstSequences.get(0),
            last < 0 ? 0 : lastSequences.get(last),
            last < 0 ? 0 : firstTimes.get(0),
            last < 0 ? 0 : lastTimes.get(last),
            recordBytes,
            jsonBytes,
            storedLength,
            keyId);
    }

    List<FieldBytes> fieldBytes()
    {
        final List<FieldBytes> fields = new ArrayList<>();
        for (final Part part : Part.values())
        {
            if (storedBytes[part.ordinal()] > 0)
            {
                fields.add(new FieldBytes(part.label(), plainBytes[part.ordinal()], storedBytes[part.ordinal()]));
            }
        }
        fields.sort(Comparator.comparingLong(FieldBytes::storedBytes).reversed());
        return fields;
    }

    int blocks()
    {
        return offsets.count();
    }

    long offset(final int block)
    {
        return offsets.get(block);
    }

    int storedLength(final int block)
    {
        return storedLengths.get(block);
    }

    int regionLength(final int block)
    {
        return regionLengths.get(block);
    }

    int records(final int block)
    {
        return records.get(block);
    }

    long firstSequence(final int block)
    {
        return firstSequences.get(block);
    }

    long lastSequence(final int block)
    {
        return lastSequences.get(block);
    }

    long firstTime(final int block)
    {
        return firstTimes.get(block);
    }

    long lastTime(final int block)
    {
        return lastTimes.get(block);
    }

    int findSequence(final long sequence)
    {
        return find(lastSequences, sequence);
    }

    int findTime(final long timeNs)
    {
        return find(lastTimes, timeNs);
    }

    private static int find(final LongColumn lasts, final long wanted)
    {
        int low = 0;
        int high = lasts.count();
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            if (lasts.get(middle) < wanted)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private long readBlock(final ByteSource in, final int index, final long expectedOffset, final long end)
    {
        final long offset = in.varint();
        final int storedLength = in.count(Integer.MAX_VALUE);
        final int regionLength = in.count(MAX_BLOCK_LENGTH + EventDescriptor.RECORD_ALIGNMENT);
        final int count = in.count(MAX_BLOCK_RECORDS);
        final long firstSequence = in.varint();
        final long lastSequence = in.varint();
        final long firstTime = in.zigzag();
        final long lastTime = in.zigzag();
        final long next = offset + BLOCK_HEADER_LENGTH + storedLength;
        if (offset != expectedOffset || next > end || count == 0 ||
            (long)count * EventDescriptor.MIN_RECORD_LENGTH > regionLength || firstSequence > lastSequence ||
            lastSequence - firstSequence < count - 1 ||
            index > 0 && (firstSequence <= lastSequences.get(index - 1) || lastTime < lastTimes.get(index - 1)))
        {
            throw new MalformedException("block " + index + " is described as it can't be");
        }
        offsets.add(offset);
        storedLengths.add(storedLength);
        regionLengths.add(regionLength);
        records.add(count);
        firstSequences.add(firstSequence);
        lastSequences.add(lastSequence);
        firstTimes.add(firstTime);
        lastTimes.add(lastTime);
        recordCount += count;
        return next;
    }
}
