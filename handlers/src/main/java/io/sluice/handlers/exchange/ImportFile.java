package io.sluice.handlers.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.CloseHelper;

/** The input of an import, which counts what is read of it. Not thread-safe. */
final class ImportFile implements InputSource, AutoCloseable
{
    private static final int HEAD_LENGTH = 64 * 1024;

    private final ImportContext context;
    private final FileChannel file;
    private final ReadableByteChannel channel;
    private long position;

    private ImportFile(final ImportContext context, final FileChannel file)
    {
        this.context = context;
        this.file = file;
        channel = new Counted(file == null ? Channels.newChannel(context.stream()) : file);
    }

    static ImportFile open(final ImportContext context)
    {
        final Path path = context.file();
        if (path == null)
        {
            return new ImportFile(context, null);
        }
        if (Files.isDirectory(path))
        {
            throw new ExchangeRefusedException(path + " is a directory: name a file");
        }
        if (Files.exists(path) && !Files.isRegularFile(path))
        {
            throw new ExchangeRefusedException(path + " is no regular file: import from a stream (-)");
        }
        try
        {
            return new ImportFile(context, FileChannel.open(path, StandardOpenOption.READ));
        }
        catch (final IOException ex)
        {
            throw new ExchangeRefusedException(
                path + (ex instanceof NoSuchFileException ? " does not exist" : " can't be read") +
                ": name a readable file", ex);
        }
    }

    @Override
    public ReadableByteChannel channel()
    {
        return channel;
    }

    @Override
    public FileChannel file()
    {
        return file;
    }

    @Override
    public String name()
    {
        return context.file() == null ? "-" : context.file().toString();
    }

    @Override
    public int maxRecordLength()
    {
        return context.maxRecordLength();
    }

    @Override
    public void readUpTo(final long newPosition)
    {
        position = Math.max(position, newPosition);
    }

    /** @return bytes read so far. */
    long position()
    {
        return position;
    }

    /** @return bytes there are, 0 if unknown. */
    long size() throws IOException
    {
        // A pipe has no size and is read from wherever it is.
        return file == null ? 0 : file.size();
    }

    /** @return bytes that {@link #headHash} covers of a file of the present size. */
    long headLength() throws IOException
    {
        return Math.min(HEAD_LENGTH, size());
    }

    /** @return hash of the first bytes. */
    String headHash(final long length) throws IOException
    {
        final ByteBuffer head = ByteBuffer.allocate((int)length);
        while (head.hasRemaining() && file.read(head, head.position()) >= 0)
        {
            Thread.onSpinWait();
        }
        try
        {
            return HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(head.array(), head.position())));
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    @Override
    public void close()
    {
        CloseHelper.close(file);
    }

    private final class Counted implements ReadableByteChannel
    {
        private final ReadableByteChannel source;

        Counted(final ReadableByteChannel source)
        {
            this.source = source;
        }

        @Override
        public int read(final ByteBuffer target) throws IOException
        {
            final int count = source.read(target);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public boolean isOpen()
        {
            return source.isOpen();
        }

        @Override
        public void close() throws IOException
        {
            source.close();
        }
    }
}
