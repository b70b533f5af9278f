package io.sluice.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The one place that forces files and directories to the device. A force returns when the device has confirmed, and
 * takes from a tenth of a millisecond to seconds. Any thread.
 *
 * <p>A file below {@code journal/} other than Chronicle's metadata may be opened and closed here; opening the metadata
 * elsewhere would drop the locks that this process has on it.
 */
final class DeviceForce
{
    private final ForceListener listener;
    private final boolean canForceNames;

    DeviceForce(final ForceListener listener)
    {
        this(listener, true);
    }

    /**
     * @param listener      told of every force.
     * @param canForceNames false where the file system has no way to force a directory: then nothing is done about it.
     */
    DeviceForce(final ForceListener listener, final boolean canForceNames)
    {
        this.listener = listener;
        this.canForceNames = canForceNames;
    }

    /**
     * Force bytes of a file, and of its metadata what it takes to read them. What is dirty elsewhere in the file stays.
     *
     * @param file   that is mapped.
     * @param mapped from its first byte on, writable, all the time since the bytes were written.
     * @param from   first byte.
     * @param to     behind the last one.
     */
    void range(final Path file, final MappedByteBuffer mapped, final long from, final long to) throws IOException
    {
        try
        {
            mapped.force((int)from, (int)(to - from));
        }
        catch (final UncheckedIOException ex)
        {
            // Thrown as what it is up to Java 17.
            throw ex.getCause();
        }
        listener.onForced(file, from, to);
    }

    /** Force the bytes of a file, and of its metadata what it takes to read them. */
    void data(final Path file, final FileChannel channel) throws IOException
    {
        channel.force(false);
        listener.onForced(file, false);
    }

    /** Force bytes and all metadata of a file. */
    void file(final Path file, final FileChannel channel) throws IOException
    {
        channel.force(true);
        listener.onForced(file, false);
    }

    /** Force bytes and all metadata of a file that is not open here. */
    void file(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            file(file, channel);
        }
    }

    /** Somebody else has forced a file. */
    void onForced(final Path file)
    {
        listener.onForced(file, false);
    }

    /** Force the names in a directory. */
    void directory(final Path directory) throws IOException
    {
        if (!canForceNames)
        {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
        listener.onForced(directory, true);
    }

    /** Make directories that are missing, and their names durable, up to the first one that was there. */
    void createDirectories(final Path directory) throws IOException
    {
        if (Files.isDirectory(directory))
        {
            return;
        }
        final Path parent = directory.toAbsolutePath().getParent();
        if (parent != null)
        {
            createDirectories(parent);
        }
        Files.createDirectories(directory);
        if (parent != null)
        {
            directory(parent);
        }
    }
}
