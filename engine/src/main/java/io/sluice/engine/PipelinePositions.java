package io.sluice.engine;

import io.sluice.engine.delivery.Checkpoint;
import io.sluice.engine.delivery.MappedWatermark;
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
 * Kept in a mapped file, so that it survives the end of the process at any instruction.
 *
 * <pre>
 *   0        8                 512      640      768      896      1024
 *   +--------+-----------------+--------+--------+--------+--------+
 *   | magic  | 0               |CRITICAL| HIGH   | NORMAL | LOW    |  two places each, 64 bytes a place
 *   +--------+-----------------+--------+--------+--------+--------+
 * </pre>
 *
 * <p>Each is a {@link MappedWatermark}: what is damaged, or torn by a power loss, sets it back, never forward, and then
 * more events than necessary are delivered again.
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

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final MappedWatermark[] watermarks = new MappedWatermark[Priority.COUNT];

    private PipelinePositions(final MappedByteBuffer mapped, final UnsafeBuffer buffer)
    {
        this.mapped = mapped;
        this.buffer = buffer;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            watermarks[code] = new MappedWatermark(buffer, FIRST_PLACE + code * MappedWatermark.LENGTH);
        }
    }

    /** Watermarks in memory only, for an engine without a journal. */
    static PipelinePositions inMemory()
    {
        final PipelinePositions positions = new PipelinePositions(
            null, new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder())));
        positions.begin(0, 0, Map.of(), null);
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
        return open(file, runId, lastSequence, runEnds, null);
    }

    /** The same; after a power loss each goes back to a checkpoint, if it is not null. */
    static PipelinePositions open(
        final Path file,
        final long runId,
        final long lastSequence,
        final Map<Long, Long> runEnds,
        final Checkpoint checkpoint)
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
                if (positions.begin(runId, lastSequence, runEnds, checkpoint))
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
        for (final MappedWatermark watermark : positions.watermarks)
        {
            lowest = Math.min(lowest, watermark.look());
        }
        return lowest;
    }

    long watermark(final int priorityCode)
    {
        return watermarks[priorityCode].get();
    }

    void watermark(final int priorityCode, final long sequence)
    {
        watermarks[priorityCode].set(sequence);
    }

    /** @return all of them, by priority. */
    long[] read()
    {
        final long[] all = new long[Priority.COUNT];
        for (int code = 0; code < Priority.COUNT; code++)
        {
            all[code] = watermark(code);
        }
        return all;
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
    private boolean begin(
        final long runId, final long lastSequence, final Map<Long, Long> runEnds, final Checkpoint checkpoint)
    {
        boolean isAnyDamaged = false;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            isAnyDamaged |= checkpoint == null ?
                watermarks[code].begin(runId, lastSequence, runEnds) :
                watermarks[code].begin(runId, lastSequence, runEnds, checkpoint.pipeline(code));
        }
        return isAnyDamaged;
    }

    private boolean isOurs()
    {
        boolean isOurs = buffer.getLong(0) == MAGIC;
        for (final MappedWatermark watermark : watermarks)
        {
            isOurs |= watermark.isAnySound();
        }
        return isOurs;
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
