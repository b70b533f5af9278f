package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice replay --into DIR}. */
@Timeout(120)
class ReplayIntoTest
{
    private static final String INPUT = """
        {"id":"a","type":"a","sessionId":"s-1","priority":"high","timestamp":"2024-01-01T00:00:00Z","payload":{"n":1}}
        {"id":"b","type":"b","timestamp":"2024-01-01T00:00:00.010Z","metadata":{"host":"h"}}
        {"id":"b","type":"c","timestamp":"2024-01-01T00:00:00.020Z"}
        {"id":"d","type":"d","sessionId":"s-1","timestamp":"2024-01-01T00:00:00.030Z"}
        """;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        final CommandResult run = CommandResult.runWithInput(INPUT, "run", "ndjson:-", "--dir", data());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    @Test
    void shouldAddWhatIsMissingAndSaySoWhenReplayedAgain()
    {
        final CommandResult part = into("--where", "type = 'b'");
        final CommandResult all = into();
        final CommandResult again = into("--json");

        assertEquals(ExitCode.DONE, part.exitCode(), part.err());
        assertTrue(part.out().startsWith(
            "1 read, 1 published, 0 already there, 0 duplicates left out, 0 refused in "), part.out());
        assertTrue(all.out().matches(
            "4 read, 2 published, 1 already there, 1 duplicates left out, 0 refused in \\d+\\.\\d\\d s, " +
            "digest [0-9a-f]{16}\\R"), all.out());
        assertTrue(again.out().matches(
            "\\{\"read\":4,\"published\":0,\"known\":3,\"duplicates\":1,\"refused\":0,\"ended\":true," +
            "\"nextSequence\":5,\"digest\":\"[0-9a-f]{16}\",\"elapsedMs\":\\d+}\\R"), again.out());
        assertEquals(events(data(), "type != 'c'", "a", "b", "d"),
            events(target(), "TRUE", "a", "b", "d"));
    }

    @Test
    void shouldLeaveNothingToBeDeliveredWhenAnEngineIsStartedThereLater()
    {
        into();
        final EngineContext context = new EngineContext().directory(Path.of(target()));
        try (Engine engine = Engine.launch(context.subscribe(SubscriptionSpec.to("*", (event) ->
        {
            throw new IllegalStateException("was handed " + event.id());
        }))))
        {
            assertEquals(0, engine.stats().redelivered());
            assertEquals(3, engine.journaledSequence());
        }
    }

    @Test
    void shouldAddNothingWhenTheDirectoryIsItsOwn()
    {
        final CommandResult result = CommandResult.run(
            "replay", "--speed", "max", "--dir", data(), "--into", data(), "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(result.out().startsWith("{\"read\":4,\"published\":0,\"known\":3,\"duplicates\":1,"), result.out());
        assertTrue(CommandResult.run("verify", "--dir", data(), "--json").out().startsWith("{\"events\":4,"));
    }

    @Test
    void shouldGoOnAtTheCheckpointWhenItIsOfThisDirectory()
    {
        assertTrue(into("--to", "2", "--checkpoint", "copy").out().startsWith("2 read, 2 published"));
        assertTrue(into("--checkpoint", "copy").out().startsWith("2 read, 1 published, 0 already there, 1 dup"));

        final CommandResult other = CommandResult.run(
            "replay", "--speed", "max", "--dir", data(), "--into", directory.resolve("other").toString(),
            "--checkpoint", "copy");
        assertEquals(ExitCode.WRONG_USAGE, other.exitCode(), other.err());
        assertTrue(other.err().contains("checkpoint 'copy' is the place of a replay of TRUE, into "), other.err());
    }

    @Test
    void shouldExitWithOneAndNameTheEventWhenOneIsRefused() throws IOException
    {
        final String large =
            "{\"id\":\"large\",\"type\":\"e\",\"payload\":\"" + "x".repeat(5000) + "\"}\n{\"type\":\"f\"}";
        CommandResult.runWithInput(large, "run", "ndjson:-", "--dir", data());
        final Path config = Files.writeString(directory.resolve("small.yaml"), "maxEventLength: 4096\n");

        final CommandResult ended = into("--config", config.toString());
        final CommandResult skipped = into("--config", config.toString(), "--skip-refused");
        final CommandResult wrong = into("--config", Files.writeString(directory.resolve("x.yaml"), "slotLength: 7\n")
            .toString());

        assertEquals(ExitCode.FAILED_CHECK, ended.exitCode(), ended.out());
        assertTrue(ended.out().startsWith("6 read, 3 published, 0 already there, 1 duplicates left out, 1 refused"),
            ended.out());
        assertTrue(ended.out().endsWith("; stopped before sequence 5" + System.lineSeparator()), ended.out());
        assertTrue(ended.err().contains("sluice: sequence 5, event large of 5"), ended.err());
        assertTrue(ended.err().contains("EVENT_TOO_LARGE"), ended.err());
        assertEquals(ExitCode.FAILED_CHECK, skipped.exitCode(), skipped.err());
        assertTrue(skipped.out().startsWith("6 read, 1 published, 3 already there, 1 duplicates left out, 1 refused"),
            skipped.out());
        assertEquals(ExitCode.WRONG_USAGE, wrong.exitCode(), wrong.err());
        assertTrue(wrong.err().contains("slotLength=7"), wrong.err());
    }

    @Test
    void shouldExitWithThreeWhenTheOtherDirectoryIsInUse()
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(Path.of(target()))))
        {
            final CommandResult result = into();

            assertEquals(ExitCode.DIRECTORY_UNUSABLE, result.exitCode(), result.err());
            assertTrue(result.err().contains(String.valueOf(ProcessHandle.current().pid())), result.err());
            assertEquals(0, engine.journaledSequence());
        }
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, CommandResult.run(
            "replay", "--dir", directory.resolve("nowhere").toString(), "--into", target()).exitCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--json                  | --json goes with --into only; --format json prints events",
        "--skip-refused          | --skip-refused goes with --into only",
        "--config x              | --config goes with --into only",
        "--into x --step         | --step does not go with --into, which prints no events",
        "--into x --format json  | --format does not go with --into, which prints no events",
        "--into x --config y.yml | y.yml",
    })
    void shouldExitWithTwoAndNameTheRemedyWhenUsageIsWrong(final String arguments, final String message)
    {
        final CommandResult result = CommandResult.run(
            Stream.of("replay --dir", data(), arguments).flatMap((text) -> Stream.of(text.split(" ")))
                .toArray(String[]::new));

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains(message), result.err());
        assertEquals("", result.out());
    }

    private CommandResult into(final String... arguments)
    {
        return CommandResult.run(Stream.concat(
            Stream.of("replay", "--speed", "max", "--dir", data(), "--into", target()), Stream.of(arguments))
            .toArray(String[]::new));
    }

    /** Events of some ids as JSON, in the order of the ids, without what belongs to their journal. */
    private static List<String> events(final String data, final String filter, final String... ids)
    {
        final List<String> lines = CommandResult.run("query", filter, "--dir", data, "--format", "json").lines();
        return Stream.of(ids).map((id) -> lines.stream()
            .filter((line) -> line.contains("\"id\":\"" + id + "\""))
            .map((line) -> line.replaceAll("\"(sequence|recorded|flags)\":(\"[^\"]*\"|\\d+|\\[[^]]*]),?", ""))
            .map((line) -> line.replace(",}", "}"))
            .findFirst().orElse("none of id " + id)).toList();
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private String target()
    {
        return directory.resolve("target").toString();
    }
}
