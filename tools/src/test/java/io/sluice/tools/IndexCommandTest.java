package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.index.IndexContext;
import io.sluice.index.JournalIndexer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class IndexCommandTest
{
    private static final int EVENTS = 5000;
    private static final int ZONE_EVENTS = 1024;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach() throws IOException
    {
        final StringBuilder input = new StringBuilder();
        for (int i = 1; i <= EVENTS; i++)
        {
            input.append("{\"type\":\"order.created\",\"id\":\"e-").append(i).append("\",\"payload\":{\"n\":").append(i)
                .append("}}\n");
        }
        final CommandResult run = CommandResult.runWithInput(input.toString(), "run", "ndjson:-", "--dir", data());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        for (final Path file : indexFiles())
        {
            Files.delete(file);
        }
    }

    @Test
    void shouldMakeAndShowTheIndexThatQueriesUse() throws IOException
    {
        final CommandResult none = run("index", "show");
        assertEquals(ExitCode.DONE, none.exitCode(), none.err());
        assertTrue(none.out().startsWith("0 events indexed, 5,000 behind the end"), none.out());
        assertTrue(run("query", "id = 'e-70'").err().startsWith("1 event, 5,000 looked at in "));

        final CommandResult made = run("index", "make", "--json");

        assertEquals(ExitCode.DONE, made.exitCode(), made.err());
        assertTrue(made.out().startsWith("{\"events\":5000,\"segments\":0,\"rebuilt\":0,\"elapsedMs\":"), made.out());
        // What came after the last complete zone is read from the journal.
        final CommandResult shown = run("index", "show", "--json");
        final long indexed = EVENTS / ZONE_EVENTS * ZONE_EVENTS - 1;
        assertTrue(
            shown.out().startsWith("{\"indexed\":" + indexed + ",\"lastSequence\":5000,\"behind\":" +
            (EVENTS - indexed) + ",\"segments\":0,"), shown.out());
        assertTrue(run("query", "id = 'e-70'").err().startsWith("1 event, 1 looked at in "));
    }

    @Test
    void shouldExitWithOneAndNameTheFileWhenItIsDamaged() throws IOException
    {
        final Path file = directory.resolve("data").resolve("index").resolve("0000000000000000000.segment");
        Files.writeString(file, "not what it should be");

        final CommandResult shown = run("index", "show");

        assertEquals(ExitCode.FAILED_CHECK, shown.exitCode());
        assertTrue(shown.err().contains(file + " is damaged or of another journal"), shown.err());
        assertTrue(run("query", "id = 'e-70'").err().startsWith("1 event, 5,000 looked at in "));

        assertEquals(ExitCode.DONE, run("index", "make").exitCode());
        assertFalse(Files.exists(file));
        assertEquals(ExitCode.DONE, run("index", "show").exitCode());
    }

    @Test
    void shouldExitWithThreeAndNameTheProcessWhenAnotherOneIndexes()
    {
        final JournalIndexer indexer = JournalIndexer.open(new IndexContext().directory(directory.resolve("data")));
        try
        {
            final CommandResult made = run("index", "make");
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, made.exitCode());
            assertTrue(made.err().contains("pid " + ProcessHandle.current().pid()), made.err());
        }
        finally
        {
            indexer.onClose();
        }
    }

    @Test
    void shouldSayWhatItCanDoWhenItIsAskedForNothing()
    {
        final CommandResult result = CommandResult.run("index");
        assertEquals(ExitCode.WRONG_USAGE, result.exitCode());
        assertTrue(result.err().contains("show"), result.err());
    }

    private CommandResult run(final String... args)
    {
        return CommandResult.run(Stream.concat(Stream.of(args), Stream.of("--dir", data())).toArray(String[]::new));
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private List<Path> indexFiles() throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve("index")))
        {
            return files.toList();
        }
    }
}
