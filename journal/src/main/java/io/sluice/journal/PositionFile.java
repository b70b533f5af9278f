package io.sluice.journal;

import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The durable position of one reader: run id and sequence of the last record that it is done with.
 *
 * <pre>
 *   0        8        16       24       32       40
 *   +--------+--------+--------+--------+--------+ … 64
 *   | magic, | save   | run id |sequence|checksum|
 *   | version| number |        |        |        |
 *   +--------+--------+--------+--------+--------+
 *   64   the same once more
 * </pre>
 *
 * Saves go to the two places in turn, so a process that dies in a save leaves the old value or the new one. The name of
 * the file is the name of the reader and goes into the checksum: the position of one reader is none for another one.
 * Mapped, hence saves neither block nor allocate. Not thread-safe; one process at a time.
 */
public final class PositionFile implements AutoCloseable
{
    private static final long MAGIC = 0x0000_0001_7350_4C53L;
    private static final int FILE_LENGTH = 4096;
    private static final String HALF_MADE = ".new";
    private static final int READ_ATTEMPTS = 10;
    private static final int VALUES = 2;
    private static final int RUN_ID = 0;
    private static final int SEQUENCE = 1;

    private final MappedByteBuffer mapped;
    private final MappingFault fault = new MappingFault();
    private final Path file;
    private final UnsafeBuffer buffer;
    private final TwinPlaces places;
    private long runId;
    private long sequence;

    private PositionFile(final Path file, final MappedByteBuffer mapped)
    {
        this.file = file;
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
        places = placesOf(file, buffer);
        final int place = places.findNewest();
        if (place >= 0)
        {
            runId = places.value(place, RUN_ID);
            sequence = places.value(place, SEQUENCE);
        }
        else if (!places.isUnused())
        {
            MappingFault.unmap(mapped);
            throw new EventStorageException(
                file + " is no position file, or damaged, or of another reader: it can't be renamed; " +
                "delete it to start again, or name another file");
        }
    }

    /**
     * Open a position file; make it if there is none.
     *
     * @param file to open.
     * @return it.
     * @throws EventStorageException if it can't be opened or is no sound position file.
     */
    public static PositionFile open(final Path file)
    {
        try
        {
            if (!Files.exists(file))
            {
                create(file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
            {
                if (channel.size() != FILE_LENGTH)
                {
                    throw new EventStorageException(
                        file + " is no position file, or damaged: it has " + channel.size() +
                        " bytes; delete it to start again, or name another file");
                }
                return new PositionFile(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH));
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("position file " + file + " can't be opened: " + ex, ex);
        }
    }

    /**
     * Read the position of another reader, which may be at work. Changes nothing.
     *
     * @param file to read.
     * @return sequence of the last record that the reader is done with; 0 if none.
     * @throws EventStorageException if it can't be read or is no sound position file.
     */
    public static long read(final Path file)
    {
        EventStorageException failure = null;
        // The reader writes one place while the other one is sound; two saves may meet one look.
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++)
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
            {
                if (channel.size() != FILE_LENGTH)
                {
                    throw new EventStorageException(
                        file + " is no position file: it has " + channel.size() + " bytes; move it elsewhere");
                }
                try (PositionFile position =
                    new PositionFile(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_LENGTH)))
                {
                    return position.sequence();
                }
            }
            catch (final IOException ex)
            {
                failure = new EventStorageException("position file " + file + " can't be read: " + ex, ex);
            }
            catch (final EventStorageException ex)
            {
                failure = ex;
            }
        }
        throw failure;
    }

    /** @return true if a position was saved. */
    public boolean isSet()
    {
        return places.saveNumber() > 0;
    }

    /** @return run id of the last record that the reader is done with; 0 if none. */
    public long runId()
    {
        return runId;
    }

    /** @return sequence of the last record that the reader is done with; 0 if none. */
    public long sequence()
    {
        return sequence;
    }

    /**
     * Save a position.
     *
     * @param lastRunId    of the record.
     * @param lastSequence of the record.
     * @throws EventStorageException if the file was cut meanwhile, or the device failed.
     */
    public void save(final long lastRunId, final long lastSequence)
    {
        if (!isStored(lastRunId, lastSequence))
        {
            throw new EventStorageException(
                "sequence " + lastSequence + " can't be saved in " + file +
                ": it was cut meanwhile, or the device failed; delete it to start again, or name another file");
        }
        runId = lastRunId;
        sequence = lastSequence;
    }

    /** Release the mapping. Idempotent. */
    @Override
    public void close()
    {
        if (buffer.capacity() > 0)
        {
            buffer.wrap(0, 0);
            MappingFault.unmap(mapped);
        }
    }

    // The JVM tells of a store that failed at once, later, or not at all.
    private boolean isStored(final long lastRunId, final long lastSequence)
    {
        try
        {
            final int place = places.begin();
            places.put(place, RUN_ID, lastRunId);
            places.put(place, SEQUENCE, lastSequence);
            places.end(place);
            return fault.isReadable(buffer, 0, TwinPlaces.LENGTH);
        }
        catch (final InternalError ex)
        {
            return false;
        }
    }

    // Under another name first, and forced, so that a file without a sound place is damaged and not half made. In full,
    // for a store into a page without a block kills the process when the disk is full.
    private static void create(final Path file) throws IOException
    {
        final ByteBuffer unused = ByteBuffer.allocate(FILE_LENGTH);
        placesOf(file, new UnsafeBuffer(unused)).init();
        final Path half = file.resolveSibling(file.getFileName() + HALF_MADE);
        Files.createDirectories(file.toAbsolutePath().getParent());
        try
        {
            try (FileChannel channel = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
            {
                while (unused.hasRemaining())
                {
                    channel.write(unused, unused.position());
                }
                channel.force(true);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final IOException ex)
        {
            Files.deleteIfExists(half);
            throw ex;
        }
    }

    private static TwinPlaces placesOf(final Path file, final UnsafeBuffer buffer)
    {
        final byte[] name = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        return new TwinPlaces(buffer, MAGIC, VALUES, EventHash.hash64(new UnsafeBuffer(name), 0, name.length));
    }
}
