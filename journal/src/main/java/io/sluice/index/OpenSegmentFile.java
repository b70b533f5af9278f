package io.sluice.index;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the file of the segment that grows: a zone when it is complete, then the texts that it brought, then the
 * number of zones. Plain writes, so that a full disk is an error and not a fault. Not thread-safe.
 */
final class OpenSegmentFile implements AutoCloseable
{
    private static final IndexText[] TEXTS = IndexText.values();
    private static final int INITIAL_TEXTS_LENGTH = 1 << 14;

    private final IndexLayout layout;
    private final FileChannel channel;
    private final UnsafeBuffer zone;
    private final UnsafeBuffer word = IndexLayout.direct(Long.BYTES);
    private final int[] textsWritten = new int[IndexText.COUNT];
    private UnsafeBuffer texts = IndexLayout.direct(INITIAL_TEXTS_LENGTH);
    private int textsLength;
    private int zones;

    private OpenSegmentFile(final IndexLayout layout, final FileChannel channel)
    {
        this.layout = layout;
        this.channel = channel;
        zone = IndexLayout.direct(layout.zoneLength());
    }

    static OpenSegmentFile create(
        final IndexLayout layout, final Path file, final long firstSequence, final long boot) throws IOException
    {
        final FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        final OpenSegmentFile open = new OpenSegmentFile(layout, channel);
        try
        {
            final UnsafeBuffer header = IndexLayout.direct(IndexLayout.HEADER_LENGTH);
            layout.putHeader(header, firstSequence);
            header.putInt(IndexLayout.STATE_AT, IndexLayout.STATE_GROWING);
            header.putLong(IndexLayout.BOOT_AT, boot);
            header.putLong(IndexLayout.OPEN_DIGEST_AT, EventHash.hash64(header, 0, IndexLayout.STATE_AT));
            // Its length first: whoever maps it maps all of it.
            write(channel, open.word, 0, 1, layout.openLength() - 1L);
            write(channel, header, 0, header.capacity(), 0);
            return open;
        }
        catch (final Throwable ex)
        {
            CloseHelper.quietClose(channel);
            Files.deleteIfExists(file);
            throw ex;
        }
    }

    /** @return zones written. */
    int zones()
    {
        return zones;
    }

    /** Write the next zone, which is complete. */
    void writeZone(final SegmentColumns columns) throws IOException
    {
        final int number = zones;
        final int from = number << layout.zoneBits();
        final int size = layout.zoneEvents();
        final int textsFrom = textsLength;
        addTexts(columns);
        zone.putInt(IndexLayout.ZONE_TEXTS_FROM_AT, textsFrom);
        zone.putInt(IndexLayout.ZONE_TEXTS_TO_AT, textsLength);
        zone.putLong(IndexLayout.ZONE_LAST_SEQUENCE_AT, columns.lastSequence());
        zone.putLong(IndexLayout.ZONE_LAST_CHECKSUM_AT, columns.lastChecksum());
        for (int i = 0; i < IndexLayout.TIMES_LENGTH / Long.BYTES; i++)
        {
            zone.putLong(IndexLayout.ZONE_TIMES_AT + i * Long.BYTES,
                columns.times[number * IndexLayout.TIMES_LENGTH / Long.BYTES + i]);
        }
        for (int i = 0; i < layout.placesOfZone(); i++)
        {
            zone.putLong(IndexLayout.ZONE_PLACES_AT + i * Long.BYTES,
                columns.places[number * layout.placesOfZone() + i]);
        }
        zone.putBytes(layout.levelsOfZone(), columns.levels, from, size);
        for (final IndexText text : TEXTS)
        {
            ColumnWriter.putCodes(zone, layout.codesOfZone(text), columns.codes[text.ordinal()], from, size);
        }
        for (int i = 0; i < IndexKey.COUNT; i++)
        {
            ColumnWriter.putInts(zone, layout.keysOfZone(i), columns.hashes[i], from, size);
            putBits(layout.bitsOfZone(i), columns.hashes[i], from, size);
        }
        ColumnWriter.putInts(zone, layout.versionsOfZone(), columns.versions, from, size);
        zone.putLong(0, digest(zone, 0, layout.zoneLength(), texts, textsFrom, textsLength));
        write(channel, texts, textsFrom, textsLength - textsFrom, (long)layout.textsAt() + textsFrom);
        write(channel, zone, 0, layout.zoneLength(), layout.zoneAt(number));
        zones++;
        word.putLong(0, zones);
        write(channel, word, 0, Long.BYTES, IndexLayout.ZONES_AT);
    }

