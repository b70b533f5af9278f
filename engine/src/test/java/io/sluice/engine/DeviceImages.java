package io.sluice.engine;

import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The worst that a power loss may leave for what failed: everything as it is, also what was never forced, but the retry
 * log and the checkpoint as they were when they were forced last.
 */
final class DeviceImages implements ForceListener
{
    private final Path root;
    private final DataDirectory data;
    private final Map<Path, byte[]> forced = new ConcurrentHashMap<>();
    private final List<Path> order = new CopyOnWriteArrayList<>();

    DeviceImages(final Path root)
    {
        this.root = root;
        data = new DataDirectory(root);
    }

    @Override
    public void onForced(final Path path, final boolean isDirectory)
    {
        order.add(path);
        if (!isDirectory && isOnlyThereWhenForced(path))
        {
            forced.put(path, read(path));
        }
    }

    /** @return what was forced, in that order. */
    List<Path> order()
    {
        return order;
    }

    /** @return how many checkpoints are on the device. */
    long checkpoints()
    {
        return order.stream().filter(path -> path.endsWith(CheckpointFile.NAME)).count();
    }

    /** Write what a power loss leaves now to a new directory. */
    Path powerLoss(final Path target)
    {
        copy(root, target, forced);
        return target;
    }

    /** Write what the end of the process leaves now. */
    Path kill(final Path target)
    {
        copy(root, target, null);
        return target;
    }

    private void copy(final Path from, final Path to, final Map<Path, byte[]> device)
    {
        try (Stream<Path> all = Files.walk(from))
        {
            for (final Path path : (Iterable<Path>)all::iterator)
            {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path))
                {
                    Files.createDirectories(target);
                }
                else if (device == null || !isOnlyThereWhenForced(path))
                {
                    Files.copy(path, target);
                }
                else if (device.containsKey(path))
                {
                    Files.write(target, device.get(path));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private boolean isOnlyThereWhenForced(final Path path)
    {
        return path.startsWith(data.positions().resolve("retries")) || path.endsWith(CheckpointFile.NAME);
    }

    private static byte[] read(final Path path)
    {
        try
        {
            return Files.readAllBytes(path);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
