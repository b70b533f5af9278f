package io.sluice.index;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the file of a complete segment under another name, and then gives it its own. Nothing is forced to the device:
 * digests tell what a power loss took. Not thread-safe; keeps its memory.
 */
final class SealedSegmentFile implements AutoCloseable
{
    private static final IndexText[] TEXTS = IndexText.values();
    private static final IndexKey[] KEYS = IndexKey.values();
    private static final int EVENTS_OF_BUCKET_BITS = 2;
    private static final int SIGN = 1 << 31;

    private final IndexLayout layout;
    private final UnsafeBuffer header = IndexLayout.direct(IndexLayout.HEADER_LENGTH);
    private final UnsafeBuffer section;
    private final int[] entries;
    private final int[] starts;
    private int position;

    SealedSegmentFile(final IndexLayout layout)
    {
        this.layout = layout;
        final int size = layout.segmentEvents();
        entries = new int[size];
        starts = new int[(1 << maxBucketBits(layout)) + 1];
        section = IndexLayout.direct(Math.max(
            IndexLayout.MAX_TEXTS_LENGTH,
            Math.max(
                size * Integer.BYTES + (starts.length + 1) * Integer.BYTES,
                layout.zones() * Math.max(IndexLayout.TIMES_LENGTH, layout.placesOfZone() * Long.BYTES))));
    }

    /** @return bits of the hash that choose the bucket when all events have the key. */
    static int maxBucketBits(final IndexLayout layout)
    {
        return Math.max(0, layout.segmentBits() - EVENTS_OF_BUCKET_BITS);
    }

    /** @return bits of the hash that choose the bucket. */
    static int bucketBits(final int count)
    {
        return count == 0 ? 0 :
            Math.max(0, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count) - EVENTS_OF_BUCKET_BITS);
    }

    /** @return bucket of a hash. */
    static int bucketOf(final int hash, final int bucketBits)
    {
        return bucketBits == 0 ? 0 : hash >>> (Integer.SIZE - bucketBits);
    }

    /** @return the bits of a hash that follow those of the bucket, above those of the ordinal. */
    static int remainderOf(final int hash, final int bucketBits, final int segmentBits)
    {
        return (hash << bucketBits) >>> segmentBits << segmentBits;
    }

    /** Write a segment. */
    void write(final SegmentColumns columns, final Path part, final Path target) throws IOException
    {
        try (FileChannel channel = FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))
        {
            write(columns, channel);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close()
    {
        BufferUtil.free(section.byteBuffer());
        BufferUtil.free(header.byteBuffer());
    }

    private void write(final SegmentColumns columns, final FileChannel channel) throws IOException
    {
        position = IndexLayout.HEADER_LENGTH;
        ColumnWriter.putLongs(section, 0, columns.times);
        write(channel, IndexSection.TIMES, columns.times.length * Long.BYTES);
        ColumnWriter.putLongs(section, 0, columns.places);
        write(channel, IndexSection.PLACES, columns.places.length * Long.BYTES);
        section.putBytes(0, columns.levels);
        write(channel, IndexSection.LEVELS, columns.levels.length);
        for (final IndexText text : TEXTS)
        {
            final char[] codes = columns.codes[text.ordinal()];
            ColumnWriter.putCodes(section, 0, codes, 0, codes.length);
            write(channel, IndexSection.codesOf(text), codes.length * Short.BYTES);
        }
        for (final IndexText text : TEXTS)
        {
            final TextDictionary dictionary = columns.texts[text.ordinal()];
            section.putBytes(0, dictionary.buffer(), 0, dictionary.length());
            write(channel, IndexSection.textsOf(text), dictionary.length());
        }
        int count = 0;
        for (final IndexKey key : KEYS)
        {
            final int[] hashes = columns.hashes[key.ordinal()];
            count = count(hashes);
            write(channel, IndexSection.of(key), putKey(hashes, count));
        }
        // The entries of aggregates were sorted last.
        write(channel, IndexSection.VERSIONS, putVersions(columns.versions, count));
        writeHeader(columns, channel);
    }

    private void writeHeader(final SegmentColumns columns, final FileChannel channel) throws IOException
    {
        layout.putHeader(header, columns.firstSequence());
        header.putLong(IndexLayout.LAST_SEQUENCE_AT, columns.lastSequence());
        header.putLong(IndexLayout.LAST_CHECKSUM_AT, columns.lastChecksum());
        header.putInt(IndexLayout.EVENTS_AT, columns.events());
        header.putLong(IndexLayout.SEALED_DIGEST_AT, EventHash.hash64(header, 0, IndexLayout.SEALED_DIGEST_AT));
        OpenSegmentFile.write(channel, header, 0, header.capacity(), 0);
    }

    private void write(final FileChannel channel, final IndexSection which, final int length) throws IOException
    {
        final int entry = IndexLayout.SECTIONS_AT + which.ordinal() * IndexLayout.SECTION_LENGTH;
        header.putInt(entry, position);
        header.putInt(entry + Integer.BYTES, length);
        header.putLong(entry + Long.BYTES, EventHash.hash64(section, 0, length));
        OpenSegmentFile.write(channel, section, 0, length, position);
        position = BitUtil.align(position + length, Long.BYTES);
    }

    private static int count(final int[] hashes)
    {
        int count = 0;
        for (final int hash : hashes)
        {
            count += hash == IndexKey.ABSENT ? 0 : 1;
        }
        return count;
    }

    /** Count, starts of the buckets and the end of the last one, entries by bucket, rest of the hash and ordinal. */
    private int putKey(final int[] hashes, final int count)
    {
        final int bucketBits = bucketBits(count);
        final int buckets = 1 << bucketBits;
        sort(hashes, bucketBits);
        section.putInt(0, count);
        ColumnWriter.putInts(section, Integer.BYTES, starts, 0, buckets + 1);
        final int entriesAt = Integer.BYTES + (buckets + 1) * Integer.BYTES;
        ColumnWriter.putInts(section, entriesAt, entries, 0, count);
        return entriesAt + count * Integer.BYTES;
    }

    private void sort(final int[] hashes, final int bucketBits)
    {
        final int buckets = 1 << bucketBits;
        Arrays.fill(starts, 0, buckets + 1, 0);
        for (final int hash : hashes)
        {
            if (hash != IndexKey.ABSENT)
            {
                starts[bucketOf(hash, bucketBits) + 1]++;
            }
        }
        for (int i = 0; i < buckets; i++)
        {
            starts[i + 1] += starts[i];
        }
        // Fills each bucket from its start, which moves each start to the next one; they are moved back after that.
        for (int ordinal = 0; ordinal < hashes.length; ordinal++)
        {
            final int hash = hashes[ordinal];
            if (hash != IndexKey.ABSENT)
            {
                entries[starts[bucketOf(hash, bucketBits)]++] =
                    SIGN ^ (remainderOf(hash, bucketBits, layout.segmentBits()) | ordinal);
            }
        }
        for (int i = buckets; i > 0; i--)
        {
            starts[i] = starts[i - 1];
        }
        starts[0] = 0;
        for (int i = 0; i < buckets; i++)
        {
            // Without the sign bit turned over, the upper half of them would come first.
            Arrays.sort(entries, starts[i], starts[i + 1]);
        }
        for (int i = 0; i < starts[buckets]; i++)
        {
            entries[i] ^= SIGN;
        }
    }

    private int putVersions(final int[] versions, final int count)
    {
        final int mask = layout.segmentEvents() - 1;
        for (int i = 0; i < count; i++)
        {
            section.putInt(i * Integer.BYTES, versions[entries[i] & mask]);
        }
        return count * Integer.BYTES;
    }
}
