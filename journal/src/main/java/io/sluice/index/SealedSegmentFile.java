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
    private static final int INITIAL_BUCKET = 64;
    private static final int SIGN = 1 << 31;

    private final IndexLayout layout;
    private final UnsafeBuffer header = IndexLayout.direct(IndexLayout.HEADER_LENGTH);
    private final UnsafeBuffer section;
    private int[] bucket = new int[INITIAL_BUCKET];
    private int position;

    SealedSegmentFile(final IndexLayout layout)
    {
        this.layout = layout;
        final int size = layout.segmentEvents();
        section = IndexLayout.direct(Math.max(
            IndexLayout.MAX_TEXTS_LENGTH,
            Math.max(
                entriesAt(maxBucketBits(layout)) + size * Integer.BYTES,
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
        final int entriesAt = entriesAt(bucketBits);
        section.putInt(0, count);
        putEntries(hashes, bucketBits, entriesAt);
        for (int i = 0; i < 1 << bucketBits; i++)
        {
            sort(entriesAt + start(i) * Integer.BYTES, start(i + 1) - start(i));
        }
        return entriesAt + count * Integer.BYTES;
    }

    private static int entriesAt(final int bucketBits)
    {
        return Integer.BYTES + ((1 << bucketBits) + 1) * Integer.BYTES;
    }

    private int start(final int bucket)
    {
        return section.getInt(Integer.BYTES + bucket * Integer.BYTES);
    }

    private void start(final int bucket, final int entry)
    {
        section.putInt(Integer.BYTES + bucket * Integer.BYTES, entry);
    }

    private void putEntries(final int[] hashes, final int bucketBits, final int entriesAt)
    {
        final int buckets = 1 << bucketBits;
        section.setMemory(Integer.BYTES, (buckets + 1) * Integer.BYTES, (byte)0);
        for (final int hash : hashes)
        {
            if (hash != IndexKey.ABSENT)
            {
                final int next = bucketOf(hash, bucketBits) + 1;
                start(next, start(next) + 1);
            }
        }
        for (int i = 0; i < buckets; i++)
        {
            start(i + 1, start(i + 1) + start(i));
        }
        // Fills each bucket from its start, which moves each start to the next one; they are moved back after that.
        for (int ordinal = 0; ordinal < hashes.length; ordinal++)
        {
            final int hash = hashes[ordinal];
            if (hash != IndexKey.ABSENT)
            {
                final int bucket = bucketOf(hash, bucketBits);
                final int entry = start(bucket);
                section.putInt(entriesAt + entry * Integer.BYTES,
                    remainderOf(hash, bucketBits, layout.segmentBits()) | ordinal);
                start(bucket, entry + 1);
            }
        }
        for (int i = buckets; i > 0; i--)
        {
            start(i, start(i - 1));
        }
        start(0, 0);
    }

    // By their unsigned values. A bucket is small but where many events have the same key: they came in order.
    private void sort(final int at, final int count)
    {
        if (count > bucket.length)
        {
            bucket = new int[Integer.highestOneBit(count - 1) << 1];
        }
        for (int i = 0; i < count; i++)
        {
            // Without the sign bit turned over, the upper half of them would come first.
            bucket[i] = SIGN ^ section.getInt(at + i * Integer.BYTES);
        }
        Arrays.sort(bucket, 0, count);
        for (int i = 0; i < count; i++)
        {
            section.putInt(at + i * Integer.BYTES, SIGN ^ bucket[i]);
        }
    }

    // In the place of the key's entries, each of which lies behind where its version goes.
    private int putVersions(final int[] versions, final int count)
    {
        final int entriesAt = entriesAt(bucketBits(count));
        final int mask = layout.segmentEvents() - 1;
        for (int i = 0; i < count; i++)
        {
            final int entry = section.getInt(entriesAt + i * Integer.BYTES);
            section.putInt(i * Integer.BYTES, versions[entry & mask]);
        }
        return count * Integer.BYTES;
    }
}
