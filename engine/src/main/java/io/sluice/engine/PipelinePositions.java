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
 *
 *   a watermark: two places of 24 bytes, the older one is overwritten
 *   0        8        16       24
 *   +--------+--------+--------+
 *   |sequence| place  |XXH3-64 |
 *   +--------+--------+--------+
 * </pre>
 *
 * A place that is damaged, or that the process died in, does not count; the other one is older by an event, which is
 * handled again. Where none counts the file is refused: events that nobody handled must not be taken for handled.
 *
 * <p>One writer per watermark; any thread reads. After {@link #close()} writes go nowhere.
 */
final class PipelinePositions implements AutoCloseable
{
    private static final long MAGIC = 0x32736F5065697053L;
    private static final int LENGTH = 4096;
    private static final int LINE = 64;
    private static final int OWNER = 8;
    private static final int HASH = 16;
    private static final int SECOND = 24;

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
        final UnsafeBuffer buffer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder()));
        init(buffer);
        return new PipelinePositions(null, buffer);
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
                    BufferUtil.free(mapped);
                    throw notOurs(file, "no such header", null);
                }
                final PipelinePositions positions = new PipelinePositions(mapped, buffer);
                final int damaged = positions.findDamage();
                if (damaged >= 0)
                {
                    positions.close();
                    throw notOurs(file, "the watermark of " + Priority.of(damaged) + " is damaged", null);
                }
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
        final int first = offset(priorityCode);
        return Math.max(buffer.getLongVolatile(first), buffer.getLongVolatile(first + SECOND));
    }

    void watermark(final int priorityCode, final long sequence)
    {
        final int first = offset(priorityCode);
        final long one = buffer.getLong(first);
        final long other = buffer.getLong(first + SECOND);
        put(buffer, one <= other ? first : first + SECOND, sequence);
        if (sequence < Math.max(one, other))
        {
            put(buffer, one <= other ? first + SECOND : first, sequence);
        }
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

    /** @return code of a priority whose watermark is not known, -1 if there is none. One sound place is enough. */
    private int findDamage()
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final int first = offset(code);
            final int second = first + SECOND;
            final boolean isFirstSound = isSound(buffer, first);
            if (!isFirstSound && !isSound(buffer, second))
            {
                return code;
            }
            if (!isFirstSound)
            {
                put(buffer, first, buffer.getLong(second));
            }
            else if (!isSound(buffer, second))
            {
                put(buffer, second, buffer.getLong(first));
            }
        }
        return -1;
    }

    private void setBack(final long lastSequence)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (watermark(code) > lastSequence)
            {
                watermark(code, lastSequence);
            }
        }
    }

    private static void init(final UnsafeBuffer buffer)
    {
        buffer.putLong(0, MAGIC);
        for (int code = 0; code < Priority.COUNT; code++)
        {
            put(buffer, offset(code), 0);
            put(buffer, offset(code) + SECOND, 0);
        }
    }

    private static void put(final UnsafeBuffer buffer, final int place, final long sequence)
    {
        buffer.putLongRelease(place, sequence);
        buffer.putLong(place + OWNER, place);
        buffer.putLong(place + HASH, EventHash.hash64(buffer, place, HASH));
    }

    private static boolean isSound(final UnsafeBuffer buffer, final int place)
    {
        return buffer.getLong(place) >= 0 && buffer.getLong(place + OWNER) == place &&
            buffer.getLong(place + HASH) == EventHash.hash64(buffer, place, HASH);
    }

    private static void create(final Path file) throws IOException
    {
        final ByteBuffer fresh = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
        init(new UnsafeBuffer(fresh));
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            while (fresh.hasRemaining())
            {
                channel.write(fresh, fresh.position());
            }
            // Or a power loss could leave the name without the content.
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static int offset(final int priorityCode)
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
