package io.sluice.replay;

import io.sluice.event.EventStorageException;
import io.sluice.journal.PositionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The places of named replays, in {@code positions/replay/} of the data directory. They hold no retention back, unlike
 * the positions of subscriptions. Stateless.
 */
public final class ReplayCheckpoints
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    private static final String HALF_MADE = ".new";

    private ReplayCheckpoints()
    {
    }

    /**
     * @param directory data directory.
     * @return the checkpoints there are, by name. A replay may be moving one meanwhile.
     * @throws EventStorageException if they can't be listed.
     */
    public static List<ReplayCheckpoint> list(final Path directory)
    {
        try (Stream<Path> files = Files.list(folder(directory)))
        {
            return files
                .filter((file) -> isName(file.getFileName().toString()))
                .sorted()
                .map(ReplayCheckpoints::read)
                .collect(Collectors.toList());
        }
        catch (final NoSuchFileException ex)
        {
            return List.of();
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("checkpoints in " + folder(directory) + " can't be listed: " + ex, ex);
        }
    }

    /**
     * Forget a checkpoint: a replay of that name starts anew. One that is under way keeps its place to itself.
     *
     * @param directory data directory.
     * @param name      of the checkpoint.
     * @return false if there was none.
     * @throws IllegalArgumentException if it is no name.
     * @throws EventStorageException    if it can't be removed.
     */
    public static boolean remove(final Path directory, final String name)
    {
        final Path file = file(directory, name);
        try
        {
            // First the place: what it was of is of no use without it, and does no harm.
            final boolean isRemoved = Files.deleteIfExists(file);
            Files.deleteIfExists(CheckpointClaim.fileOf(file));
            return isRemoved;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("checkpoint " + file + " can't be removed: " + ex, ex);
        }
    }

    static Path file(final Path directory, final String name)
    {
        if (!isName(name))
        {
            throw new IllegalArgumentException(
                "checkpoint '" + name + "' is not valid: use 1 to 64 letters, digits, dashes, underscores and dots, " +
                "no dot at the start and no " + HALF_MADE + " at the end");
        }
        return folder(directory).resolve(name);
    }

    private static Path folder(final Path directory)
    {
        return directory.resolve("positions").resolve("replay");
    }

    private static boolean isName(final String name)
    {
        return NAME.matcher(name).matches() && !name.endsWith(HALF_MADE);
    }

    private static ReplayCheckpoint read(final Path file)
    {
        final String name = file.getFileName().toString();
        try
        {
            return new ReplayCheckpoint(name, PositionFile.read(file), "");
        }
        catch (final EventStorageException ex)
        {
            return new ReplayCheckpoint(name, 0, ex.getMessage());
        }
    }
}
