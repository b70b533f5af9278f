package io.sluice.replay;

import io.sluice.event.EventStorageException;
import io.sluice.journal.PositionException;
import io.sluice.journal.PositionFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.agrona.CloseHelper;

/**
 * That a checkpoint belongs to one replay: to one at a time, by a lock that ends with the process, and to those that
 * pick the same events, by what the locked file {@code positions/replay/.NAME} says that they pick. Not thread-safe.
 */
final class CheckpointClaim implements AutoCloseable
{
    // To close a file again that this process has locked would unlock it.
    private static final Set<Path> HELD = new HashSet<>();
    private static final int MAX_SHOWN = 200;

    private final Path key;
    private final FileChannel channel;
    private final boolean isResumed;

    private CheckpointClaim(final Path key, final FileChannel channel, final boolean isResumed)
    {
        this.key = key;
        this.channel = channel;
        this.isResumed = isResumed;
    }

    /**
     * @param file  of the checkpoint; its directory is made.
     * @param picks what the replay picks, in words.
     * @return the claim, held until it is closed.
     * @throws PositionException     if another replay is using it, or the place in it is that of other events.
     * @throws EventStorageException if it can't be read or written.
     */
    static CheckpointClaim of(final Path file, final String picks)
    {
        final String name = file.getFileName().toString();
        try
        {
            Files.createDirectories(file.getParent());
            final Path key = file.getParent().toRealPath().resolve(fileOf(file).getFileName());
            synchronized (HELD)
            {
                if (HELD.contains(key))
                {
                    throw busy(name);
                }
                final CheckpointClaim claim = lock(key, file, picks);
                HELD.add(key);
                return claim;
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("checkpoint '" + name + "' can't be kept at " + file + ": " + ex, ex);
        }
    }

    /** @return the file that goes with a checkpoint. No checkpoint has such a name. */
    static Path fileOf(final Path checkpoint)
    {
        return checkpoint.resolveSibling("." + checkpoint.getFileName());
    }

    /** @return true if there was a place in the checkpoint. */
    boolean isResumed()
    {
        return isResumed;
    }

    @Override
    public void close()
    {
        synchronized (HELD)
        {
            if (HELD.remove(key))
            {
                CloseHelper.close(channel);
            }
        }
    }

    private static CheckpointClaim lock(final Path key, final Path file, final String picks) throws IOException
    {
        final FileChannel channel = FileChannel.open(
            key, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean isHeld = false;
        try
        {
            if (channel.tryLock() == null)
            {
                throw busy(file.getFileName().toString());
            }
            final boolean isResumed = Files.exists(file) && PositionFile.read(file) > 0;
            final String before = read(channel);
            // Without a place there is nothing yet that another replay could go on from.
            if (!isResumed || before.isEmpty())
            {
                write(channel, picks);
            }
            else if (!before.equals(picks))
            {
                throw new PositionException(
                    "checkpoint '" + file.getFileName() + "' is the place of a replay of " + shown(before) +
                    ", and this one is of " + shown(picks) + "; use another name, or forget that place with " +
                    "`sluice checkpoints remove " + file.getFileName() + "`");
            }
            isHeld = true;
            return new CheckpointClaim(key, channel, isResumed);
        }
        finally
        {
            if (!isHeld)
            {
                channel.close();
            }
        }
    }

    private static String read(final FileChannel channel) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate((int)Math.min(channel.size(), 1 << 20));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0)
        {
            Thread.onSpinWait();
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    // Before the first place is saved: a text that was cut short is written anew.
    private static void write(final FileChannel channel, final String picks) throws IOException
    {
        channel.truncate(0);
        final ByteBuffer bytes = StandardCharsets.UTF_8.encode(picks);
        while (bytes.hasRemaining())
        {
            channel.write(bytes, bytes.position());
        }
        channel.force(true);
    }

    private static String shown(final String picks)
    {
        return picks.length() <= MAX_SHOWN ? picks : picks.substring(0, MAX_SHOWN) + "…";
    }

    private static PositionException busy(final String name)
    {
        return new PositionException(
            "checkpoint '" + name + "' is in use by another replay; wait for its end, or use another name");
    }
}
