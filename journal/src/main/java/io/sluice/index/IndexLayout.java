package io.sluice.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How the files of an index are laid out, little-endian. A segment stands for a range of sequences of fixed length, and
 * consists of zones of fixed length. An <i>ordinal</i> is a sequence less the first one of its segment.
 *
 * <pre>
 *   .zones, the segment that grows                       .segment, a complete one
 *   0        header, with the number of complete zones   0        header: sections with their digests
 *   4096     zone 0: digest, times, places, columns      4096     zones: times       32 bytes each
 *   …        zone 1                                      …        places              8 bytes for 64 events
 *   …        texts: which, length, bytes                 …        levels              1 byte an event
 *                                                        …        types, sources      2 bytes an event each
 *                                                        …        texts of types, of sources
 *                                                        …        keys: starts of buckets, entries
 *                                                        …        versions of the entries of aggregates
 * </pre>
 *
 * A zone of the growing segment:
 *
 * <pre>
 *   0      8          16         24         32                64        64 + 8 Z/64
 *   +------+----------+----------+----------+-----------------+---------+--------+-------+---------+------+------+----+
 *   |digest|texts     |last      |its       | least, greatest | places  | levels | types | sources | keys |vers. |bits|
 *   |      |from, to  |sequence  |checksum  | event, jnl time |         | Z      | 2 Z   | 2 Z     | 24 Z | 4 Z  | 6 Z|
 *   +------+----------+----------+----------+-----------------+---------+--------+-------+---------+------+------+----+
 * </pre>
 *
 * Of the bits, 8 Z for each key, those two are set that stand for the hash of an event: a zone where one of the two is
 * not set does not hold what is looked for.
 *
 * A level: bits 0 and 1 priority, 2 to 4 category, 5 duplicate, 7 there is an event. An entry of a key: the ordinal in
 * the low bits, above it those bits of the hash that follow those of the bucket.
 */
final class IndexLayout
{
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 4096;
    static final long MAGIC = 0x5844_4945_4349_554CL;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int SEGMENT_BITS_AT = 12;
    static final int ZONE_BITS_AT = 16;
    static final int FIRST_SEQUENCE_AT = 24;

    static final int STATE_AT = 32;
    static final int ZONES_AT = 40;
    static final int BOOT_AT = 48;
    static final int OPEN_DIGEST_AT = 56;
    static final int STATE_GROWING = 1;
    static final int STATE_LEFT = 2;

    static final int LAST_SEQUENCE_AT = 32;
    static final int LAST_CHECKSUM_AT = 40;
    static final int EVENTS_AT = 48;
    static final int SECTIONS_AT = 64;
    static final int SECTION_LENGTH = 16;
    static final int SEALED_DIGEST_AT = HEADER_LENGTH - Long.BYTES;

    static final int ZONE_TEXTS_FROM_AT = 8;
    static final int ZONE_TEXTS_TO_AT = 12;
    static final int ZONE_LAST_SEQUENCE_AT = 16;
    static final int ZONE_LAST_CHECKSUM_AT = 24;
    static final int ZONE_TIMES_AT = 32;
    static final int ZONE_PLACES_AT = 64;

    static final int TIMES_LENGTH = 32;
    static final int LEAST_EVENT_TIME = 0;
    static final int GREATEST_EVENT_TIME = 8;
    static final int LEAST_JOURNAL_TIME = 16;
    static final int GREATEST_JOURNAL_TIME = 24;

    static final int PLACE_BITS = 6;
    static final int MAX_TEXTS_LENGTH = 1 << 19;
    static final int TEXT_HEADER_LENGTH = 4;

    static final int LEVEL_PRESENT = 1 << 7;
    static final int LEVEL_DUPLICATE = 1 << 5;
    static final int LEVEL_MASK = (1 << 5) - 1;
    static final int CATEGORY_SHIFT = 2;

    private static final int BYTE_BITS = 3;
    // Odd, and its bits are as good as random.
    private static final int SECOND_BIT_FACTOR = 0x9E37_79B1;

    static final int NO_VERSION = Integer.MIN_VALUE;

    private final int segmentBits;
    private final int zoneBits;

    IndexLayout(final int segmentBits, final int zoneBits)
    {
        this.segmentBits = segmentBits;
        this.zoneBits = zoneBits;
    }

    int segmentBits()
    {
        return segmentBits;
    }

    int zoneBits()
    {
        return zoneBits;
    }

    int segmentEvents()
    {
        return 1 << segmentBits;
    }

    int zoneEvents()
    {
        return 1 << zoneBits;
    }

    int zones()
    {
        return 1 << (segmentBits - zoneBits);
    }

    int placesOfZone()
    {
        return Math.max(1, 1 << (zoneBits - PLACE_BITS));
    }

    /** @return events that share a place. */
    int eventsOfPlace()
    {
        return zoneEvents() / placesOfZone();
    }

    /** @return first sequence of the segment that a sequence belongs to. */
    long segmentOf(final long sequence)
    {
        return sequence >>> segmentBits << segmentBits;
    }

    int levelsOfZone()
    {
        return ZONE_PLACES_AT + placesOfZone() * Long.BYTES;
    }

    int codesOfZone(final IndexText text)
    {
        return levelsOfZone() + zoneEvents() + text.ordinal() * zoneEvents() * Short.BYTES;
    }

    int keysOfZone(final int key)
    {
        return levelsOfZone() + zoneEvents() + IndexText.COUNT * zoneEvents() * Short.BYTES +
            key * zoneEvents() * Integer.BYTES;
    }

    int versionsOfZone()
    {
        return keysOfZone(IndexKey.COUNT);
    }

    /** @return where the bits are that say which hashes of a key a zone may hold, a byte for each event. */
    int bitsOfZone(final int key)
    {
        return versionsOfZone() + zoneEvents() * (Integer.BYTES + key);
    }

    int zoneLength()
    {
        return BitUtil.align(bitsOfZone(IndexKey.COUNT), Long.BYTES);
    }

    /** @return the first of the two bits that stand for a hash. */
    int firstBit(final int hash)
    {
        return hash >>> (Integer.SIZE - zoneBits - BYTE_BITS);
    }

    /** @return the second of the two bits that stand for a hash. */
    int secondBit(final int hash)
    {
        return firstBit(hash * SECOND_BIT_FACTOR);
    }

    int zoneAt(final int zone)
    {
        return HEADER_LENGTH + zone * zoneLength();
    }

    int textsAt()
    {
        return zoneAt(zones());
    }

    /** @return length of the file of a growing segment. */
    int openLength()
    {
        return textsAt() + IndexText.COUNT * MAX_TEXTS_LENGTH;
    }

    boolean isSame(final UnsafeBuffer header, final long firstSequence)
    {
        return header.getLong(MAGIC_AT) == MAGIC && header.getInt(VERSION_AT) == VERSION &&
            header.getInt(SEGMENT_BITS_AT) == segmentBits && header.getInt(ZONE_BITS_AT) == zoneBits &&
            header.getLong(FIRST_SEQUENCE_AT) == firstSequence;
    }

    void putHeader(final UnsafeBuffer header, final long firstSequence)
    {
        header.putLong(MAGIC_AT, MAGIC);
        header.putInt(VERSION_AT, VERSION);
        header.putInt(SEGMENT_BITS_AT, segmentBits);
        header.putInt(ZONE_BITS_AT, zoneBits);
        header.putLong(FIRST_SEQUENCE_AT, firstSequence);
    }

    static UnsafeBuffer direct(final int length)
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN));
    }
}
