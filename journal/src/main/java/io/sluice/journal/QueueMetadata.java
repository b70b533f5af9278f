package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.chronicle.threads.TimingPauser;
import net.openhft.chronicle.threads.Pauser;

/**
 * Brings Chronicle's metadata file into a state in which the queue opens at once. Only under the writer lock, and only while this
 * process does not hold the queue open: closing the file drops the process's locks on it.
 */
final class QueueMetadata
{
    private static final long LOCK_TIMEOUT_MS = 1;

    private QueueMetadata()
    {
    }

    static void prepare(final Path journal) throws IOException
    {
        final Path file = journal.resolve(CycleFiles.METADATA);
        if (!Files.exists(file))
        {
            return;
        }
        if (!isComplete(file))
        {
            // Chronicle never opens such a file. It holds nothing that we need.
            Files.delete(file);
            return;
        }
        forceUnlock(file);
    }

    private static boolean isComplete(final Path file) throws IOException
    {
        final ByteBuffer header = ByteBuffer.allocate(ExcerptScanner.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            return channel.read(header, 0) == ExcerptScanner.HEADER_LENGTH && header.getInt(0) > 0;
        }
    }

    // Chronicle keeps the pid of a lock holder and waits as long as that process seems to live. A pid may be used again, and in a
    // container it is always 1. We hold the writer lock, so nobody can hold these.
    private static void forceUnlock(final Path file)
    {
        QueueFactory.initialise();
        try (TableStore<Metadata.NoMeta> store =
            SingleTableBuilder.<Metadata.NoMeta>binary(file.toFile(), Metadata.NoMeta.INSTANCE).readOnly(false).build();
            TableStoreWriteLock writeLock = new TableStoreWriteLock(store, QueueMetadata::pauser, LOCK_TIMEOUT_MS);
            TableStoreWriteLock appendLock = new TableStoreWriteLock(
                store, QueueMetadata::pauser, LOCK_TIMEOUT_MS, TableStoreWriteLock.APPEND_LOCK_KEY))
        {
            if (writeLock.locked())
            {
                writeLock.forceUnlock();
            }
            if (appendLock.locked())
            {
                appendLock.forceUnlock();
            }
        }
    }

    private static TimingPauser pauser()
    {
        return (TimingPauser)Pauser.busy();
    }
}