    /** Tell readers that they have to look for another file. */
    void leave() throws IOException
    {
        leave(channel);
    }

    /** Tell readers of a file that somebody else wrote that they have to look for another one. */
    static void leave(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            if (channel.size() >= IndexLayout.HEADER_LENGTH)
            {
                leave(channel);
            }
        }
        catch (final NoSuchFileException ex)
        {
            // Nobody finds it, then.
            return;
        }
    }

    private static void leave(final FileChannel channel) throws IOException
    {
        final UnsafeBuffer state = IndexLayout.direct(Integer.BYTES);
        state.putInt(0, IndexLayout.STATE_LEFT);
        write(channel, state, 0, Integer.BYTES, IndexLayout.STATE_AT);
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
        BufferUtil.free(zone.byteBuffer());
        BufferUtil.free(texts.byteBuffer());
        BufferUtil.free(word.byteBuffer());
    }

    /** @return digest of a zone, but for its first eight bytes, and of the texts that it brought. */
    static long digest(
        final UnsafeBuffer zones,
        final int at,
        final int length,
        final UnsafeBuffer texts,
        final int from,
        final int to)
    {
        final long ofZone = EventHash.hash64(zones, at + Long.BYTES, length - Long.BYTES);
        return from == to ? ofZone : ofZone ^ Long.rotateLeft(EventHash.hash64(texts, from, to - from), 1);
    }

    private void putBits(final int at, final int[] hashes, final int from, final int count)
    {
        zone.setMemory(at, count, (byte)0);
        for (int i = from; i < from + count; i++)
        {
            if (hashes[i] != IndexKey.ABSENT)
            {
                setBit(at, layout.firstBit(hashes[i]));
                setBit(at, layout.secondBit(hashes[i]));
            }
        }
    }

    private void setBit(final int at, final int bit)
    {
        final int index = at + (bit >>> 3);
        zone.putByte(index, (byte)(zone.getByte(index) | 1 << (bit & 7)));
    }

    private void addTexts(final SegmentColumns columns)
    {
        for (final IndexText text : TEXTS)
        {
            final TextDictionary dictionary = columns.texts[text.ordinal()];
            int at = textsWritten[text.ordinal()];
            while (at < dictionary.length())
            {
                final int length = dictionary.buffer().getInt(at);
                makeRoom(textsLength + IndexLayout.TEXT_HEADER_LENGTH + length);
                texts.putInt(textsLength, length | text.ordinal() << Short.SIZE);
                texts.putBytes(textsLength + IndexLayout.TEXT_HEADER_LENGTH, dictionary.buffer(),
                    at + IndexLayout.TEXT_HEADER_LENGTH, length);
                textsLength += IndexLayout.TEXT_HEADER_LENGTH + length;
                at += IndexLayout.TEXT_HEADER_LENGTH + length;
            }
            textsWritten[text.ordinal()] = at;
        }
    }

    private void makeRoom(final int length)
    {
        if (length > texts.capacity())
        {
            final UnsafeBuffer more = IndexLayout.direct(Integer.highestOneBit(length) << 1);
            more.putBytes(0, texts, 0, textsLength);
            BufferUtil.free(texts.byteBuffer());
            texts = more;
        }
    }

    static void write(
        final FileChannel channel, final UnsafeBuffer from, final int index, final int length, final long position)
        throws IOException
    {
        final java.nio.ByteBuffer bytes = from.byteBuffer().duplicate();
        bytes.limit(index + length).position(index);
        long at = position;
        while (bytes.hasRemaining())
        {
            at += channel.write(bytes, at);
        }
    }
}
