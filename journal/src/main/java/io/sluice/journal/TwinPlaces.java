package io.sluice.journal;

import io.sluice.event.EventHash;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two places of 64 bytes, one behind the other, that take the same few values in turn. A save that is cut short, by the
 * end of the process or of the machine, leaves its place unsound and the other one as it was. Where no save was made
 * yet, both hold zeros under the save number 0; a place that holds just zeros is damaged.
 *
 * <pre>
 *   0        8        16                        16 + 8·values
 *   +--------+--------+--------+- … -+--------+----------+
 *   | magic, | save   | value  |     | value  | checksum |
 *   | version| number | 0      |     |        |          |
 *   +--------+--------+--------+- … -+--------+----------+ … 64
 *   64   the same once more; the checksum is the XXH3-64 of what stands before it, exclusive-or an owner
 * </pre>
 *
 * One writer. A reader beside it works on a copy, whose checksum tells whether it was taken in the middle of a save.
 * Allocates nothing after it was made.
 */
final class TwinPlaces
{
    /** Bytes of both places. */
    static final int LENGTH = 128;

    private static final int PLACE_LENGTH = 64;
    private static final int SAVE_NUMBER_OFFSET = 8;
    private static final int VALUES_OFFSET = 16;
    private static final int MAX_VALUES = (PLACE_LENGTH - VALUES_OFFSET) / Long.BYTES - 1;

    private final UnsafeBuffer buffer;
    private final long magic;
    private final long owner;
    private final int checksumOffset;
    private long saveNumber;

    /**
     * @param buffer with the places at 0.
     * @param magic  that says what the values are.
     * @param values of a save, 1 to 5.
     * @param owner  of the values: those of another one are unsound here.
     */
    TwinPlaces(final UnsafeBuffer buffer, final long magic, final int values, final long owner)
    {
        if (values < 1 || values > MAX_VALUES)
        {
            throw new IllegalArgumentException("values=" + values + " must be between 1 and " + MAX_VALUES);
        }
        this.buffer = buffer;
        this.magic = magic;
        this.owner = owner;
        checksumOffset = VALUES_OFFSET + values * Long.BYTES;
    }

    /**
     * Look for the newest save.
     *
     * @return its place, for {@link #value}; -1 if neither place is sound.
     */
    int findNewest()
    {
        int newest = -1;
        saveNumber = 0;
        for (int place = 0; place < LENGTH; place += PLACE_LENGTH)
        {
            final long number = buffer.getLong(place + SAVE_NUMBER_OFFSET);
            if (number > saveNumber && isSound(place))
            {
                saveNumber = number;
                newest = place;
            }
        }
        return newest;
    }

    /** Make the places as they are before the first save. */
    void init()
    {
        saveNumber = 0;
        buffer.setMemory(0, LENGTH, (byte)0);
        for (int place = 0; place < LENGTH; place += PLACE_LENGTH)
        {
            buffer.putLong(place, magic);
            end(place);
        }
    }

    /** @return true if {@link #findNewest} found that no save was ever completed, at most the first one begun. */
    boolean isUnused()
    {
        return saveNumber == 0 && (isSound(0) || isSound(PLACE_LENGTH));
    }

    /** @return number of the newest save, that was found or made here; 0 if none. */
    long saveNumber()
    {
        return saveNumber;
    }

    long value(final int place, final int index)
    {
        return buffer.getLong(place + VALUES_OFFSET + index * Long.BYTES);
    }

    /** @return place of the next save; every value is to be put there, then {@link #end} called. */
    int begin()
    {
        final int place = (saveNumber & 1) == 0 ? 0 : PLACE_LENGTH;
        saveNumber++;
        buffer.putLong(place, magic);
        buffer.putLong(place + SAVE_NUMBER_OFFSET, saveNumber);
        return place;
    }

    void put(final int place, final int index, final long value)
    {
        buffer.putLong(place + VALUES_OFFSET + index * Long.BYTES, value);
    }

    void end(final int place)
    {
        buffer.putLongRelease(place + checksumOffset, EventHash.hash64(buffer, place, checksumOffset) ^ owner);
    }

    private boolean isSound(final int place)
    {
        return buffer.getLong(place) == magic &&
            buffer.getLong(place + checksumOffset) == (EventHash.hash64(buffer, place, checksumOffset) ^ owner);
    }
}
