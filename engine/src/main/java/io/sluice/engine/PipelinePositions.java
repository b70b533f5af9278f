package io.sluice.engine;

import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far handling has come, one watermark per priority: every event of that priority up to the watermark is handled.
 * Kept in a mapped file, so that it survives the end of the process at any instruction. Each priority has two places;
 * a run takes the one that the run before did not use, and leaves the other as it is.
 *
 * <pre>
 *   0        8                 512      640      768      896      1024
 *   +--------+-----------------+--------+--------+--------+--------+
 *   | magic  | 0               |CRITICAL| HIGH   | NORMAL | LOW    |  two places each, 64 bytes a place
 *   +--------+-----------------+--------+--------+--------+--------+
 *
 *   0        8        16       24       32       40       48
 *   +--------+--------+--------+--------+--------+--------+
 *   | number | run id | base   |checksum|sequence| echo   |   base: the watermark when the run began
 *   | of open|        |        |        |        |        |   echo: the sequence, scrambled with the checksum
 *   +--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * <p>What is damaged, or torn by a power loss, sets a watermark back, never forward: where sequence and echo differ,
 * the lesser one counts, for a process may have died between the two stores; where that makes no sense, the base; where
 * the place is not sound, the other place; and if there is none, everything is delivered again. A watermark of a run is
 * set back to the end of what the journal still has of that run.
 *
 * <p>One writer per watermark; any thread reads. A write is two stores to one cache line, the second with release
 * order. After {@link #close()} writes go nowhere.
 */
final class PipelinePositions implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PipelinePositions.class);
    private static final long MAGIC = 0x32736F5065697053L;
    static final int LENGTH = 4096;
    private static final int FIRST_PLACE = 512;
    private static final int PLACE_LENGTH = 64;
    private static final int NUMBER = 0;
    private static final int RUN_ID = 8;
    private static final int BASE = 16;
    private static final int CHECKSUM = 24;
    private static final int SEQUENCE = 32;
    private static final int ECHO = 40;
    // Odd, so that multiplying can be undone.
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;
    private static final long UNSCRAMBLE = inverse(SCRAMBLE);

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final int[] places = new int[Priority.COUNT];
    private final long[] salts = new long[Priority.COUNT];

    private PipelinePositions(final MappedByteBuffer mapped, final UnsafeBuffer buffer)
    {
        this.mapped = mapped;
        this.buffer = buffer;
    }

    /** Watermarks in memory only, for an engine without a journal. */
    static PipelinePositions inMemory()
    {
        final PipelinePositions positions = new PipelinePositions(
            null, new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder())));
        positions.begin(0, 0, Map.of());
        return positions;
    }

    /**
     * Open or create the file.
     *
     * @param file         of the positions.
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal; a watermark beyond it is set back, or later events would not be
     *                     redelivered.
     * @param runEnds      by run id, how far the journal is what an earlier run saw; a watermark of that run is set
     *                     back to there, and one of a run that is not in it to 0.
     * @return the positions.
     */
    static PipelinePositions open(
        final Path file, final long runId, final long lastSequence, final Map<Long, Long> runEnds)
    {
        try
        {
            if (!Files.exists(file) || isUnused(file))
            {
                create(file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
            {
                if (channel.size() < LENGTH)
                {
                    throw notOurs(file, channel.size() + " bytes", null);
                }
                final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
                final PipelinePositions positions = new PipelinePositions(mapped, new UnsafeBuffer(mapped));
                if (!positions.isOurs())
                {
                    BufferUtil.free(mapped);
                    throw notOurs(file, "no such header", null);
                }
                if (positions.begin(runId, lastSequence, runEnds))
                {
                    LOGGER.warn("positions {} are damaged: more events than necessary are delivered again", file);
                }
                return positions;
            }
        }
        catch (final IOException ex)
        {
            throw notOurs(file, ex.toString(), ex);
        }
    }

    /**
     * Look at the positions of an engine that may be running.
     *
     * @param buffer mapping of the file.
     * @return sequence up to which every event is handled for sure, -1 if these are no positions.
     */
    static long handled(final UnsafeBuffer buffer)
    {
        final PipelinePositions positions = new PipelinePositions(null, buffer);
        if (!positions.isOurs())
        {
            return -1;
        }
        long lowest = Long.MAX_VALUE;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final int place = positions.newest(code);
            lowest = Math.min(lowest, positions.isSound(place) ? positions.recovered(place, Long.MAX_VALUE) : 0);
        }
        return lowest;
    }

    long watermark(final int priorityCode)
    {
        return buffer.getLongVolatile(places[priorityCode] + SEQUENCE);
    }

    void watermark(final int priorityCode, final long sequence)
    {
        final int place = places[priorityCode];
        buffer.putLong(place + ECHO, echo(sequence, salts[priorityCode]));
        buffer.putLongRelease(place + SEQUENCE, sequence);
    }

    long lowest()
    {
        long lowest = Long.MAX_VALUE;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            lowest = Math.min(lowest, watermark(code));
        }
        return lowest;
    }

    @Override
    public void close()
    {
        if (mapped != null)
        {
            buffer.wrap(new byte[LENGTH]);
            BufferUtil.free(mapped);
        }
    }

    /** @return true if something was damaged. */
    private boolean begin(final long runId, final long lastSequence, final Map<Long, Long> runEnds)
    {
        boolean isAnyDamaged = false;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final int first = firstPlace(code);
            final int newest = newest(code);
            long number = 1;
            long watermark = 0;
            if (isSound(newest))
            {
                final long end = runEnds.getOrDefault(buffer.getLong(newest + RUN_ID), 0L);
                watermark = recovered(newest, Math.min(lastSequence, end));
                number = number(newest) + 1;
                isAnyDamaged |= isDamaged(newest);
            }
            else
            {
                isAnyDamaged |= !isZero(first, 2 * PLACE_LENGTH);
            }
            places[code] = newest == first ? first + PLACE_LENGTH : first;
            salts[code] = write(places[code], number, runId, watermark);
        }
        return isAnyDamaged;
    }

    private int newest(final int priorityCode)
    {
        final int first = firstPlace(priorityCode);
        final int second = first + PLACE_LENGTH;
        return isSound(second) && (!isSound(first) || number(second) > number(first)) ? second : first;
    }

    private static int firstPlace(final int priorityCode)
    {
        return FIRST_PLACE + priorityCode * 2 * PLACE_LENGTH;
    }

    private long recovered(final int place, final long end)
    {
        final long base = buffer.getLong(place + BASE);
        final long sequence = buffer.getLongVolatile(place + SEQUENCE);
        final long echoed = echoed(place);
        final long lesser = Math.min(sequence, echoed);
        final boolean isPlausible = sequence == echoed || lesser >= base && lesser <= end;
        return Math.max(0, Math.min(end, isPlausible ? lesser : base));
    }

    private boolean isDamaged(final int place)
    {
        return buffer.getLong(place + SEQUENCE) != echoed(place);
    }

    // A place that is half written is not sound: its number comes last, and the checksum covers it.
    private long write(final int place, final long number, final long runId, final long watermark)
    {
        buffer.putLongRelease(place + NUMBER, 0);
        buffer.putLongRelease(place + CHECKSUM, 0);
        buffer.putLongRelease(place + RUN_ID, runId);
        buffer.putLongRelease(place + BASE, watermark);
        final long checksum = checksum(number, runId, watermark);
        buffer.putLongRelease(place + ECHO, echo(watermark, checksum));
        buffer.putLongRelease(place + SEQUENCE, watermark);
        buffer.putLongRelease(place + CHECKSUM, checksum);
        buffer.putLongRelease(place + NUMBER, number);
        return checksum;
    }

    private boolean isOurs()
    {
        boolean isOurs = buffer.getLong(0) == MAGIC;
        for (int i = 0; i < 2 * Priority.COUNT; i++)
        {
            isOurs |= isSound(FIRST_PLACE + i * PLACE_LENGTH);
        }
        return isOurs;
    }

    private boolean isSound(final int place)
    {
        return number(place) > 0 && buffer.getLong(place + CHECKSUM) ==
            checksum(number(place), buffer.getLong(place + RUN_ID), buffer.getLong(place + BASE));
    }

    private long number(final int place)
    {
        return buffer.getLong(place + NUMBER);
    }

    private long echoed(final int place)
    {
        return (buffer.getLong(place + ECHO) ^ buffer.getLong(place + CHECKSUM)) * UNSCRAMBLE;
    }

    private boolean isZero(final int offset, final int length)
    {
        for (int i = 0; i < length; i += Long.BYTES)
        {
            if (buffer.getLong(offset + i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private static long echo(final long sequence, final long salt)
    {
        return sequence * SCRAMBLE ^ salt;
    }

    private static long checksum(final long number, final long runId, final long base)
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[3 * Long.BYTES + Long.BYTES]);
        bytes.putLong(0, MAGIC);
        bytes.putLong(Long.BYTES, number);
        bytes.putLong(2 * Long.BYTES, runId);
        bytes.putLong(3 * Long.BYTES, base);
        return EventHash.hash64(bytes, 0, bytes.capacity());
    }

    private static long inverse(final long odd)
    {
        long inverse = odd;
        // Each step doubles the number of right bits; three are right at first.
        for (int bits = 3; bits < Long.SIZE; bits *= 2)
        {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /** @return true if the file holds nothing but zeros: what a power loss may leave of one that was just made. */
    private static boolean isUnused(final Path file) throws IOException
    {
        if (Files.size(file) > LENGTH)
        {
            return false;
        }
        for (final byte value : Files.readAllBytes(file))
        {
            if (value != 0)
            {
                return false;
            }
        }
        return true;
    }

    private static void create(final Path file) throws IOException
    {
        final ByteBuffer fresh = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
        fresh.putLong(0, MAGIC);
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        Files.write(half, fresh.array());
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static EventStorageException notOurs(final Path file, final String what, final IOException cause)
    {
        return new EventStorageException(
            "positions " + file + " can't be used (" + what +
            "): move the file away, and every event of the journal is delivered again", cause);
    }
}
