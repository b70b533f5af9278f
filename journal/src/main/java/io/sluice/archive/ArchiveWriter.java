package io.sluice.archive;

import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * Writes one archive file, front to back. The file is not to be read before {@link #finish} has returned; put it under a
 * temporary name, rename it afterwards and force the directory.
 *
 * <p>Not thread-safe. Holds one block of records in memory. Every block is decoded again and compared before it is
 * written.
 */
public final class ArchiveWriter implements AutoCloseable
{
    private ArchiveWriter()
    {
    }

    /**
     * Start a file.
     *
     * @param file    to make; must not exist.
     * @param context concluded here.
     * @return the writer.
     * @throws io.sluice.event.EventStorageException if the file can't be made.
     * @throws ArchiveKeyException                   if the current key is missing or no key.
     */
    public static ArchiveWriter create(final Path file, final ArchiveContext context)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Add a record, exactly as it lies in the journal.
     *
     * @param buffer holds it.
     * @param offset of its first byte.
     * @param length of the record, without padding.
     * @throws IllegalArgumentException              if its sequence is not greater than the last one, or it is no sound
     *                                               record.
     * @throws io.sluice.event.EventStorageException if a block can't be written; the file is then worthless.
     */
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        throw new UnsupportedOperationException();
    }

    /** @return number of records so far. */
    public long records()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Write the directory and the digest, and force the file to the device. A file without records is allowed.
     *
     * @param coverage what the file stands for; its range holds every record.
     * @return what was written.
     * @throws io.sluice.event.EventStorageException if the file can't be written or forced.
     */
    public ArchiveSummary finish(final ArchiveCoverage coverage)
    {
        throw new UnsupportedOperationException();
    }

    /** Release everything. Without {@link #finish} before, the file is incomplete and is deleted. */
    @Override
    public void close()
    {
    }
}
