package io.sluice.handlers.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is known of the files below a directory, and what differs from it now. Not thread-safe.
 */
final class WatchedTree
{
    private static final String REPOSITORY = ".git";

    private final NavigableMap<Path, Stamp> files = new TreeMap<>();
    private final Set<Path> directories = new HashSet<>();
    private final Path root;
    private final List<Path> excluded;
    private final Registration registration;

    WatchedTree(final Path root, final List<Path> excluded, final Registration registration)
    {
        this.root = root;
        this.excluded = excluded;
        this.registration = registration;
    }

    Path root()
    {
        return root;
    }

    /** Look at one path that is said to have changed. */
    void update(final Path path, final boolean isModified, final Consumer<Change> changes) throws IOException
    {
        if (isExcluded(path))
        {
            return;
        }
        final BasicFileAttributes attributes = attributesOf(path);
        if (attributes == null)
        {
            forgetBelow(path, changes);
        }
        else if (attributes.isDirectory())
        {
            if (!directories.contains(path))
            {
                rescan(path, changes);
            }
        }
        else
        {
            note(path, Stamp.of(attributes), isModified, changes);
        }
    }

    /** Compare everything below a directory with what is known. */
    void rescan(final Path directory, final Consumer<Change> changes) throws IOException
    {
        final Map<Path, Stamp> found = new HashMap<>();
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS))
        {
            Files.walkFileTree(directory, new Scan(found));
        }
        for (final Path known : below(directory))
        {
            if (!found.containsKey(known))
            {
                files.remove(known);
                changes.accept(new Change(ChangeKind.DELETED, known, null));
            }
        }
        directories.removeIf(
            known -> known.startsWith(directory) && !Files.isDirectory(known, LinkOption.NOFOLLOW_LINKS));
        new TreeMap<>(found).forEach((path, stamp) -> note(path, stamp, false, changes));
    }

    private void note(final Path path, final Stamp stamp, final boolean isModified, final Consumer<Change> changes)
    {
        final Stamp known = files.put(path, stamp);
        if (known == null)
        {
            changes.accept(new Change(ChangeKind.CREATED, path, stamp));
        }
        else if (isModified || !known.equals(stamp))
        {
            changes.accept(new Change(ChangeKind.MODIFIED, path, stamp));
        }
    }

    private void forgetBelow(final Path path, final Consumer<Change> changes)
    {
        directories.removeIf(known -> known.startsWith(path));
        for (final Path known : below(path))
        {
            files.remove(known);
            changes.accept(new Change(ChangeKind.DELETED, known, null));
        }
    }

    // Paths sort by their bytes: "a-b" lies between "a" and "a/c", so what is below is not one closed range.
    private List<Path> below(final Path path)
    {
        final List<Path> found = new ArrayList<>();
        final String prefix = path.toString();
        for (final Path known : files.tailMap(path, true).keySet())
        {
            if (known.startsWith(path))
            {
                found.add(known);
            }
            else if (!known.toString().startsWith(prefix))
            {
                break;
            }
        }
        return found;
    }

    private boolean isExcluded(final Path path)
    {
        if (path.getFileName() != null && REPOSITORY.equals(path.getFileName().toString()))
        {
            return true;
        }
        for (final Path directory : excluded)
        {
            if (path.startsWith(directory))
            {
                return true;
            }
        }
        return false;
    }

    private static BasicFileAttributes attributesOf(final Path path) throws IOException
    {
        try
        {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
        catch (final NoSuchFileException ex)
        {
            return null;
        }
    }

    /** Asks the operating system to report the changes of a directory. */
    @FunctionalInterface
    interface Registration
    {
        void register(Path directory) throws IOException;
    }

    /** What happened to a file. */
    enum ChangeKind
    {
        CREATED("file.created"),
        MODIFIED("file.modified"),
        DELETED("file.deleted");

        private final String type;

        ChangeKind(final String type)
        {
            this.type = type;
        }

        String type()
        {
            return type;
        }
    }

    /** What tells one content of a file from another without reading it. */
    record Stamp(long modifiedNs, long size)
    {
        static Stamp of(final BasicFileAttributes attributes)
        {
            return new Stamp(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
        }
    }

    /** A change of a file; the stamp of a deleted one is null. */
    record Change(ChangeKind kind, Path file, Stamp stamp)
    {
    }

    private final class Scan extends SimpleFileVisitor<Path>
    {
        private final Map<Path, Stamp> found;

        private Scan(final Map<Path, Stamp> found)
        {
            this.found = found;
        }

        // Registered before its entries are listed: what appears in between is reported, what was there is found.
        @Override
        public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes)
            throws IOException
        {
            if (isExcluded(directory) && !directory.equals(root))
            {
                return FileVisitResult.SKIP_SUBTREE;
            }
            try
            {
                registration.register(directory);
            }
            catch (final NoSuchFileException ex)
            {
                return FileVisitResult.SKIP_SUBTREE;
            }
            directories.add(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
        {
            if (!isExcluded(file))
            {
                found.put(file, Stamp.of(attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        // A file that vanished or may not be read is no reason to stop watching the others.
        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException reason)
        {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path directory, final IOException reason)
        {
            return FileVisitResult.CONTINUE;
        }
    }
}
