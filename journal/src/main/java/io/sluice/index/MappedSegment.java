package io.sluice.index;

import io.sluice.journal.MappingFault;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A segment in a file. Reads a mapping; every part is checked against its digest before it is first used. */
abstract class MappedSegment extends IndexSegment implements AutoCloseable
{
    private static final int LONG_BITS = 6;

    final IndexLayout layout;
    final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    private final MappingFault fault = new MappingFault();
    private final Path file;
    private final long firstSequence;
    private MappedByteBuffer mapped;

    MappedSegment(final IndexLayout layout, final Path file, final long firstSequence) throws IOException
    {
        this.layout = layout;
        this.file = file;
        this.firstSequence = firstSequence;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final long length = channel.size();
            if (length < IndexLayout.HEADER_LENGTH || length > Integer.MAX_VALUE)
            {
                throw damaged("it has " + length + " bytes");
            }
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
            buffer.wrap(mapped);
        }
    }

    @Override
    public final long firstSequence()
    {
        return firstSequence;
    }

    /** @return sequence of the last event in it, 0 if there is none. */
    abstract long lastSequence();

    /** @return bytes of the file that hold something: one that grows has holes. */
    abstract long usedLength();

    /** @return checksum of that event. */
    abstract long lastChecksum();

    @Override
    public final int zoneEvents()
    {
        return layout.zoneEvents();
    }

    @Override
    public final void selectPresent(final int zone, final long[] bits)
    {
        final int at = levelsAt(zone);
        for (int i = 0; i < bits.length; i++)
        {
            long word = 0;
            for (int j = 0; j < Long.SIZE; j++)
            {
                word |= ((long)buffer.getByte(at + (i << LONG_BITS) + j) >>> 7 & 1L) << j;
            }
            bits[i] = word;
        }
    }

    @Override
    public final void selectTexts(final IndexText text, final int zone, final boolean[] allowed, final long[] bits)
    {
        final int at = codesAt(text, zone);
        for (int i = 0; i < bits.length; i++)
        {
            long word = 0;
            for (int j = 0; j < Long.SIZE; j++)
            {
                word |= (isAllowed(buffer.getChar(at + ((i << LONG_BITS) + j) * Short.BYTES), allowed) ? 1L : 0L) << j;
            }
            bits[i] = word;
        }
    }

    @Override
    public final void selectLevels(final int zone, final int allowed, final long[] bits)
    {
        final int at = levelsAt(zone);
        for (int i = 0; i < bits.length; i++)
        {
            long word = 0;
            for (int j = 0; j < Long.SIZE; j++)
            {
                final int level = buffer.getByte(at + (i << LONG_BITS) + j) & IndexLayout.LEVEL_MASK;
                word |= ((long)allowed >>> level & 1L) << j;
            }
            bits[i] = word;
        }
    }

    @Override
    public final boolean hasText(final IndexText text, final int ordinal, final boolean[] allowed)
    {
        final int zone = ordinal >>> layout.zoneBits();
        final int place = ordinal & (layout.zoneEvents() - 1);
        return isAllowed(buffer.getChar(codesAt(text, zone) + place * Short.BYTES), allowed);
    }

    @Override
    public final boolean hasLevel(final int ordinal, final int allowed)
    {
        final int zone = ordinal >>> layout.zoneBits();
        final int place = ordinal & (layout.zoneEvents() - 1);
        return (allowed >>> (buffer.getByte(levelsAt(zone) + place) & IndexLayout.LEVEL_MASK) & 1) != 0;
    }

    @Override
    public final long leastEventTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.LEAST_EVENT_TIME);
    }

    @Override
    public final long greatestEventTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.GREATEST_EVENT_TIME);
    }

    @Override
    public final long leastJournalTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.LEAST_JOURNAL_TIME);
    }

    @Override
    public final long greatestJournalTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.GREATEST_JOURNAL_TIME);
    }

    @Override
    public final long place(final int ordinal)
    {
        final int zone = ordinal >>> layout.zoneBits();
        final int inZone = ordinal & (layout.zoneEvents() - 1);
        return buffer.getLong(placesAt(zone) + inZone / layout.eventsOfPlace() * Long.BYTES);
    }

    /** Release the mapping. Idempotent. */
    @Override
    public final void close()
    {
        buffer.wrap(0, 0);
        if (mapped != null)
        {
            MappingFault.unmap(mapped);
            mapped = null;
        }
    }

    abstract int levelsAt(int zone);

    abstract int codesAt(IndexText text, int zone);

    abstract int timesAt(int zone);

    abstract int placesAt(int zone);

    final Path file()
    {
        return file;
    }

    final void ensureReadable(final int from, final int length)
    {
        final boolean isInside = from >= 0 && length >= 0 && length <= buffer.capacity() - from;
        if (!isInside || !fault.isTried(from, from + length) && !fault.isReadable(buffer, from, from + length))
        {
            throw damaged("bytes " + from + " to " + ((long)from + length) + " can't be read");
        }
    }

    final void forgetTried()
    {
        fault.forget();
    }

    final IndexDamagedException damaged(final String text)
    {
        return new IndexDamagedException(
            file + " is damaged: " + text + "; what it stands for is read from the journal, and whoever indexes this " +
            "journal next makes it again");
    }

    static void addTexts(
        final UnsafeBuffer texts, final int from, final int to, final int which, final List<String> result)
    {
        int at = from;
        while (at < to)
        {
            final int header = texts.getInt(at);
            final int length = header & 0xFFFF;
            if (header >>> Short.SIZE == which)
            {
                final byte[] bytes = new byte[length];
                texts.getBytes(at + IndexLayout.TEXT_HEADER_LENGTH, bytes);
                result.add(new String(bytes, StandardCharsets.UTF_8));
            }
            at += IndexLayout.TEXT_HEADER_LENGTH + length;
        }
    }

    private static boolean isAllowed(final char code, final boolean[] allowed)
    {
        return code >= allowed.length || allowed[code];
    }
}
