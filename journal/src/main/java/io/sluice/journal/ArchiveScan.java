package io.sluice.journal;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads files of the archive in their place among those of the journal, goes on behind a damaged block, and hands what
 * it finds to a {@link CycleScan}, which knows what came before. Not thread-safe.
 */
final class ArchiveScan implements AutoCloseable
{
    /** Is told of blocks that are damaged. */
    @FunctionalInterface
    interface Listener
    {
        /**
         * The records of a block are gone.
         *
         * @param file     that holds it.
         * @param isPruned true if sequences may be missing in the file.
         * @param first    sequence of the block.
         * @param last     sequence of the block.
         */
        void onBlockLost(Path file, boolean isPruned, long first, long last);
    }

    private final JournalFiles files;
    private final CycleScan scan;
    private final Listener listener;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private ByteBuffer memory;

    ArchiveScan(final JournalFiles files, final CycleScan scan, final Listener listener)
    {
        this.files = files;
        this.scan = scan;
        this.listener = listener;
    }

    /**
     * Read a file.
     *
     * @param file of a list, archived.
     * @return bytes of it.
     * @throws io.sluice.archive.ArchiveKeyException if its key is missing or wrong.
     */
    long scan(final JournalFile file) throws IOException
    {
        scan.beginFile();
        try (ArchiveReader reader = files.openArchive(file))
        {
            for (int block = 0; block < reader.blockCount(); block++)
            {
                scanBlock(reader, block);
            }
            if (!scan.isFileDamaged())
            {
                reader.verify();
            }
            return reader.summary().storedBytes();
        }
        catch (final ArchiveDamagedException ex)
        {
            scan.damage(file.path(), 0, ex.getMessage());
            return file.path().toFile().length();
        }
    }

    @Override
    public void close()
    {
        event.unwrap();
        buffer.wrap(0, 0);
        BufferUtil.free(memory);
        memory = null;
    }

    private void scanBlock(final ArchiveReader reader, final int block)
    {
        final int end;
        try
        {
            reserve(reader.blockLength(block));
            end = reader.readBlock(block, buffer);
        }
        catch (final ArchiveDamagedException ex)
        {
            final long first = reader.firstSequence(block);
            final long last = reader.lastSequence(block);
            scan.damage(reader.file(), block, ex.getMessage() + " (block " + block + ", sequences " + first + " to " +
                last + ")");
            listener.onBlockLost(reader.file(), reader.summary().coverage().pruned(), first, last);
            return;
        }
        int at = 0;
        while (at < end)
        {
            final String damage = event.wrap(buffer, at).findDamage(end - at, hash);
            if (damage != null)
            {
                scan.damage(reader.file(), block, "block " + block + ": " + damage);
                listener.onBlockLost(
                    reader.file(),
                    reader.summary().coverage().pruned(),
                    Math.max(reader.firstSequence(block), scan.lastSequence() + 1),
                    reader.lastSequence(block));
                return;
            }
            scan.accept(event, reader.file(), block);
            at += EventDescriptor.alignedLength(event.recordLength());
        }
    }

    private void reserve(final int length)
    {
        if (memory == null || memory.capacity() < length)
        {
            BufferUtil.free(memory);
            memory = ByteBuffer.allocateDirect(length);
            buffer.wrap(memory);
        }
    }
}
