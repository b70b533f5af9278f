package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes {@link SyncedMark}s to {@code control/synced}. Mapped, so a save neither waits nor allocates, and never needs
 * a force of its own: what a power loss leaves of it names less than the device holds. Needs the writer lock; one
 * thread at a time.
 */
final class SyncedFile implements AutoCloseable
{
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final TwinPlaces places;

    private SyncedFile(final MappedByteBuffer mapped)
    {
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
        places = SyncedMark.places(buffer);
        // Saves are numbered on from there.
        if (places.findNewest() < 0 && !places.isUnused())
        {
            places.init();
        }
    }

    /** Open the file; make it if there is none, or a part of one. */
    static SyncedFile open(final DataDirectory directory, final DeviceForce force) throws IOException
    {
        try (FileChannel channel = FileChannel.open(
            directory.synced(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            if (channel.size() != SyncedMark.FILE_LENGTH)
            {
                // Written, not just sized: a save into a hole would kill the JVM when the disk is full.
                final ByteBuffer unused = ByteBuffer.allocate(SyncedMark.FILE_LENGTH);
                SyncedMark.places(new UnsafeBuffer(unused)).init();
                while (unused.hasRemaining())
                {
                    channel.write(unused, unused.position());
                }
                channel.truncate(SyncedMark.FILE_LENGTH);
                force.file(directory.synced(), channel);
                force.directory(directory.control());
            }
            return new SyncedFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, SyncedMark.FILE_LENGTH));
        }
    }

    void save(
        final long runId, final long sequence, final int cycle, final long position, final long journalTime)
    {
        SyncedMark.save(places, runId, sequence, cycle, position, journalTime);
    }

    void save(final SyncedMark synced)
    {
        save(synced.runId(), synced.sequence(), synced.cycle(), synced.position(), synced.journalTime());
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
}
