package io.sluice.engine.failure;

import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the retry log, a directory of their own: each is named after its number. */
final class RetryFiles
{
    static final String NAME = "retries";

    private static final Pattern FILE_NAME = Pattern.compile("(\\d{10})\\.log");

    private final Path directory;

    RetryFiles(final DataDirectory directory)
    {
        this.directory = directory.positions().resolve(NAME);
    }

    Path directory()
    {
        return directory;
    }

    RetrySegment create(final long number, final int length) throws IOException
    {
        return RetrySegment.create(directory.resolve(String.format("%010d.log", number)), number, length);
    }

    /**
     * Open what is there, for reading.
     *
     * @return the segments in their order, none if there is no directory.
     * @throws EventStorageException if one is of a newer version; nothing is changed then.
     */
    List<RetrySegment> open() throws IOException
    {
        final List<RetrySegment> segments = new ArrayList<>();
        try
        {
            for (final var file : list().entrySet())
            {
                final RetrySegment segment = RetrySegment.open(file.getValue(), file.getKey());
                segments.add(segment);
                if (segment.version() > RetrySegment.VERSION)
                {
                    throw new EventStorageException(
                        file.getValue() + " has version " + segment.version() + " and this is version " +
                        RetrySegment.VERSION + ": use a newer Sluice, or move the directory away to give up what is " +
                        "to be retried");
                }
            }
        }
        catch (final IOException | EventStorageException ex)
        {
            segments.forEach(RetrySegment::retire);
            throw ex;
        }
        return segments;
    }

    /** Have what is there, and its names, on the device. */
    void force(final ForceListener listener) throws IOException
    {
        final Map<Long, Path> found = list();
        for (final Path file : found.values())
        {
            // That pages were changed through a mapping of a process that is gone makes no difference.
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
            {
                channel.force(true);
            }
            listener.onForced(file, false);
        }
        if (!found.isEmpty())
        {
            RetrySegment.forceNames(directory);
            listener.onForced(directory, true);
        }
    }

    static void link(final Collection<RetrySegment> segments)
    {
        RetrySegment last = null;
        for (final RetrySegment segment : segments)
        {
            if (last != null)
            {
                last.next(segment);
            }
            last = segment;
        }
    }

    /** Delete what a process left that died while it made a file. */
    void deleteHalfMade() throws IOException
    {
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(directory, "*" + RetrySegment.HALF_MADE))
        {
            for (final Path half : halves)
            {
                Files.delete(half);
            }
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
    }

    private Map<Long, Path> list() throws IOException
    {
        final Map<Long, Path> found = new TreeMap<>();
        if (!Files.isDirectory(directory))
        {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory))
        {
            for (final Path file : all)
            {
                final Matcher matcher = FILE_NAME.matcher(file.getFileName().toString());
                if (matcher.matches())
                {
                    found.put(Long.parseLong(matcher.group(1)), file);
                }
            }
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
        return found;
    }
}
