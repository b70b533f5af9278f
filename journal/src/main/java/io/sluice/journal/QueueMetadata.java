package io.sluice.journal;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings Chronicle's metadata file into a state in which the queue opens at once. Only under the writer lock, and only
 * while this process does not hold the queue open: closing the file drops the process's locks on it.
 */
final class QueueMetadata
{
    private static final Logger LOGGER = LoggerFactory.getLogger(QueueMetadata.class);
    private static final List<String> LOCK_KEYS =
        List.of("chronicle.write.lock", TableStoreWriteLock.APPEND_LOCK_KEY);
    // The first document says how the queue rolls; it is the same in every journal.
    private static final int HEADER_LENGTH = 0x9C;
    private static final long HASH_OF_HEADER = 0x5740da1ab3f3cb4fL;

    private QueueMetadata()
    {
    }

    /**
     * Make the file usable; one that is not is removed, for it holds nothing that the queue does not make again.
     *
     * @param journal   of it.
     * @param isTrusted false if the machine was started again since the file was made: any part of it may be missing,
     *                  and what its locks say is about other processes.
     */
    static void prepare(final Path journal, final boolean isTrusted) throws IOException
    {
        final Path file = journal.resolve(CycleFiles.METADATA);
        if (!Files.exists(file))
        {
            return;
        }
        if (!isTrusted)
        {
            Files.delete(file);
            return;
        }
        try
        {
            if (isUsable(file))
            {
                forceUnlock(file);
                return;
            }
        }
        catch (final RuntimeException ex)
        {
            LOGGER.warn("{} can't be read", file, ex);
        }
        discard(journal);
    }

    static void discard(final Path journal) throws IOException
    {
        final Path file = journal.resolve(CycleFiles.METADATA);
        if (Files.deleteIfExists(file))
        {
            LOGGER.warn("{} was half made or damaged; it holds no events and is made anew", file);
        }
    }

    private static boolean isUsable(final Path file) throws IOException
    {
        final byte[] bytes = new byte[HEADER_LENGTH];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            return channel.read(ByteBuffer.wrap(bytes), 0) == HEADER_LENGTH &&
                EventHash.hash64(new UnsafeBuffer(bytes), 0, HEADER_LENGTH) == HASH_OF_HEADER;
        }
    }

    // Chronicle keeps the pid of a lock holder and waits as long as that process seems to live. A pid may be used
    // again, and in a container it is always 1. We hold the writer lock, so nobody can hold these.
    private static void forceUnlock(final Path file)
    {
        QueueFactory.initialise();
        try (TableStore<Metadata.NoMeta> store =
            SingleTableBuilder.<Metadata.NoMeta>binary(file.toFile(), Metadata.NoMeta.INSTANCE).readOnly(false).build())
        {
            for (final String key : LOCK_KEYS)
            {
                final LongValue holder =
                    store.doWithExclusiveLock((locked) -> locked.acquireValueFor(key, AbstractTSQueueLock.UNLOCKED));
                if (holder.getVolatileValue() != AbstractTSQueueLock.UNLOCKED)
                {
                    LOGGER.info("{}: {} was left by pid {}", file, key, (int)holder.getVolatileValue());
                    holder.setVolatileValue(AbstractTSQueueLock.UNLOCKED);
                }
                // It keeps the mapping alive.
                Closeable.closeQuietly(holder);
            }
        }
    }
}
