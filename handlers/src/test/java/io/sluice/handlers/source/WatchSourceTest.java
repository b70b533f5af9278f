package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchSourceTest
{
    @TempDir
    private Path root;

    private final EventBuilder event = new EventBuilder();

    @Test
    void shouldReportCreatedModifiedAndDeletedFiles() throws IOException
    {
        Files.writeString(root.resolve("old"), "known before");
        try (EventSource source = open())
        {
            Files.writeString(root.resolve("new"), "1");
            awaitEvent(source, "file.created new");
            assertTrue(new String(event.payload(), StandardCharsets.UTF_8).startsWith("{\"path\":\"new\",\"size\":"));
            Files.writeString(root.resolve("old"), "changed");
            awaitEvent(source, "file.modified old");
            Files.delete(root.resolve("old"));
            awaitEvent(source, "file.deleted old");
            assertEquals("{\"path\":\"old\"}", new String(event.payload(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldFollowDirectoriesThatAppear() throws IOException
    {
        try (EventSource source = open())
        {
            Files.createDirectories(root.resolve("a/b/c"));
            Files.writeString(root.resolve("a/b/c/deep"), "1");
            awaitEvent(source, "file.created a/b/c/deep");
            Files.writeString(root.resolve("a/b/later"), "1");
            awaitEvent(source, "file.created a/b/later");
        }
    }

    @Test
    void shouldReportFilesOfDirectoryThatIsMovedAway(@TempDir final Path elsewhere) throws IOException
    {
        Files.createDirectories(root.resolve("d/e"));
        Files.writeString(root.resolve("d/x"), "1");
        Files.writeString(root.resolve("d/e/y"), "1");
        Files.writeString(root.resolve("d-z"), "1");
        try (EventSource source = open())
        {
            Files.move(root.resolve("d"), elsewhere.resolve("d"));
            final Set<String> seen = new HashSet<>();
            while (seen.size() < 2)
            {
                assertTrue(source.next(event));
                seen.add(event.type() + " " + event.subject());
            }
            assertEquals(Set.of("file.deleted d/x", "file.deleted d/e/y"), seen);
        }
    }

    @Test
    void shouldPassOverRepositoryAndExcludedDirectory() throws IOException
    {
        Files.createDirectories(root.resolve(".git"));
        Files.createDirectories(root.resolve("data/journal"));
        try (EventSource source = open())
        {
            Files.writeString(root.resolve(".git/index"), "1");
            Files.writeString(root.resolve("data/journal/x"), "1");
            Files.writeString(root.resolve("seen"), "1");
            assertTrue(source.next(event));
            assertEquals("seen", event.subject());
        }
    }

    @Test
    void shouldEndWaitWhenClosedByAnotherThread() throws Exception
    {
        final EventSource source = open();
        final CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> source.next(event));

        source.close();

        assertFalse(waiting.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldRefuseWhatIsNoDirectory() throws IOException
    {
        final Path file = Files.writeString(root.resolve("file"), "1");

        assertTrue(messageOf("watch:" + file).contains("is not a directory"));
        assertTrue(messageOf("watch:" + root.resolve("none")).contains("does not exist"));
    }

    private EventSource open()
    {
        return EventSources.open("watch:" + root, new EventSourceContext().exclude(root.resolve("data")));
    }

    private void awaitEvent(final EventSource source, final String label)
    {
        do
        {
            assertTrue(source.next(event), "the source ended");
        }
        while (!label.equals(event.type() + " " + event.subject()));
    }

    private static String messageOf(final String spec)
    {
        final EventSourceContext context = new EventSourceContext();
        return assertThrows(EventSourceException.class, () -> EventSources.open(spec, context)).getMessage();
    }
}
