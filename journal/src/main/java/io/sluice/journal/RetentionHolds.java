package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers that retention waits for, and how far they are. A reader is registered by its position file in {@code
 * positions/}, or by the host. One whose position can't be read has read nothing, as far as we know. A picture of one
 * moment.
 */
final class RetentionHolds
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RetentionHolds.class);
    private static final String HALF_MADE = ".new";

    /**
     * One reader.
     *
     * @param name     of it.
     * @param sequence up to which it has read everything.
     */
    record Hold(String name, long sequence)
    {
    }

    private final List<Hold> holds = new ArrayList<>();
    private final ArchivePolicy policy;

    private RetentionHolds(final ArchivePolicy policy)
    {
        this.policy = policy;
    }

    static RetentionHolds read(final DataDirectory directory, final ArchivePolicy policy) throws IOException
    {
        final RetentionHolds holds = new RetentionHolds(policy);
        for (final Map.Entry<String, LongSupplier> entry : policy.holds().entrySet())
        {
            holds.add(entry.getKey(), entry.getValue());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.positions()))
        {
            for (final Path file : files)
            {
                final String name = file.getFileName().toString();
                // A name that ends so is a file that a crash left half made, before it had its own.
                if (!policy.holds().containsKey(name) && !name.endsWith(HALF_MADE) && Files.isRegularFile(file))
                {
                    holds.add(name, () -> PositionFile.read(file));
                }
            }
        }
        catch (final NoSuchFileException ex)
        {
            LOGGER.debug("{} is not there: no reader is registered", directory.positions());
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
        return holds;
    }

    /** @return readers that have not passed a sequence and count, in words. */
    List<String> holding(final long sequence)
    {
        final List<String> names = new ArrayList<>();
        for (final Hold hold : holds)
        {
            if (hold.sequence() < sequence && !policy.ignoredReaders().contains(hold.name()))
            {
                names.add(hold.name());
            }
        }
        return names;
    }

    /** @return readers that have not passed a sequence and do not count. */
    List<Hold> ignored(final long sequence)
    {
        return holds.stream()
            .filter((hold) -> hold.sequence() < sequence && policy.ignoredReaders().contains(hold.name()))
            .toList();
    }

    private void add(final String name, final LongSupplier position)
    {
        long sequence;
        try
        {
            sequence = position.getAsLong();
        }
        catch (final EventStorageException ex)
        {
            LOGGER.warn("reader {} holds everything back, its position can't be read", name, ex);
            sequence = 0;
        }
        holds.add(new Hold(name, sequence));
    }
}
