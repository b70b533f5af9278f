package io.sluice.perf.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives a fresh Chronicle file real blocks and pages in the cache before they are needed, by writing the zeros
 * that are there anyway. For a run of known length this is the best preparation there is: none of its cost falls
 * into the run.
 */
final class PreparedPages
{
    private static final int STEP = 1 << 20;
    private static final int MARGIN = 1 << 16;

    private PreparedPages()
    {
    }

    static void prepare(final Path directory, final long writePosition, final long bytes)
    {
        final List<Path> files;
        try (Stream<Path> found = Files.list(directory))
        {
            files = found.filter((file) -> file.toString().endsWith(".cq4")).collect(Collectors.toList());
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        if (files.size() != 1)
        {
            throw new IllegalStateException("expected one file to prepare, found " + files);
        }
        // Everything that is written lies before the position, but for the length of the next excerpt.
        final long start = (writePosition + MARGIN) & -MARGIN;
        final ByteBuffer zeros = ByteBuffer.allocateDirect(STEP);
        try (FileChannel channel = FileChannel.open(files.get(0), StandardOpenOption.WRITE))
        {
            for (long at = start; at < start + bytes; at += STEP)
            {
                zeros.clear();
                while (zeros.hasRemaining())
                {
                    channel.write(zeros, at + zeros.position());
                }
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
