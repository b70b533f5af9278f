package io.sluice.journal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.RollCycles;

/**
 * The files of a journal, one per cycle. A cycle is a number that only grows; Chronicle derives the name of the file
 * from it as if it were a time, which it need not be.
 */
final class CycleFiles
{
    static final RollCycles ROLL_CYCLE = RollCycles.FIVE_MINUTELY;
    static final String SUFFIX = ".cq4";
    static final String ARCHIVE_SUFFIX = ".sla";
    static final String METADATA = "metadata.cq4t";

    private static final DateTimeFormatter NAME =
        DateTimeFormatter.ofPattern(ROLL_CYCLE.format()).withZone(ZoneOffset.UTC);

    private CycleFiles()
    {
    }

    /** @return the files of a journal in the order of their cycles; empty if there is no such directory. */
    static List<Path> list(final Path journal) throws IOException
    {
        return list(journal, SUFFIX);
    }

    /** @return the files of an archive in the order of their cycles; empty if there is no such directory. */
    static List<Path> listArchived(final Path archive) throws IOException
    {
        return list(archive, ARCHIVE_SUFFIX);
    }

    private static List<Path> list(final Path directory, final String suffix) throws IOException
    {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*" + suffix))
        {
            for (final Path path : stream)
            {
                if (cycleOf(path) >= 0)
                {
                    files.add(path);
                }
            }
        }
        catch (final NoSuchFileException | NotDirectoryException ex)
        {
            return files;
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
        files.sort((a, b) -> Integer.compare(cycleOf(a), cycleOf(b)));
        return files;
    }

    /** @return the cycle of a file, or -1 if its name is not one of ours. */
    static int cycleOf(final Path file)
    {
        final String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX) && !name.endsWith(ARCHIVE_SUFFIX))
        {
            return -1;
        }
        try
        {
            final LocalDateTime time = LocalDateTime.parse(name.substring(0, name.length() - SUFFIX.length()), NAME);
            return cycleOf(time.toInstant(ZoneOffset.UTC).toEpochMilli());
        }
        catch (final DateTimeException ex)
        {
            return -1;
        }
    }

    static int cycleOf(final long epochMs)
    {
        return (int)Math.max(0, epochMs / ROLL_CYCLE.lengthInMillis());
    }

    static long startOf(final int cycle)
    {
        return (long)cycle * ROLL_CYCLE.lengthInMillis();
    }

    static Path fileOf(final Path journal, final int cycle)
    {
        return journal.resolve(nameOf(cycle) + SUFFIX);
    }

    static Path archiveFileOf(final Path archive, final int cycle)
    {
        return archive.resolve(nameOf(cycle) + ARCHIVE_SUFFIX);
    }

    static String nameOf(final int cycle)
    {
        return NAME.format(Instant.ofEpochMilli(startOf(cycle)));
    }
}
