package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How far a journal is forced to the device, as {@code control/synced} says it. It is written after the force, so what
 * it names survives a power loss; a newer force may have gone further. Immutable.
 *
 * <pre>
 *   two places of 64 bytes, a newer save in turn in each; the file has 4096 bytes
 *   0        8        16       24       32       40       48       56       64
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | magic, | save   | run id |sequence| cycle  |position|journal |checksum|
 *   | version| number |        |        |        |        | time   |        |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * @param runId       of the run that forced; 0 if nothing was ever forced.
 * @param sequence    up to which every record is on the device.
 * @param cycle       of the journal file in which that record ends; older files are on the device as a whole. -1 if
 *                    there was no file.
 * @param position    in that file behind the excerpt of the record: what comes next is expected here, behind documents
 *                    of Chronicle's own at most.
 * @param journalTime of the record, nanoseconds since 1970 UTC.
 */
public record SyncedMark(long runId, long sequence, int cycle, long position, long journalTime)
{
    /** Nothing is known to be on the device. */
    public static final SyncedMark NONE = new SyncedMark(0, 0, -1, 0, 0);

    static final int FILE_LENGTH = 4096;

    private static final long MAGIC = 0x0000_0001_6D57_4C53L;
    /** As often as this no look meets two saves. */
    static final int MAX_LOOKS = 100;

    private static final int VALUES = 5;
    private static final int RUN_ID = 0;
    private static final int SEQUENCE = 1;
    private static final int CYCLE = 2;
    private static final int POSITION = 3;
    private static final int JOURNAL_TIME = 4;

    /**
     * Read the mark, with plain reads: for a look now and then.
     *
     * @param directory of the journal.
     * @return the mark; {@link #NONE} if there is no sound one.
     * @throws IOException if the file is there and can't be read.
     */
    public static SyncedMark read(final DataDirectory directory) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(TwinPlaces.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        final TwinPlaces places = places(new UnsafeBuffer(bytes));
        try (FileChannel channel = FileChannel.open(directory.synced(), StandardOpenOption.READ))
        {
            // Again, where a look met two saves.
            for (int look = 0; look < MAX_LOOKS; look++)
            {
                bytes.clear();
                while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0)
                {
                    continue;
                }
                final int place = places.findNewest();
                if (place >= 0)
                {
                    return at(places, place);
                }
            }
            return NONE;
        }
        catch (final NoSuchFileException ex)
        {
            return NONE;
        }
    }

    /**
     * @return true if there is a file that says nothing about how far the journal is forced, not even that it never
     *         was.
     */
    static boolean isDamaged(final DataDirectory directory) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(TwinPlaces.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        final TwinPlaces places = places(new UnsafeBuffer(bytes));
        try (FileChannel channel = FileChannel.open(directory.synced(), StandardOpenOption.READ))
        {
            // An empty file is one that is being made.
            boolean isDamaged = channel.size() != 0;
            for (int look = 0; isDamaged && look < MAX_LOOKS; look++)
            {
                channel.read(bytes.clear(), 0);
                isDamaged = channel.size() != FILE_LENGTH || places.findNewest() < 0 && !places.isUnused();
            }
            return isDamaged;
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
    }

    /** @return true if something was forced. */
    public boolean isSet()
    {
        return runId != 0;
    }

    static TwinPlaces places(final UnsafeBuffer buffer)
    {
        return new TwinPlaces(buffer, MAGIC, VALUES, 0);
    }

    static SyncedMark at(final TwinPlaces places, final int place)
    {
        return new SyncedMark(
            places.value(place, RUN_ID),
            places.value(place, SEQUENCE),
            (int)places.value(place, CYCLE),
            places.value(place, POSITION),
            places.value(place, JOURNAL_TIME));
    }

    static long sequenceAt(final TwinPlaces places, final int place)
    {
        return places.value(place, SEQUENCE);
    }

    /** Save a mark. Allocates nothing. */
    static void save(
        final TwinPlaces places,
        final long runId,
        final long sequence,
        final int cycle,
        final long position,
        final long journalTime)
    {
        final int place = places.begin();
        places.put(place, RUN_ID, runId);
        places.put(place, SEQUENCE, sequence);
        places.put(place, CYCLE, cycle);
        places.put(place, POSITION, position);
        places.put(place, JOURNAL_TIME, journalTime);
        places.end(place);
    }
}
