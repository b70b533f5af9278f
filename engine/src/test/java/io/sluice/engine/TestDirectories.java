package io.sluice.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Whole directories: an image of what a process that dies leaves, and its end. */
final class TestDirectories
{
    private TestDirectories()
    {
    }

    /** A new one, in memory where the system has such a place. */
    static Path inMemory(final String prefix) throws IOException
    {
        final Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ?
            Files.createTempDirectory(memory, prefix) : Files.createTempDirectory(prefix);
    }

    static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> files = Files.walk(from))
        {
            for (final Path file : (Iterable<Path>)files::iterator)
            {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    static void delete(final Path directory) throws IOException
    {
        if (Files.exists(directory))
        {
            try (Stream<Path> files = Files.walk(directory))
            {
                for (final Path file : (Iterable<Path>)files.sorted(Comparator.reverseOrder())::iterator)
                {
                    Files.delete(file);
                }
            }
        }
    }
}
