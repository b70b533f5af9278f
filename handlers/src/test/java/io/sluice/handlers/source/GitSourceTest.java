package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSourceTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldGiveCommitsWithTheirFilesOldestFirstWhenHistoryIsLinear() throws IOException
    {
        final TestRepository repository = new TestRepository(Files.createDirectory(directory.resolve("demo")));
        final String first = repository.write("a.txt", "1\n2\n3\n").write("b/c.bin", "x\0y").commit("first\n\nbody");
        final long firstSeconds = repository.lastCommitSeconds();
        repository.git("rm", "--quiet", "b/c.bin");
        final String second = repository.write("a.txt", "1\nzwei\n3\n4\n").commit("second: \"quoted\"");

        final List<Seen> events = readAll(repository.root());

        assertEquals(
            List.of("git.commit", "file.created a.txt", "file.created b/c.bin",
                "git.commit", "file.modified a.txt", "file.deleted b/c.bin"),
            events.stream().map(Seen::label).toList());
        assertEquals(
            "{\"hash\":\"" + first + "\",\"author\":\"Zoë \\\"Q\\\" Ångström\",\"email\":\"zoe@example.org\"," +
            "\"subject\":\"first\",\"parents\":[],\"filesChanged\":2,\"additions\":3,\"deletions\":0}",
            events.get(0).payload);
        assertEquals(
            "{\"path\":\"a.txt\",\"commit\":\"" + first + "\",\"additions\":3,\"deletions\":0}", events.get(1).payload);
        assertEquals("{\"path\":\"b/c.bin\",\"commit\":\"" + first + "\",\"binary\":true}", events.get(2).payload);
        assertEquals(
            "{\"path\":\"a.txt\",\"commit\":\"" + second + "\",\"additions\":2,\"deletions\":1}",
            events.get(4).payload);
        assertEquals(firstSeconds * 1_000_000_000L, events.get(0).timeNs);
        assertEquals(firstSeconds * 1_000_000_000L, events.get(2).timeNs);
        assertEquals("git:demo", events.get(0).source);
        assertEquals("{\"author\":\"Zoë \\\"Q\\\" Ångström\",\"email\":\"zoe@example.org\"}", events.get(1).metadata);
        assertEquals(Category.INTEGRATION, events.get(0).category);
        assertEquals(
            List.of(Priority.HIGH, Priority.LOW, Priority.LOW, Priority.HIGH, Priority.NORMAL, Priority.NORMAL),
            events.stream().map(event -> event.priority).toList());
    }

    @Test
    void shouldLinkFilesToCommitsAndCommitsToFirstParents() throws IOException
    {
        final TestRepository repository = new TestRepository(directory);
        final String first = repository.write("a", "1").commit("first");
        repository.write("a", "2").commit("second");

        final List<Seen> events = readAll(directory);

        assertEquals("", events.get(0).causationId);
        assertEquals(events.get(0).id, events.get(1).causationId);
        assertEquals(events.get(0).id, events.get(2).causationId);
        assertEquals(events.get(2).id, events.get(3).causationId);
        assertEquals(first, events.get(0).correlationId);
        assertEquals(first, events.get(1).correlationId);
    }

    @Test
    void shouldGiveTheSameIdsWhenHistoryIsReadAgain() throws IOException
    {
        final TestRepository repository = new TestRepository(Files.createDirectory(directory.resolve("one")));
        repository.write("a", "1").write("b", "2").commit("first");
        repository.write("a", "3").commit("second");
        final Path copy = directory.resolve("copy");
        repository.git("clone", "--quiet", repository.root().toString(), copy.toString());

        final List<String> ids = readAll(repository.root()).stream().map(event -> event.id).toList();

        assertEquals(ids, readAll(copy).stream().map(event -> event.id).toList());
        assertEquals(ids.size(), ids.stream().distinct().count());
        assertEquals(8, UUID.fromString(ids.get(0)).version());
        assertEquals(2, UUID.fromString(ids.get(0)).variant());
    }

    @Test
    void shouldGiveBothPathsWhenFileIsRenamed()
    {
        final TestRepository repository = new TestRepository(directory);
        repository.write("old", "a\nb\nc\n").commit("first");
        repository.git("mv", "old", "new");
        final String rename = repository.commit("rename");
        repository.git("config", "diff.renames", "copies");

        final List<Seen> events = readAll(directory);

        assertEquals(
            List.of("git.commit", "file.created new", "file.deleted old"),
            events.subList(2, 5).stream().map(Seen::label).toList());
        assertTrue(events.subList(2, 5).stream().allMatch(event -> event.correlationId.equals(rename)));
    }

    @Test
    void shouldGiveMergeWithoutFilesAfterBothParents()
    {
        final TestRepository repository = new TestRepository(directory);
        final String base = repository.write("a", "1").commit("base");
        repository.git("checkout", "--quiet", "-b", "side");
        final String side = repository.write("s", "s").commit("side");
        repository.git("checkout", "--quiet", "main");
        final String main = repository.write("m", "m").commit("main");
        repository.git("merge", "--quiet", "--no-edit", "side");
        final String merge = repository.head();
        repository.git("config", "log.diffMerges", "on");

        final List<Seen> events = readAll(directory);

        assertEquals(
            List.of(base, base, side, side, main, main, merge),
            events.stream().map(event -> event.correlationId).toList());
        assertTrue(
            events.get(6).payload.contains("\"parents\":[\"" + main + "\",\"" + side + "\"],\"filesChanged\":0"));
        assertEquals(events.get(4).id, events.get(6).causationId);
    }

    @Test
    void shouldKeepAnyPathWhenNamesAreOdd() throws IOException
    {
        final TestRepository repository = new TestRepository(directory);
        final byte[] content = "x\n".getBytes(StandardCharsets.UTF_8);
        final String blob = repository.gitWithInput(content, "hash-object", "-w", "--stdin").trim();
        final ByteArrayOutputStream index = new ByteArrayOutputStream();
        final byte[][] paths = {
            "new\nline".getBytes(StandardCharsets.UTF_8),
            "quote\"'\\back".getBytes(StandardCharsets.UTF_8),
            "sp ace\ttab".getBytes(StandardCharsets.UTF_8),
            "ünïcode/→.txt".getBytes(StandardCharsets.UTF_8),
            {'n', 'o', 't', '-', (byte)0xFF, (byte)0xFE},
            {1, ':', '1', '\t', '2'}};
        for (final byte[] path : paths)
        {
            index.write(("100644 " + blob + " 0\t").getBytes(StandardCharsets.UTF_8));
            index.write(path);
            index.write(0);
        }
        repository.gitWithInput(index.toByteArray(), "update-index", "-z", "--index-info");
        repository.commitIndex("odd");

        final List<Seen> events = readAll(directory);

        assertEquals(paths.length + 1, events.size());
        final String payloads = events.stream().map(event -> event.payload).collect(Collectors.joining("\n"));
        assertTrue(payloads.contains("{\"path\":\"new\\nline\","), payloads);
        assertTrue(payloads.contains("{\"path\":\"quote\\\"'\\\\back\","), payloads);
        assertTrue(payloads.contains("{\"path\":\"sp ace\\ttab\","), payloads);
        assertTrue(payloads.contains("{\"path\":\"ünïcode/→.txt\","), payloads);
        assertTrue(payloads.contains("{\"path\":\"not-\uFFFD\uFFFD\",\"pathHex\":\"6e6f742dfffe\","), payloads);
        assertTrue(payloads.contains("{\"path\":\"\\u0001:1\\t2\","), payloads);
        assertEquals(paths.length, payloads.split("\"additions\":1,\"deletions\":0", -1).length - 1);
        assertEquals(paths.length + 1, events.stream().map(event -> event.id).distinct().count());
    }

    @Test
    void shouldGiveEmptyCommitsAndModeChanges() throws IOException
    {
        final TestRepository repository = new TestRepository(directory);
        repository.write("run.sh", "true\n").commit("");
        repository.git("update-index", "--chmod=+x", "run.sh");
        repository.commitIndex("executable");
        repository.commitIndex("nothing");

        final List<Seen> events = readAll(directory);

        assertEquals(
            List.of("git.commit", "file.created run.sh", "git.commit", "file.modified run.sh", "git.commit"),
            events.stream().map(Seen::label).toList());
        assertTrue(events.get(3).payload.endsWith("\"additions\":0,\"deletions\":0}"));
    }

    @Test
    void shouldCutTextsThatNoFieldCanHold()
    {
        final TestRepository repository = new TestRepository(directory);
        repository.write("a", "1").commit("ä".repeat(4000));

        final Seen commit = readAll(directory).get(0);

        assertTrue(commit.subject.getBytes(StandardCharsets.UTF_8).length <= 1024);
        assertTrue(commit.subject.endsWith("ä…"));
    }

    @Test
    void shouldBeEmptyWhenRepositoryHasNoCommits()
    {
        assertEquals(List.of(), readAll(new TestRepository(directory).root()));
    }

    @Test
    void shouldRefuseWhenHeadNamesNoCommitButOthersExist()
    {
        final TestRepository repository = new TestRepository(directory);
        repository.write("a", "1").commit("first");
        repository.git("symbolic-ref", "HEAD", "refs/heads/gone");

        final EventSourceException ex = assertThrows(EventSourceException.class, () -> readAll(directory));

        assertTrue(ex.getMessage().contains("refs/heads/gone"), ex.getMessage());
        assertTrue(ex.getMessage().contains("refs/heads/main"), ex.getMessage());
    }

    @Test
    void shouldRefuseWhenThereIsNoRepository() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "x");

        assertRefused("not a git repository", directory);
        assertRefused("is not a directory", file);
        assertRefused("does not exist", directory.resolve("no"));
    }

    @Test
    void shouldRunNoProgramWhenConfigurationNamesSome() throws IOException
    {
        final TestRepository repository = new TestRepository(Files.createDirectory(directory.resolve("r")));
        final Path mark = directory.resolve("mark");
        repository.write("a.txt", "1\n").write(".gitattributes", "*.txt diff=evil\n").commit("first");
        repository.write("a.txt", "2\n").commit("second");
        final String touch = "touch " + mark;
        repository.git("config", "core.pager", touch);
        repository.git("config", "core.fsmonitor", touch);
        repository.git("config", "diff.external", touch);
        repository.git("config", "diff.evil.textconv", touch);
        repository.git("config", "diff.evil.command", touch);

        assertEquals(5, readAll(repository.root()).size());

        assertFalse(Files.exists(mark));
    }

    @Test
    void shouldFailWhenHistoryBreaksOff() throws IOException
    {
        final TestRepository repository = new TestRepository(directory);
        final String first = repository.write("a", "1").commit("first");
        repository.write("a", "2").commit("second");
        Files.delete(directory.resolve(".git/objects/" + first.substring(0, 2) + '/' + first.substring(2)));

        final EventStreamException ex = assertThrows(EventStreamException.class, () -> readAll(directory));

        assertNotEquals(EventSourceException.class, ex.getClass());
        assertTrue(ex.getMessage().contains("ends too early"), ex.getMessage());
    }

    @Test
    void shouldEndWhenClosedInTheMiddle()
    {
        final TestRepository repository = new TestRepository(directory);
        repository.write("a", "1").write("b", "1").commit("first");
        final EventBuilder event = new EventBuilder();
        final EventSource source = EventSources.open("git:" + directory, new EventSourceContext());
        assertTrue(source.next(event));

        source.close();
        source.close();

        assertFalse(source.next(event));
    }

    private static void assertRefused(final String reason, final Path path)
    {
        final String message = assertThrows(EventSourceException.class, () -> readAll(path)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private static List<Seen> readAll(final Path path)
    {
        final List<Seen> events = new ArrayList<>();
        final EventBuilder event = new EventBuilder();
        try (EventSource source = EventSources.open("git:" + path, new EventSourceContext()))
        {
            while (source.next(event))
            {
                events.add(new Seen(
                    event.type(), event.id(), event.source(), event.subject(),
                    event.correlationId(), event.causationId(),
                    event.eventTimeNs(), event.priority(), event.category(), event.metadata(),
                    new String(event.payload(), StandardCharsets.UTF_8)));
            }
        }
        return events;
    }

    private record Seen(
        String type, String id, String source, String subject, String correlationId, String causationId, long timeNs,
        Priority priority, Category category, String metadata, String payload)
    {
        String label()
        {
            return type.startsWith("file.") ? type + " " + subject : type;
        }
    }
}
