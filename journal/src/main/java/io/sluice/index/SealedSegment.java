package io.sluice.index;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A complete segment. */
final class SealedSegment extends MappedSegment
{
    private final int[] offsets = new int[IndexSection.COUNT];
    private final int[] lengths = new int[IndexSection.COUNT];
    private final long[] digests = new long[IndexSection.COUNT];
    private final boolean[] isChecked = new boolean[IndexSection.COUNT];
    private final List<List<String>> texts = new ArrayList<>(IndexText.COUNT);
    private final long lastSequence;
    private final long lastChecksum;

    /**
     * @throws IndexDamagedException if its header is not what was written.
     */
    SealedSegment(final IndexLayout layout, final Path file, final long firstSequence) throws IOException
    {
        super(layout, file, firstSequence);
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            texts.add(null);
        }
        try
        {
            ensureReadable(0, IndexLayout.HEADER_LENGTH);
            if (!layout.isSame(buffer, firstSequence) ||
                EventHash.hash64(buffer, 0, IndexLayout.SEALED_DIGEST_AT) !=
                buffer.getLong(IndexLayout.SEALED_DIGEST_AT))
            {
                throw damaged("its header is not valid");
            }
            lastSequence = buffer.getLong(IndexLayout.LAST_SEQUENCE_AT);
            lastChecksum = buffer.getLong(IndexLayout.LAST_CHECKSUM_AT);
            for (int i = 0; i < IndexSection.COUNT; i++)
            {
                final int at = IndexLayout.SECTIONS_AT + i * IndexLayout.SECTION_LENGTH;
                offsets[i] = buffer.getInt(at);
                lengths[i] = buffer.getInt(at + Integer.BYTES);
                digests[i] = buffer.getLong(at + Long.BYTES);
            }
        }
        catch (final Throwable ex)
        {
            close();
            throw ex;
        }
    }

    @Override
    public long endSequence()
    {
        return firstSequence() + layout.segmentEvents();
    }

    @Override
    long usedLength()
    {
        return buffer.capacity();
    }

    @Override
    long lastSequence()
    {
        return lastSequence;
    }

    @Override
    long lastChecksum()
    {
        return lastChecksum;
    }

    @Override
    public void find(final IndexKey key, final int hash, final long leastVersion, final Ordinals result)
    {
        final IndexSection section = IndexSection.of(key);
        check(section);
        final int at = offsets[section.ordinal()];
        ensureReadable(at, Integer.BYTES);
        final int count = buffer.getInt(at);
        final int bucketBits = SealedSegmentFile.bucketBits(count);
        final int startsAt = at + Integer.BYTES;
        final int startAt = startsAt + SealedSegmentFile.bucketOf(hash, bucketBits) * Integer.BYTES;
        final int entriesAt = startsAt + ((1 << bucketBits) + 1) * Integer.BYTES;
        final int wanted = SealedSegmentFile.remainderOf(hash, bucketBits, layout.segmentBits());
        ensureReadable(startAt, 2 * Integer.BYTES);
        final int end = buffer.getInt(startAt + Integer.BYTES);
        int index = firstNotBelow(entriesAt, buffer.getInt(startAt), end, wanted);
        final int mask = layout.segmentEvents() - 1;
        while (index < end)
        {
            ensureReadable(entriesAt + index * Integer.BYTES, Integer.BYTES);
            final int entry = buffer.getInt(entriesAt + index * Integer.BYTES);
            if ((entry & ~mask) != wanted)
            {
                break;
            }
            if (key != IndexKey.AGGREGATE || isVersionAtLeast(index, leastVersion))
            {
                result.add(entry & mask);
            }
            index++;
        }
    }

    @Override
    public List<String> texts(final IndexText text)
    {
        final IndexSection section = IndexSection.textsOf(text);
        check(section);
        List<String> found = texts.get(text.ordinal());
        if (found == null)
        {
            found = new ArrayList<>();
            final int at = offsets[section.ordinal()];
            addTexts(buffer, at, at + lengths[section.ordinal()], 0, found);
            texts.set(text.ordinal(), found);
        }
        return found;
    }

    @Override
    int levelsAt(final int zone)
    {
        return sliceAt(IndexSection.LEVELS, zone, layout.zoneEvents());
    }

    @Override
    int codesAt(final IndexText text, final int zone)
    {
        return sliceAt(IndexSection.codesOf(text), zone, layout.zoneEvents() * Short.BYTES);
    }

    @Override
    int timesAt(final int zone)
    {
        return sliceAt(IndexSection.TIMES, zone, IndexLayout.TIMES_LENGTH);
    }

    @Override
    int placesAt(final int zone)
    {
        return sliceAt(IndexSection.PLACES, zone, layout.placesOfZone() * Long.BYTES);
    }

    /** Check all of it. */
    void checkAll()
    {
        for (final IndexSection section : IndexSection.values())
        {
            check(section);
        }
    }

    private int sliceAt(final IndexSection section, final int zone, final int length)
    {
        check(section);
        final int at = offsets[section.ordinal()] + zone * length;
        ensureReadable(at, length);
        return at;
    }

    private boolean isVersionAtLeast(final int index, final long leastVersion)
    {
        check(IndexSection.VERSIONS);
        final int at = offsets[IndexSection.VERSIONS.ordinal()] + index * Integer.BYTES;
        ensureReadable(at, Integer.BYTES);
        final int version = buffer.getInt(at);
        return version >= leastVersion || version == Integer.MAX_VALUE;
    }

    private int firstNotBelow(final int entriesAt, final int from, final int to, final int wanted)
    {
        int low = from;
        int high = to;
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            final int at = entriesAt + middle * Integer.BYTES;
            ensureReadable(at, Integer.BYTES);
            if (Integer.compareUnsigned(buffer.getInt(at), wanted) < 0)
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

    private void check(final IndexSection section)
    {
        final int which = section.ordinal();
        if (!isChecked[which])
        {
            ensureReadable(offsets[which], lengths[which]);
            if (EventHash.hash64(buffer, offsets[which], lengths[which]) != digests[which])
            {
                throw damaged("the digest of section " + section + " differs");
            }
            isChecked[which] = true;
        }
    }
}
