package io.sluice.perf.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads the lines that a child appends to a file, as they come. What is not a whole line is left for later. */
final class LogReader implements AutoCloseable
{
    private static final int CAPACITY = 1 << 16;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);
    private final FileChannel channel;

    /**
     * @param file made if it does not exist.
     */
    LogReader(final Path file)
    {
        try
        {
            if (!Files.exists(file))
            {
                Files.createFile(file);
            }
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Read all lines that are there.
     *
     * @param consumer of the lines, without their ends.
     * @return how many there were.
     */
    int poll(final Consumer<String> consumer)
    {
        int count = 0;
        try
        {
            while (channel.read(buffer) > 0)
            {
                count += split(consumer);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private int split(final Consumer<String> consumer)
    {
        int count = 0;
        int from = 0;
        final byte[] bytes = buffer.array();
        for (int i = 0; i < buffer.position(); i++)
        {
            if (bytes[i] == '\n')
            {
                consumer.accept(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
                count++;
            }
        }
        buffer.limit(buffer.position()).position(from);
        buffer.compact();
        return count;
    }
}
