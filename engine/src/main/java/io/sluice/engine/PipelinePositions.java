package io.sluice.engine;

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
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How far handling has come, one watermark per priority: every event of that priority up to the watermark is handled.
 * Kept in a mapped file, so that it survives the end of the process at any instruction.
 *
 * <pre>
 *   0        8        64                128               192               256
 *   +--------+--------+-----------------+-----------------+-----------------+-----------------+
 *   | magic  | …      | CRITICAL        | HIGH            | NORMAL          | LOW             |
 *   +--------+--------+-----------------+-----------------+-----------------+-----------------+
 * </pre>
 *
 * One writer per watermark; any thread reads. After {@link #close()} writes go nowhere.
 */
final class PipelinePositions implements AutoCloseable
{
    static final long MAGIC = 0x31736F5065697053L;
    static final int LENGTH = 4096;
    private static final int LINE = 64;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;

    private PipelinePositions(final MappedByteBuffer mapped, final UnsafeBuffer buffer)
    {
        this.mapped = mapped;
        this.buffer = buffer;
    }

    /** Watermarks in memory only, for an engine without a journal. */
    static PipelinePositions inMemory()
    {
        return new PipelinePositions(
            null, new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder())));
    }

    /**
     * Open or create the file.
     *
     * @param file         of the positions.
     * @param lastSequence of the recovered journal; a watermark beyond it is set back, or later events would not be
     *                     redelivered.
     * @return the positions.
     */
    static PipelinePositions open(final Path file, final long lastSequence)
    {
        try
        {
            if (!Files.exists(file))
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
                final UnsafeBuffer buffer = new UnsafeBuffer(mapped);
                if (buffer.getLong(0) != MAGIC)
                {
                    throw notOurs(file, "no such header", null);
                }
                final PipelinePositions positions = new PipelinePositions(mapped, buffer);
                positions.setBack(lastSequence);
                return positions;
            }
        }
        catch (final IOException ex)
        {
            throw notOurs(file, ex.toString(), ex);
        }
    }

    long watermark(final int priorityCode)
    {
        return buffer.getLongVolatile(offset(priorityCode));
    }

    void watermark(final int priorityCode, final long sequence)
    {
        buffer.putLongRelease(offset(priorityCode), sequence);
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

    private void setBack(final long lastSequence)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final long watermark = watermark(code);
            if (watermark < 0 || watermark > lastSequence)
            {
                watermark(code, lastSequence);
            }
        }
    }

    private static void create(final Path file) throws IOException
    {
        final ByteBuffer fresh = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
        fresh.putLong(0, MAGIC);
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        Files.write(half, fresh.array());
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static int offset(final int priorityCode)
    {
        return LINE + priorityCode * LINE;
    }

    private static EventStorageException notOurs(final Path file, final String what, final IOException cause)
    {
        return new EventStorageException(
            "positions " + file + " can't be used (" + what +
            "): move the file away, and every event of the journal is delivered again", cause);
    }
}
