package io.sluice.engine.delivery;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agrona.BufferUtil;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The positions of the durable subscriptions of an engine, in a mapped file. What was stored survives the end of the
 * process at any instruction; what a power loss leaves of it sets back, never forward.
 *
 * <pre>
 *   0        8               704             1408
 *   +--------+---------------+---------------+----
 *   | magic  | 0             | position      | …    512 {@link DeliveryPosition}s
 *   +--------+---------------+---------------+----
 * </pre>
 *
 * <p>{@link #find}, {@link #add} and {@link #remove} are for one thread at a time. After {@link #close()} writes go
 * nowhere.
 */
public final class SubscriptionPositions implements AutoCloseable
{
    /** Name of the file in {@code positions/}. */
    public static final String NAME = "subscriptions";
    /** Durable subscriptions that an engine can have. */
    public static final int CAPACITY = 512;
    /** In {@link #look}: stands where the pipeline does. */
    public static final long LIVE = -1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(SubscriptionPositions.class);
    private static final long MAGIC = 0x31736F5062755353L;
    private static final int LENGTH = (1 + CAPACITY) * DeliveryPosition.LENGTH;

    private final Path file;
    private final long runId;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final Long2ObjectHashMap<DeliveryPosition> positions = new Long2ObjectHashMap<>();

    private SubscriptionPositions(final Path file, final long runId, final MappedByteBuffer mapped)
    {
        this.file = file;
        this.runId = runId;
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
    }

    /**
     * Open or create the file.
     *
     * @param file         of the positions.
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal; what lies beyond it is set back.
     * @param runEnds      by run id, how far the journal is what an earlier run saw; see {@link MappedWatermark#begin}.
     * @return the positions.
     * @throws EventStorageException if the file is not one of positions or can't be used.
     */
    public static SubscriptionPositions open(
        final Path file, final long runId, final long lastSequence, final Map<Long, Long> runEnds)
    {
        return open(file, runId, lastSequence, runEnds, null);
    }

    /**
     * Open or create the file, after a power loss.
     *
     * @param file         of the positions.
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal.
     * @param runEnds      by run id, how far the journal is what an earlier run saw.
     * @param checkpoint   to which each position goes back, cut to the journal; null if none does.
     * @return the positions.
     * @throws EventStorageException if the file is not one of positions or can't be used.
     */
    public static SubscriptionPositions open(
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
            final SubscriptionPositions positions =
                new SubscriptionPositions(file, runId, map(file, FileChannel.MapMode.READ_WRITE));
            positions.buffer.putLong(0, MAGIC);
            positions.begin(lastSequence, runEnds, checkpoint);
            return positions;
        }
        catch (final IOException ex)
        {
            throw notOurs(file, ex.toString(), ex);
        }
    }

    /**
     * The least position of the subscriptions that are not served from the rings, of an engine that may be running.
     *
     * @param file of the positions.
     * @return sequence up to which all of them have had everything; the greatest value if there are none.
     * @throws EventStorageException if the file can't be used.
     */
    public static long lowest(final Path file)
    {
        if (!Files.exists(file))
        {
            return Long.MAX_VALUE;
        }
        return looked(file, SubscriptionPositions::lowest);
    }

    /**
     * Where the subscriptions stand, of an engine that may be running.
     *
     * @param file of the positions.
     * @return sequence up to which each has had everything, by id; {@link #LIVE} for one that the rings serve, or did
     *         when the engine ended: then it is what the pipeline has handled.
     * @throws EventStorageException if the file can't be used.
     */
    public static Map<Long, Long> look(final Path file)
    {
        return Files.exists(file) ? looked(file, SubscriptionPositions::all) : Map.of();
    }

    private static <T> T looked(final Path file, final Function<UnsafeBuffer, T> reader)
    {
        try
        {
            final MappedByteBuffer mapped = map(file, FileChannel.MapMode.READ_ONLY);
            try
            {
                return reader.apply(new UnsafeBuffer(mapped));
            }
            finally
            {
                BufferUtil.free(mapped);
            }
        }
        catch (final IOException ex)
        {
            throw notOurs(file, ex.toString(), ex);
        }
    }

    /**
     * @param id of a subscription.
     * @return its position, or null.
     */
    public DeliveryPosition find(final long id)
    {
        return positions.get(id);
    }

    /**
     * Make room for a subscription.
     *
     * @param id       of it, not 0, and new.
     * @param sequence up to which everything counts as had.
     * @return its position, not live.
     * @throws EventStorageException if there is no room.
     */
    public DeliveryPosition add(final long id, final long sequence)
    {
        for (int i = 0; i < CAPACITY; i++)
        {
            final int offset = (1 + i) * DeliveryPosition.LENGTH;
            if (buffer.getLong(offset + DeliveryPosition.ID) == 0)
            {
                buffer.setMemory(offset, DeliveryPosition.LENGTH, (byte)0);
                final DeliveryPosition position = new DeliveryPosition(buffer, offset);
                position.restart(runId, sequence);
                // Last: without an id the rest does not count.
                buffer.putLongRelease(offset + DeliveryPosition.ID, id);
                positions.put(id, position);
                return position;
            }
        }
        throw new EventStorageException(
            "there are " + CAPACITY + " durable subscriptions, and no room for more: remove those that are not used");
    }

    /**
     * After a power loss: make room for a subscription that is registered and whose position is lost.
     *
     * @param id           of it.
     * @param lastSequence of the recovered journal.
     * @param checkpoint   to which it goes back, cut to the journal; null if there is none.
     * @return its position, not live; where nothing is known of it, it gets everything rather than nothing.
     */
    public DeliveryPosition restore(final long id, final long lastSequence, final Checkpoint checkpoint)
    {
        final DeliveryPosition position = add(id, 0L);
        final CheckpointEntry entry = checkpoint == null ? null : checkpoint.find(id);
        if (entry != null)
        {
            position.begin(lastSequence, entry);
        }
        return position;
    }

    /**
     * What a checkpoint is to say, beside those who write the positions.
     *
     * @param pipeline watermarks of the pipeline, read before.
     * @return one entry for each position.
     */
    public List<CheckpointEntry> read(final long[] pipeline)
    {
        return positions.values().stream().map(position -> position.read(pipeline)).toList();
    }

    /**
     * Forget a position.
     *
     * @param id of the subscription.
     */
    public void remove(final long id)
    {
        positions.remove(id);
        for (int i = 0; i < CAPACITY; i++)
        {
            final int offset = (1 + i) * DeliveryPosition.LENGTH + DeliveryPosition.ID;
            if (buffer.getLong(offset) == id)
            {
                buffer.putLongRelease(offset, 0L);
            }
        }
    }

    /**
     * Have the positions, and the name of their file, on the device; blocks for as long as that takes.
     *
     * @throws EventStorageException if the device did not confirm it.
     */
    public void force()
    {
        try (FileChannel names = FileChannel.open(file.getParent(), StandardOpenOption.READ))
        {
            mapped.force();
            names.force(true);
        }
        catch (final IOException | UncheckedIOException ex)
        {
            throw new EventStorageException(
                "positions " + file + " can't be forced to the device: " + ex + "; check the device", ex);
        }
    }

    @Override
    public void close()
    {
        // The positions that were handed out share this buffer.
        buffer.wrap(new byte[LENGTH]);
        BufferUtil.free(mapped);
    }

    private void begin(final long lastSequence, final Map<Long, Long> runEnds, final Checkpoint checkpoint)
    {
        for (int i = 0; i < CAPACITY; i++)
        {
            final int offset = (1 + i) * DeliveryPosition.LENGTH;
            final long id = buffer.getLong(offset + DeliveryPosition.ID);
            if (id != 0)
            {
                final DeliveryPosition position = new DeliveryPosition(buffer, offset);
                final CheckpointEntry entry = checkpoint == null ? null : checkpoint.find(id);
                final boolean isNewer = checkpoint != null && entry == null;
                if (position.begin(runId, lastSequence, runEnds, isNewer ? CheckpointEntry.UNKNOWN : entry))
                {
                    LOGGER.warn(
                        "the position of subscription {} in {} is damaged: more events than necessary are delivered " +
                        "to it again",
                        id,
                        file);
                }
                positions.put(id, position);
            }
        }
    }

    private static long lowest(final UnsafeBuffer buffer)
    {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < CAPACITY; i++)
        {
            final DeliveryPosition position = new DeliveryPosition(buffer, (1 + i) * DeliveryPosition.LENGTH);
            if (position.id() != 0 && !position.isLive())
            {
                lowest = Math.min(lowest, position.look());
            }
        }
        return lowest;
    }

    private static Map<Long, Long> all(final UnsafeBuffer buffer)
    {
        final Map<Long, Long> all = new HashMap<>();
        for (int i = 0; i < CAPACITY; i++)
        {
            final DeliveryPosition position = new DeliveryPosition(buffer, (1 + i) * DeliveryPosition.LENGTH);
            if (position.id() != 0)
            {
                all.put(position.id(), position.isLive() ? LIVE : position.look());
            }
        }
        return all;
    }

    private static MappedByteBuffer map(final Path file, final FileChannel.MapMode mode) throws IOException
    {
        final FileChannel opened = mode == FileChannel.MapMode.READ_ONLY ?
            FileChannel.open(file, StandardOpenOption.READ) :
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = opened)
        {
            if (channel.size() < LENGTH)
            {
                throw notOurs(file, channel.size() + " bytes", null);
            }
            final MappedByteBuffer mapped = channel.map(mode, 0, LENGTH);
            mapped.order(ByteOrder.nativeOrder());
            // A run that begins goes on with what a power loss left; who only looks must not take that for all.
            final boolean isLost = mode == FileChannel.MapMode.READ_WRITE && mapped.getLong(0) == 0;
            if (mapped.getLong(0) != MAGIC && !isLost)
            {
                BufferUtil.free(mapped);
                throw notOurs(file, "no such header", null);
            }
            return mapped;
        }
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

    // In full length, and under its name only then: a hole under a mapping kills the process when the disk is full.
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
            "): move the file away, and durable subscriptions begin where the journal does", cause);
    }
}
