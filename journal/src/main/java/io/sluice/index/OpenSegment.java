package io.sluice.index;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The segment that grows: as many zones of it as were complete at the last {@link #refresh()}. */
final class OpenSegment extends MappedSegment
{
    private final List<List<String>> texts = new ArrayList<>(IndexText.COUNT);
    private int zones;
    private int textsEnd;

    /**
     * @param boot of the machine: of another one, nobody knows what of it came to the device.
     * @throws IndexDamagedException if it is of another start of the machine, or its header is not what was written.
     */
    OpenSegment(final IndexLayout layout, final Path file, final long firstSequence, final long boot)
        throws IOException
    {
        super(layout, file, firstSequence);
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            texts.add(new ArrayList<>());
        }
        try
        {
            ensureReadable(0, IndexLayout.HEADER_LENGTH);
            if (buffer.capacity() != layout.openLength() || !layout.isSame(buffer, firstSequence) ||
                EventHash.hash64(buffer, 0, IndexLayout.STATE_AT) != buffer.getLong(IndexLayout.OPEN_DIGEST_AT))
            {
                throw damaged("its header is not valid");
            }
            if (buffer.getLong(IndexLayout.BOOT_AT) != boot)
            {
                throw damaged("it is of an earlier start of this machine");
            }
            refresh();
        }
        catch (final Throwable ex)
        {
            close();
            throw ex;
        }
    }

    /**
     * Look for new zones.
     *
     * @return false if the file is left for another one.
     */
    boolean refresh()
    {
        forgetTried();
        ensureReadable(0, IndexLayout.HEADER_LENGTH);
        // In this order: once it is left, nothing is added.
        final boolean isGrowing = buffer.getIntVolatile(IndexLayout.STATE_AT) == IndexLayout.STATE_GROWING;
        final long written = buffer.getLongVolatile(IndexLayout.ZONES_AT);
        if (written < zones || written > layout.zones())
        {
            throw damaged("it says that it has " + written + " zones");
        }
        while (zones < written)
        {
            addZone();
        }
        return isGrowing;
    }

    @Override
    public long endSequence()
    {
        return firstSequence() + ((long)zones << layout.zoneBits());
    }

    @Override
    long usedLength()
    {
        return layout.zoneAt(zones) + (long)textsEnd;
    }

    @Override
    long lastSequence()
    {
        return zones == 0 ? 0 : buffer.getLong(layout.zoneAt(zones - 1) + IndexLayout.ZONE_LAST_SEQUENCE_AT);
    }

    @Override
    long lastChecksum()
    {
        return zones == 0 ? 0 : buffer.getLong(layout.zoneAt(zones - 1) + IndexLayout.ZONE_LAST_CHECKSUM_AT);
    }

    @Override
    public void find(final IndexKey key, final int hash, final long leastVersion, final Ordinals result)
    {
        final int firstBit = layout.firstBit(hash);
        final int secondBit = layout.secondBit(hash);
        for (int zone = 0; zone < zones; zone++)
        {
            final int bitsAt = layout.zoneAt(zone) + layout.bitsOfZone(key.ordinal());
            ensureReadable(bitsAt, layout.zoneEvents());
            if (!isSet(bitsAt, firstBit) || !isSet(bitsAt, secondBit))
            {
                continue;
            }
            final int at = zoneAt(zone) + layout.keysOfZone(key.ordinal());
            for (int i = 0; i < layout.zoneEvents(); i++)
            {
                if (buffer.getInt(at + i * Integer.BYTES) == hash &&
                    (key != IndexKey.AGGREGATE || isVersionAtLeast(zone, i, leastVersion)))
                {
                    result.add((zone << layout.zoneBits()) + i);
                }
            }
        }
    }

    @Override
    public List<String> texts(final IndexText text)
    {
        return texts.get(text.ordinal());
    }

    @Override
    int levelsAt(final int zone)
    {
        return zoneAt(zone) + layout.levelsOfZone();
    }

    @Override
    int codesAt(final IndexText text, final int zone)
    {
        return zoneAt(zone) + layout.codesOfZone(text);
    }

    @Override
    int timesAt(final int zone)
    {
        return zoneAt(zone) + IndexLayout.ZONE_TIMES_AT;
    }

    @Override
    int placesAt(final int zone)
    {
        return zoneAt(zone) + IndexLayout.ZONE_PLACES_AT;
    }

    private boolean isSet(final int at, final int bit)
    {
        return (buffer.getByte(at + (bit >>> 3)) >>> (bit & 7) & 1) != 0;
    }

    private int zoneAt(final int zone)
    {
        final int at = layout.zoneAt(zone);
        ensureReadable(at, layout.zoneLength());
        return at;
    }

    private boolean isVersionAtLeast(final int zone, final int index, final long leastVersion)
    {
        final int version = buffer.getInt(layout.zoneAt(zone) + layout.versionsOfZone() + index * Integer.BYTES);
        return version >= leastVersion || version == Integer.MAX_VALUE;
    }

    private void addZone()
    {
        final int at = layout.zoneAt(zones);
        ensureReadable(at, layout.zoneLength());
        final int from = buffer.getInt(at + IndexLayout.ZONE_TEXTS_FROM_AT);
        final int to = buffer.getInt(at + IndexLayout.ZONE_TEXTS_TO_AT);
        if (from != textsEnd || to < from || to > layout.openLength() - layout.textsAt())
        {
            throw damaged("the texts of zone " + zones + " are not where they should be");
        }
        ensureReadable(layout.textsAt() + from, to - from);
        final long digest = OpenSegmentFile.digest(
            buffer, at, layout.zoneLength(), buffer, layout.textsAt() + from, layout.textsAt() + to);
        if (digest != buffer.getLong(at))
        {
            throw damaged("the digest of zone " + zones + " differs");
        }
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            addTexts(buffer, layout.textsAt() + from, layout.textsAt() + to, i, texts.get(i));
        }
        textsEnd = to;
        zones++;
    }
}
