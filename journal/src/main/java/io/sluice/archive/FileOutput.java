package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.DIGEST_LENGTH;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;

/** Writes a new file front to back and keeps its digest. Not thread-safe. */
final class FileOutput implements AutoCloseable
{
    private final Path file;
    private final FileChannel channel;
    private final Consumer<Path> forceListener;
    private final MessageDigest digest = sha256();
    private long position;

    private FileOutput(final Path file, final FileChannel channel, final Consumer<Path> forceListener)
    {
        this.file = file;
        this.channel = channel;
        this.forceListener = forceListener;
    }

    static FileOutput create(final Path file, final Consumer<Path> forceListener)
    {
        try
        {
            return new FileOutput(
                file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forceListener);
        }
        catch (final FileAlreadyExistsException ex)
        {
            throw new EventStorageException(file + " exists already: delete what an earlier attempt left there", ex);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file + " can't be made: " + ex, ex);
        }
    }

    static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    long position()
    {
        return position;
    }

    void write(final byte[] bytes, final int offset, final int length)
    {
        digest.update(bytes, offset, length);
        writeApart(bytes, offset, length);
    }

    /** Write bytes that are not part of the digest. */
    void writeApart(final byte[] bytes, final int offset, final int length)
    {
        try
        {
            final ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining())
            {
                channel.write(buffer);
            }
            position += length;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                file + " can't be written at byte " + position + ": " + ex +
                "; see that its file system has room, and try again", ex);
        }
    }

    /** @return digest of what was written; once. */
    byte[] digest()
    {
        final byte[] value = digest.digest();
        if (value.length != DIGEST_LENGTH)
        {
            throw new IllegalStateException("a digest of " + value.length + " bytes");
        }
        return value;
    }

    void force()
    {
        try
        {
            channel.force(true);
            forceListener.accept(file);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                file + " can't be forced to the device: " + ex.getMessage() + "; check the device and try again", ex);
        }
    }

    void delete()
    {
        close();
        try
        {
            Files.deleteIfExists(file);
        }
        catch (final IOException ignored)
        {
            // It has no trailer: nobody takes it for a whole file, and the next attempt says that it is there.
        }
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException ignored)
        {
            // What counts has been forced.
        }
    }
}
