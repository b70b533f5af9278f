package io.sluice.archive;

import io.sluice.event.EventStorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads an archive file at any place. Not a channel: those close when the thread that reads is interrupted. Not a
 * mapping: where the file is cut, those end the process. Not thread-safe.
 */
final class FileInput implements AutoCloseable
{
    private final Path file;
    private final RandomAccessFile access;
    private final long length;

    private FileInput(final Path file, final RandomAccessFile access, final long length)
    {
        this.file = file;
        this.access = access;
        this.length = length;
    }

    static FileInput open(final Path file)
    {
        RandomAccessFile access = null;
        try
        {
            if (!Files.isRegularFile(file))
            {
                throw new EventStorageException("there is no archive file " + file + ": check its name");
            }
            access = new RandomAccessFile(file.toFile(), "r");
            return new FileInput(file, access, access.length());
        }
        catch (final FileNotFoundException ex)
        {
            throw new EventStorageException(file + " can't be opened: check that this user may read it", ex);
        }
        catch (final IOException ex)
        {
            closeQuietly(access);
            throw new EventStorageException(file + " can't be read: " + ex.getMessage(), ex);
        }
    }

    /** @return length of the file when it was opened. */
    long length()
    {
        return length;
    }

    void read(final long offset, final byte[] target, final int index, final int count)
    {
        try
        {
            access.seek(offset);
            int done = 0;
            while (done < count)
            {
                final int read = access.read(target, index + done, count - done);
                if (read < 0)
                {
                    throw Damage.at(file, offset + done, "the file ends too early");
                }
                done += read;
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file + " can't be read at byte " + offset + ": " + ex.getMessage(), ex);
        }
    }

    @Override
    public void close()
    {
        closeQuietly(access);
    }

    private static void closeQuietly(final RandomAccessFile access)
    {
        try
        {
            if (access != null)
            {
                access.close();
            }
        }
        catch (final IOException ignored)
        {
            // Nothing was written through it.
        }
    }
}
