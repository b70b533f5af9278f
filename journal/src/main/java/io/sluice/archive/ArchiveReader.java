package io.sluice.archive;

import java.nio.file.Path;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * Reads one archive file. Opening reads its header and its directory; blocks are read when they are asked for.
 *
 * <p>Not thread-safe: open one per thread. Scratch memory grows to the largest block and is used again. The file stays
 * readable here after it was renamed or deleted.
 */
public final class ArchiveReader implements AutoCloseable
{
    private ArchiveReader()
    {
    }

    /**
     * Open a file. Needs no key: only reading a block does.
     *
     * @param file to read.
     * @param keys for encrypted files.
     * @return the reader.
     * @throws ArchiveDamagedException                if header or directory are not what was written.
     * @throws io.sluice.event.EventStorageException  if there is no such file, it can't be read, or a later version
     *                                                wrote it.
     */
    public static ArchiveReader open(final Path file, final KeyProvider keys)
    {
        throw new UnsupportedOperationException();
    }

    /** @return the file, as it was named when it was opened. */
    public Path file()
    {
        throw new UnsupportedOperationException();
    }

    /** @return what the file holds. */
    public ArchiveSummary summary()
    {
        throw new UnsupportedOperationException();
    }

    /** @return what each part of the records takes, the largest first. Allocates. */
    public List<FieldBytes> fieldBytes()
    {
        throw new UnsupportedOperationException();
    }

    /** @return number of blocks. */
    public int blockCount()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return number of its records.
     */
    public int blockRecords(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return bytes that {@link #readBlock} writes for it.
     */
    public int blockLength(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return sequence of its first record.
     */
    public long firstSequence(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return sequence of its last record.
     */
    public long lastSequence(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return journal time of its first record, nanoseconds since 1970 UTC.
     */
    public long firstTimeNs(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param block from 0.
     * @return journal time of its last record, nanoseconds since 1970 UTC.
     */
    public long lastTimeNs(final int block)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param sequence to find.
     * @return the first block with a record of this sequence or a later one; {@link #blockCount()} if there is none.
     */
    public int findSequence(final long sequence)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @param timeNs nanoseconds since 1970 UTC.
     * @return the first block with a record journaled then or later; {@link #blockCount()} if there is none.
     */
    public int findTime(final long timeNs)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Decode a block: its records back to back, byte for byte as they were, each padded with zeros to a multiple of
     * {@link io.sluice.event.EventDescriptor#RECORD_ALIGNMENT}. Both checksums have been checked when it returns.
     *
     * @param block  from 0.
     * @param target gets the records from index 0 on; must be able to hold {@link #blockLength}.
     * @return number of bytes written.
     * @throws ArchiveDamagedException               if the block is not what was written.
     * @throws ArchiveKeyException                   if the key is missing or wrong.
     * @throws io.sluice.event.EventStorageException if the file can't be read.
     */
    public int readBlock(final int block, final MutableDirectBuffer target)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Check everything: the digest of the file, and every block.
     *
     * @throws ArchiveDamagedException               if anything is not what was written.
     * @throws ArchiveKeyException                   if the key is missing or wrong.
     * @throws io.sluice.event.EventStorageException if the file can't be read.
     */
    public void verify()
    {
        throw new UnsupportedOperationException();
    }

    /** Close the file and wipe the key. */
    @Override
    public void close()
    {
    }
}
