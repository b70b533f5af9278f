package io.sluice.handlers.source;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Changes of the files below a directory, as they happen, until closed.
 *
 * <pre>
 *   file.created   LOW    ┐
 *   file.modified  NORMAL ├ {"path","size","modifiedAt"}; a deleted file has its path only
 *   file.deleted   NORMAL ┘
 * </pre>
 *
 * Directories that appear are followed. When the operating system reports that it lost changes, the tree is compared
 * with what was known of it, so that no file is forgotten; only changes that undid each other in between are not
 * seen. Links are not followed; {@code .git} and the excluded directories are passed over. What exists at the start
 * is no event.
 */
final class WatchSource implements EventSource
{
    private static final int MAX_SOURCE_LENGTH = 255;
    private static final int MAX_SUBJECT_LENGTH = 1024;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final PayloadWriter payload = new PayloadWriter();
    private final Deque<WatchedTree.Change> pending = new ArrayDeque<>();
    private final Map<WatchKey, Path> directories = new HashMap<>();
    private final String name;
    private final WatchService service;
    private final WatchedTree tree;
    private final EpochNanoClock clock;

    private WatchSource(
        final String name,
        final Path root,
        final List<Path> excluded,
        final EpochNanoClock clock,
        final WatchService service)
    {
        this.name = name;
        this.clock = clock;
        this.service = service;
        tree = new WatchedTree(root, excluded, this::register);
    }

    /**
     * Start watching.
     *
     * @param spec    for messages.
     * @param path    of a directory.
     * @param context with the clock and the excluded directories.
     * @return the source.
     * @throws EventSourceException if it can't be watched.
     */
    static WatchSource open(final String spec, final String path, final EventSourceContext context)
    {
        final Path root = Path.of(path.isEmpty() ? "." : path).toAbsolutePath().normalize();
        if (!Files.isDirectory(root))
        {
            throw new EventSourceException(
                spec + ": " + root + (Files.exists(root) ? " is not a directory" : " does not exist") +
                ": name a directory");
        }
        WatchService service = null;
        try
        {
            service = FileSystems.getDefault().newWatchService();
            final Path last = root.getFileName();
            final WatchSource source = new WatchSource(
                ShortText.ofBytes("watch:" + (last == null ? "/" : last), MAX_SOURCE_LENGTH),
                root, context.excluded(), context.clock(), service);
            source.tree.rescan(root, change -> {});
            return source;
        }
        catch (final IOException ex)
        {
            closeQuietly(service, ex);
            throw new EventSourceException(spec + ": " + root + " can't be watched: " + ex.getMessage() +
                " (many directories need a higher fs.inotify.max_user_watches)", ex);
        }
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        try
        {
            while (pending.isEmpty())
            {
                collect(service.take());
            }
        }
        catch (final ClosedWatchServiceException ex)
        {
            return false;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
        catch (final IOException ex)
        {
            throw new EventStreamException(name + ": watching broke off: " + ex.getMessage() +
                " (many directories need a higher fs.inotify.max_user_watches)", ex);
        }
        fill(event, pending.remove());
        return true;
    }

    @Override
    public void close()
    {
        try
        {
            service.close();
        }
        catch (final IOException ex)
        {
            throw new EventStreamException(name + ": closing failed: " + ex.getMessage(), ex);
        }
    }

    private void collect(final WatchKey key) throws IOException
    {
        final Path directory = directories.get(key);
        for (final WatchEvent<?> change : key.pollEvents())
        {
            if (directory == null || change.kind() == StandardWatchEventKinds.OVERFLOW)
            {
                tree.rescan(tree.root(), pending::add);
            }
            else
            {
                tree.update(
                    directory.resolve((Path)change.context()),
                    change.kind() == StandardWatchEventKinds.ENTRY_MODIFY,
                    pending::add);
            }
        }
        if (!key.reset())
        {
            directories.remove(key);
            if (directory != null && directory.equals(tree.root()))
            {
                tree.rescan(tree.root(), pending::add);
                service.close();
            }
        }
    }

    private void register(final Path directory) throws IOException
    {
        directories.put(
            directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE),
            directory);
    }

    private void fill(final EventBuilder event, final WatchedTree.Change change)
    {
        final Path relative = tree.root().relativize(change.file());
        final PathText path = PathText.of(relative.toString().getBytes(StandardCharsets.UTF_8));
        event.clear()
            .type(change.kind().type())
            .source(name)
            .priority(change.kind() == WatchedTree.ChangeKind.CREATED ? Priority.LOW : Priority.NORMAL)
            .category(Category.SYSTEM)
            .eventTimeNs(clock.nanoTime())
            .subject(ShortText.ofBytes(path.text(), MAX_SUBJECT_LENGTH));
        payload.start().text("path", path.text());
        if (change.kind() != WatchedTree.ChangeKind.DELETED)
        {
            final long modifiedNs = change.stamp().modifiedNs();
            payload.number("size", change.stamp().size()).text(
                "modifiedAt",
                Instant.ofEpochSecond(
                    Math.floorDiv(modifiedNs, NS_PER_SECOND), Math.floorMod(modifiedNs, NS_PER_SECOND)).toString());
        }
        payload.end(event);
    }

    private static void closeQuietly(final WatchService service, final IOException reason)
    {
        if (service != null)
        {
            try
            {
                service.close();
            }
            catch (final IOException ex)
            {
                reason.addSuppressed(ex);
            }
        }
    }
}
