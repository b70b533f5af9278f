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

/**
 * What an index knows of a range of sequences. Ordinals count from the first sequence of the range; zones are pieces of
 * it of equal length.
 *
 * <p>Not thread-safe. Reads a mapping; every part is checked against its digest before it is first used.
 */
public abstract class IndexSegment implements AutoCloseable
{
    static final int LONG_BITS = 6;

    final IndexLayout layout;
    final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    private final MappingFault fault = new MappingFault();
    private final Path file;
    private final long firstSequence;
    private MappedByteBuffer mapped;

    IndexSegment(final IndexLayout layout, final Path file, final long firstSequence) throws IOException
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

    /** @return first sequence of the range. */
    public final long firstSequence()
    {
        return firstSequence;
    }

    /** @return first sequence behind what is known. */
    public abstract long endSequence();

    /** @return sequence of the last event in it, 0 if there is none. */
    abstract long lastSequence();

    /** @return checksum of that event. */
    abstract long lastChecksum();

    /** @return events in a zone, present or missing, a multiple of 64. */
    public final int zoneEvents()
    {
        return layout.zoneEvents();
    }

    /**
     * Find events by a key.
     *
     * @param key          of them.
     * @param hash         of what is looked for.
     * @param leastVersion of {@link IndexKey#AGGREGATE}, otherwise ignored.
     * @param result       gets the ordinals, in ascending order; some may be of other events with the same hash.
     * @throws IndexDamagedException if the file is not what was written.
     */
    public abstract void find(IndexKey key, int hash, long leastVersion, Ordinals result);

    /**
     * @param text which.
     * @return what the numbers from 1 on stand for.
     * @throws IndexDamagedException if the file is not what was written.
     */
    public abstract List<String> texts(IndexText text);

    /**
     * Set the bits of the events of a zone that are there.
     *
     * @param zone of the segment.
     * @param bits of its events.
     */
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

    /**
     * Set the bits of the events of a zone whose text is one of some.
     *
     * @param text    which.
     * @param zone    of the segment.
     * @param allowed by number of the text; {@link IndexText#OTHER} is allowed always.
     * @param bits    of the events of the zone.
     */
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

    /**
     * Set the bits of the events of a zone whose priority and category are one of some.
     *
     * @param zone    of the segment.
     * @param allowed bits at the code of the priority plus 4 times that of the category.
     * @param bits    of the events of the zone.
     */
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

    /**
     * @param text    which.
     * @param ordinal of an event.
     * @param allowed by number of the text.
     * @return true if the text of the event is one of those, or is not known here.
     */
    public final boolean hasText(final IndexText text, final int ordinal, final boolean[] allowed)
    {
        final int zone = ordinal >>> layout.zoneBits();
        final int place = ordinal & (layout.zoneEvents() - 1);
        return isAllowed(buffer.getChar(codesAt(text, zone) + place * Short.BYTES), allowed);
    }

    /**
     * @param ordinal of an event.
     * @param allowed as for {@link #selectLevels}.
     * @return true if its priority and category are among them.
     */
    public final boolean hasLevel(final int ordinal, final int allowed)
    {
        final int zone = ordinal >>> layout.zoneBits();
        final int place = ordinal & (layout.zoneEvents() - 1);
        return (allowed >>> (buffer.getByte(levelsAt(zone) + place) & IndexLayout.LEVEL_MASK) & 1) != 0;
    }

    /**
     * @param zone of the segment.
     * @return least time at which an event of it happened; where that is not given it counts as {@link
     * io.sluice.event.EventDescriptor#NO_EVENT_TIME}. The greatest value if there is no event.
     */
    public final long leastEventTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.LEAST_EVENT_TIME);
    }

    /**
     * @param zone of the segment.
     * @return greatest time at which an event of it happened, the least value if there is no event.
     */
    public final long greatestEventTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.GREATEST_EVENT_TIME);
    }

    /**
     * @param zone of the segment.
     * @return least time at which an event of it was journaled.
     */
    public final long leastJournalTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.LEAST_JOURNAL_TIME);
    }

    /**
     * @param zone of the segment.
     * @return greatest time at which an event of it was journaled.
     */
    public final long greatestJournalTime(final int zone)
    {
        return buffer.getLong(timesAt(zone) + IndexLayout.GREATEST_JOURNAL_TIME);
    }

    /**
     * @param ordinal of an event.
     * @return where it or one shortly before it lies, for {@link io.sluice.journal.JournalRecords}.
     */
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
