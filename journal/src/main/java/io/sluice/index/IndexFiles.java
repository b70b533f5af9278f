package io.sluice.index;

import io.sluice.event.EventHash;
import io.sluice.journal.BootId;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** The files of an index, by their names. Immutable. */
final class IndexFiles
{
    private static final String OPEN_SUFFIX = ".zones";
    private static final String SEALED_SUFFIX = ".segment";
    private static final String PART_SUFFIX = ".part";
    private static final int DIGITS = 19;

    private final Path directory;

    IndexFiles(final DataDirectory directory)
    {
        this.directory = directory.index();
    }

    Path directory()
    {
        return directory;
    }

    Path open(final long firstSequence)
    {
        return directory.resolve(name(firstSequence) + OPEN_SUFFIX);
    }

    /** @return where a complete segment is written before it gets its name. */
    Path part(final long firstSequence)
    {
        return directory.resolve(name(firstSequence) + SEALED_SUFFIX + PART_SUFFIX);
    }

    Path sealed(final long firstSequence)
    {
        return directory.resolve(name(firstSequence) + SEALED_SUFFIX);
    }

    /** @return files of complete segments, by their first sequence. */
    NavigableMap<Long, Path> listSealed() throws IOException
    {
        return list(SEALED_SUFFIX);
    }

    /** @return files of segments that grow, or grew, by their first sequence. */
    NavigableMap<Long, Path> listOpen() throws IOException
    {
        return list(OPEN_SUFFIX);
    }

    /** @return parts of files that a dead process left. */
    Collection<Path> listParts() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter((file) -> file.getFileName().toString().endsWith(PART_SUFFIX)).sorted().toList();
        }
    }

    /** @return number that stands for the present start of this machine, 0 if that is not known. */
    static long boot()
    {
        final String id = BootId.read();
        if (id.equals(BootId.UNKNOWN))
        {
            return 0;
        }
        final byte[] bytes = id.getBytes(StandardCharsets.US_ASCII);
        return EventHash.hash64(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private NavigableMap<Long, Path> list(final String suffix) throws IOException
    {
        final TreeMap<Long, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory))
        {
            files.forEach((file) ->
            {
                final String name = file.getFileName().toString();
                if (name.length() == DIGITS + suffix.length() && name.endsWith(suffix) &&
                    name.chars().limit(DIGITS).allMatch((digit) -> digit >= '0' && digit <= '9'))
                {
                    found.put(Long.parseLong(name.substring(0, DIGITS)), file);
                }
            });
        }
        catch (final NoSuchFileException ex)
        {
            return found;
        }
        return found;
    }

    private static String name(final long firstSequence)
    {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", firstSequence);
    }
}
