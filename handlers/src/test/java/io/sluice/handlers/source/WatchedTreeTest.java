package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedTreeTest
{
    @TempDir
    private Path root;

    private final List<Path> registered = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();

    @Test
    void shouldFindEveryDifferenceWhenNotificationsWereLost() throws IOException
    {
        final WatchedTree tree = new WatchedTree(root, List.of(), registered::add);
        Files.createDirectories(root.resolve("a"));
        Files.writeString(root.resolve("a/gone"), "1");
        Files.writeString(root.resolve("a/changed"), "1");
        Files.writeString(root.resolve("a/same"), "1");
        tree.rescan(root, change -> {});
        Files.delete(root.resolve("a/gone"));
        Files.writeString(root.resolve("a/changed"), "12");
        Files.createDirectories(root.resolve("b"));
        Files.writeString(root.resolve("b/new"), "1");

        tree.rescan(root, this::note);

        assertEquals(List.of("DELETED a/gone", "MODIFIED a/changed", "CREATED b/new"), changes);
        assertEquals(
            List.of(root, root, root.resolve("a"), root.resolve("a"), root.resolve("b")),
            registered.stream().sorted().toList());
    }

    @Test
    void shouldNotReportTheSameFileTwiceWhenScanAndNotificationMeet() throws IOException
    {
        final WatchedTree tree = new WatchedTree(root, List.of(), registered::add);
        final Path file = Files.writeString(root.resolve("f"), "1");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        tree.rescan(root, this::note);

        tree.update(file, false, this::note);
        tree.update(file, true, this::note);

        assertEquals(List.of("CREATED f", "MODIFIED f"), changes);
    }

    private void note(final WatchedTree.Change change)
    {
        changes.add(change.kind() + " " + root.relativize(change.file()));
    }
}
