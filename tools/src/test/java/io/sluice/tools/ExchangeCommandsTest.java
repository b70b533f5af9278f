package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ExchangeCommandsTest
{
    private static final String INPUT = """
        {"type":"order.created","id":"o-1","timestamp":"2024-01-01T00:00:03.000000001Z","payload":{"total":50}}
        {"type":"payment.failed","id":"p-1","source":"a,\\"b\\"","payload":{"total":150}}
        {"type":"order.changed","id":"o-2","payload":{"total":250}}
        """;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        final CommandResult imported = CommandResult.runWithInput(INPUT, "import", "-", "--dir", data());
        assertEquals(ExitCode.DONE, imported.exitCode(), imported.err());
        assertTrue(imported.err().startsWith("3 events imported of 3 records in "), imported.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.ndjson", "x.jsonl", "x.cloudevents", "x.json", "x.csv", "x.parquet", "X.CSV"})
    void shouldTakeTheFormatFromTheEndingWhenNoneIsNamed(final String name) throws Exception
    {
        final String file = directory.resolve(name).toString();
        final CommandResult exported = run("export", file, "--json");
        assertEquals(ExitCode.DONE, exported.exitCode(), exported.err());
        assertEquals("", exported.err());
        assertTrue(exported.out().matches(
            "\\{\"file\":\"[^\"]+\",\"format\":\"[a-z-]+\",\"events\":3,\"duplicates\":0,\"firstSequence\":1," +
            "\"lastSequence\":3,\"bytes\":" + Files.size(Path.of(file)) + ",\"elapsedMs\":\\d+\\}\n"), exported.out());

        final String other = directory.resolve("other").toString();
        final CommandResult imported = CommandResult.run("import", file, "--json", "--dir", other);
        assertTrue(imported.out().contains(
            "\"records\":3,\"imported\":3,\"known\":0,\"duplicates\":0,\"kept\":0,\"filtered\":0,\"bad\":0,"),
            imported.out());
        assertEquals(
            run("export", "-", "--portable").out(),
            CommandResult.run("export", "-", "--portable", "--dir", other).out());
        final CommandResult again = CommandResult.run("import", file, "--dir", other);
        assertTrue(again.err().matches("0 events imported of 3 records in .* s, 3 known already\\R"), again.err());
    }

    @Test
    void shouldExportARangeAndAFilterWhenAskedTo()
    {
        assertEquals(List.of("2", "3"), sequences(run("export", "-", "--from", "2")));
        assertEquals(List.of("1", "2"), sequences(run("export", "-", "--to", "2")));
        assertEquals(List.of("3"), sequences(run("export", "-", "--where", "payload.total > 200", "--from", "1")));
        assertEquals(List.of(), sequences(run("export", "-", "--to", "2020-01-01")));
        assertEquals(List.of(), sequences(run("export", "-", "--from", "4")));
        assertEquals(
            List.of("1", "2", "3"), sequences(run("export", "-", "--from", "2020-01-01", "--to", "2200-01-01")));
    }

    @Test
    void shouldTellTheFirstBadRecordsAndKeepAllWhenAFileHasSome() throws Exception
    {
        final Path file = directory.resolve("bad.ndjson");
        Files.writeString(file, "{\"type\":\"fine\",\"id\":\"f\"}\n" + "x\u001b[31m\n".repeat(12));
        final Path rejects = directory.resolve("rejects");
        final CommandResult dry = run("import", file.toString(), "--dry-run");
        assertEquals(ExitCode.FAILED_CHECK, dry.exitCode());
        assertTrue(dry.err().contains("1 event to import of 13 records"), dry.err());
        final CommandResult imported = run("import", file.toString(), "--rejects", rejects.toString());

        assertEquals(ExitCode.FAILED_CHECK, imported.exitCode());
        assertEquals(10, imported.err().lines().filter((line) -> line.contains("bad.ndjson:")).count());
        assertTrue(imported.err().contains("bad.ndjson:2: JSON is malformed at column 1"), imported.err());
        assertTrue(imported.err().contains("and 2 more bad records, all in " + rejects), imported.err());
        assertTrue(imported.err().contains("1 event imported of 13 records"), imported.err());
        assertFalse(imported.err().contains("\u001b"));
        assertEquals(12, Files.readAllLines(rejects).size());
        assertEquals(List.of("4"), sequences(run("export", "-", "--where", "type = 'fine'")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "export x                        | the name of x does not say its format (.ndjson, .jsonl, .cloudevents, .json",
        "export x --format xml           | format 'xml' is not known: use ndjson, cloudevents, cloudevents-batch, csv",
        "export - --json                 | --json can't go with -",
        "export - --overwrite            | --overwrite can't go with -",
        "export - --resume               | can't be resumed: export to a file",
        "export x.csv --resume --overwrite | ask for one of them",
        "export - --from 9               | sequence 9 lies beyond the recovered end of the journal, 3",
        "export - --from soon            | timestamp 'soon' is not valid",
        "export - --where type=          | --where: filter is not valid",
        "export /none/x.csv              | the directory does not exist",
        "export /dev/null --format csv   | is no regular file: export to a stream (-)",
        "import /dev/null --format csv   | is no regular file: import from a stream (-)",
        "import - --resume               | can't be resumed: import a file",
        "import - --format parquet       | Parquet is read from its end, which a stream does not show",
        "import /none/x.csv              | does not exist: name a readable file",
        "import x.csv --resume --dry-run | ask for one of them",
        "import - --max-event-length 5   | --max-event-length: 5 is out of range",
    })
    void shouldExitWithTwoAndNameTheRemedyWhenUsageIsWrong(final String arguments, final String message)
    {
        final CommandResult result = run(arguments.trim().split(" "));
        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains(message.trim()), result.err());
    }

    @Test
    void shouldExitWithThreeWhenThereIsNoJournalOrAnEngineIsAtWork()
    {
        assertEquals(
            ExitCode.DIRECTORY_UNUSABLE,
            CommandResult.run("export", "-", "--dir", directory.resolve("none").toString()).exitCode());
        try (Engine engine = Engine.launch(new EngineContext().directory(Path.of(data()))))
        {
            engine.publisher().publish(new EventBuilder().type("meanwhile"));
            final CommandResult busy = CommandResult.runWithInput(INPUT, "import", "-", "--dir", data());
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, busy.exitCode());
            assertTrue(busy.err().contains("pid " + ProcessHandle.current().pid()), busy.err());
            assertEquals(ExitCode.DONE, run("export", "-").exitCode());
        }
    }

    @Test
    void shouldHandImportedEventsToSubscribersWhenTheNextEngineStarts()
    {
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());
        launch(seen);
        assertEquals(List.of("o-1 true", "p-1 true", "o-2 true"), seen);
        seen.clear();
        launch(seen);
        assertEquals(List.of(), seen, "handled once");

        final CommandResult more = CommandResult.runWithInput(
            INPUT + "{\"type\":\"order.closed\",\"id\":\"o-3\",\"priority\":\"critical\"}\n" +
            "{\"type\":\"order.lost\",\"id\":\"o-4\",\"priority\":\"low\"}\n", "import", "-", "--dir", data());
        assertTrue(more.err().contains("2 events imported of 5 records"), more.err());
        launch(seen);
        assertEquals(List.of("o-3 true", "o-4 true"), seen.stream().sorted().toList());
    }

    @Test
    void shouldEndQuietlyWhenNobodyReadsAPipeAndSaySoWhenADiskIsFull() throws Exception
    {
        final StringBuilder many = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            many.append("{\"type\":\"many\",\"id\":\"m").append(i).append("\"}\n");
        }
        assertEquals(
            ExitCode.DONE, CommandResult.runWithInput(many.toString(), "import", "-", "--dir", data()).exitCode());
        try (ChildCommand child = new ChildCommand("export", "-", "--dir", data()))
        {
            assertTrue(child.readLine().startsWith("{\"sequence\":1,"));
            child.closeOutput();
            assertEquals("", child.errors());
            assertEquals(ExitCode.DONE, child.awaitExit());
        }
        final Path full = Path.of("/dev/full");
        if (Files.exists(full))
        {
            try (ChildCommand child = ChildCommand.writingTo(full.toFile(), "export", "-", "--dir", data()))
            {
                final String errors = child.errors();
                assertEquals(ExitCode.FAILED_CHECK, child.awaitExit(), errors);
                assertTrue(errors.contains("the stream can't be written: is its disk full?"), errors);
            }
        }
        final Path limited = directory.resolve("limited.csv");
        try (ChildCommand child = ChildCommand.limitedTo(1000, "export", limited.toString(), "--dir", data()))
        {
            final String errors = child.errors();
            assertEquals(ExitCode.FAILED_CHECK, child.awaitExit(), errors);
            assertTrue(errors.contains("limited.csv.partial can't be written: "), errors);
            assertTrue(errors.contains("--resume"), errors);
        }
        assertFalse(Files.exists(limited));
        final CommandResult resumed = run("export", limited.toString(), "--resume");
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
        run("export", directory.resolve("whole.csv").toString());
        assertEquals(-1, Files.mismatch(limited, directory.resolve("whole.csv")));
    }

    @Test
    void shouldDrawABarAndEraseItWhenAPersonWatches()
    {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final CommandIo io = new CommandIo(
            new ByteArrayInputStream(new byte[0]), new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, true, false, new StopSignal());
        assertEquals(ExitCode.DONE, SluiceMain.run(
            io, "export", directory.resolve("x.csv").toString(), "--dir", data()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("3 events exported to "));
    }

    @Test
    void shouldStopAndBeResumableWhenAskedToStop()
    {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final StopSignal stop = new StopSignal();
        stop.request();
        final CommandIo io = new CommandIo(
            new ByteArrayInputStream(new byte[0]), new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, false, false, stop);
        final String file = directory.resolve("x.csv").toString();
        assertEquals(ExitCode.FAILED_CHECK, SluiceMain.run(io, "export", file, "--dir", data()));
        final String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("stopped after 0 events; go on with resume"), said);
        assertEquals(ExitCode.DONE, run("export", file, "--resume").exitCode());
    }

    private void launch(final List<String> seen)
    {
        final EngineContext context = new EngineContext().directory(Path.of(data())).subscribe(
            SubscriptionSpec.to("*", (event) ->
                seen.add(event.id() + " " + ((event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0))));
        Engine.launch(context).close();
    }

    private CommandResult run(final String... arguments)
    {
        final String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[all.length - 2] = "--dir";
        all[all.length - 1] = data();
        return CommandResult.run(all);
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private static List<String> sequences(final CommandResult result)
    {
        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        return result.lines().stream().map((line) -> line.replaceAll("^\\{\"sequence\":(\\d+),.*", "$1")).toList();
    }
}
