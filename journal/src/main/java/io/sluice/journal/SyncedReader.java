package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Follows the synced watermark of a journal, in the process that writes it or in another one. Maps {@code
 * control/synced} for reading, once it is there. Not thread-safe; a look allocates nothing and makes no system call
 * while the file is mapped.
 */
final class SyncedReader implements AutoCloseable
{
    // Where there is no file yet, it is looked for no more often than this.
    private static final long OPEN_INTERVAL_NS = 10_000_000L;

    private final DataDirectory directory;
    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(TwinPlaces.LENGTH));
    private final TwinPlaces places = SyncedMark.places(copy);
    private final MappingFault fault = new MappingFault();
    private MappedByteBuffer mapped;
    private long triedNs;
    private boolean isTried;
    private long sequence;

    SyncedReader(final DataDirectory directory)
    {
        this.directory = directory;
    }

    /**
     * @return sequence up to which every record is on the device; 0 if nothing is there that says so.
     * @throws DataDirectoryException if what says so is damaged.
     */
    long sequence() throws IOException
    {
        if (mapped == null && !open())
        {
            return 0;
        }
        if (!fault.isReadable(source, 0, TwinPlaces.LENGTH))
        {
            throw damaged();
        }
        // A copy taken in the middle of a save still has the save before; only one that lasted two saves has none.
        for (int look = 0; look < SyncedMark.MAX_LOOKS; look++)
        {
            copy.putBytes(0, source, 0, TwinPlaces.LENGTH);
            final int place = places.findNewest();
            if (place >= 0)
            {
                sequence = SyncedMark.sequenceAt(places, place);
                return sequence;
            }
            if (places.isUnused())
            {
                return sequence;
            }
        }
        throw damaged();
    }

    /** Release the mapping. Idempotent. */
    @Override
    public void close()
    {
        if (mapped != null)
        {
            source.wrap(0, 0);
            MappingFault.unmap(mapped);
            mapped = null;
        }
    }

    private DataDirectoryException damaged()
    {
        return new DataDirectoryException(
            DirectoryState.DAMAGED,
            directory.synced() +
            " is damaged, so nobody knows what is on the device; open the directory for " +
            "appending, which makes the file anew, or read what is journaled");
    }

    private boolean open() throws IOException
    {
        final long now = System.nanoTime();
        if (isTried && now - triedNs < OPEN_INTERVAL_NS)
        {
            return false;
        }
        isTried = true;
        triedNs = now;
        try (FileChannel channel = FileChannel.open(directory.synced(), StandardOpenOption.READ))
        {
            // An empty one is just being made.
            if (channel.size() == 0)
            {
                return false;
            }
            if (channel.size() != SyncedMark.FILE_LENGTH)
            {
                throw damaged();
            }
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, SyncedMark.FILE_LENGTH);
            source.wrap(mapped);
            return true;
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
    }
}
