package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ReplayCommandTest
{
    private static final String INPUT = """
        {"type":"a","sessionId":"s-1","correlationId":"c-1","timestamp":"2024-01-01T00:00:00Z"}
        {"type":"b","correlationId":"c-1","timestamp":"2024-01-01T00:00:00.010Z"}
        {"type":"c","timestamp":"2024-01-01T00:00:00.020Z"}
        {"type":"d","sessionId":"s-1","timestamp":"2024-01-01T00:00:00.030Z"}
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
    void shouldPrintEverythingAndItsDigestWhenReplayedTwice()
    {
        final CommandResult fast = replay("", "--speed", "max");
        final CommandResult kept = replay("", "--by", "timestamp", "--speed", "10");

        assertEquals(ExitCode.DONE, fast.exitCode(), fast.err());
        assertEquals(List.of("1", "2", "3", "4"), sequences(fast));
        assertEquals(fast.out(), kept.out());
        assertTrue(fast.err().matches("(?s)4 events replayed in \\d+\\.\\d\\d s, digest [0-9a-f]{16}\\R"), fast.err());
        assertEquals(digest(fast), digest(kept));
    }

    @Test
    void shouldPrintWhatIsAskedForWhenThereAreBounds()
    {
        assertEquals(List.of("2", "3"), sequences(replay("", "--speed", "max", "--from", "2", "--to", "3")));
        assertEquals(List.of("2"), sequences(replay("", "--speed", "max", "--where", "type = 'b'")));
        assertEquals(List.of("1", "2", "4"), sequences(replay("", "--speed", "max", "--session", "s-1")));
        assertEquals(
            List.of("1", "4"), sequences(replay("", "--speed", "max", "--session", "s-1", "--unrelated")));
        assertEquals(List.of("1", "2"), sequences(replay("", "--speed", "max", "--correlation", "c-1")));
        assertEquals(List.of(), sequences(replay("", "--speed", "max", "--from", "2100-01-01")));
        assertEquals(List.of(), sequences(replay("", "--speed", "max", "--to", "2024-01-01")));
    }

    @Test
    void shouldPrintOneEventALineAndGoOnAtTheCheckpointWhenStepping()
    {
        final CommandResult first = replay("\n\n", "--step", "--checkpoint", "mine");
        final CommandResult second = replay("\n\n\n\n\n", "--step", "--checkpoint", "mine");

        assertEquals(List.of("1", "2"), sequences(first));
        assertTrue(first.err().contains("; stopped before sequence 3"), first.err());
        assertEquals(List.of("3", "4"), sequences(second));
    }

    @Test
    void shouldListAndForgetWhenReplaysHaveNames() throws IOException
    {
        assertEquals("", CommandResult.run("checkpoints", "list", "--dir", data(), "--json").out());
        replay("\n\n\n", "--step", "--checkpoint", "mine");
        replay("", "--speed", "max", "--checkpoint", "all");

        final CommandResult list = CommandResult.run("checkpoints", "list", "--dir", data());
        final CommandResult json = CommandResult.run("checkpoints", "list", "--dir", data(), "--json");

        assertTrue(list.lines().get(0).matches("checkpoint +sequence +behind *"), list.out());
        assertTrue(list.lines().get(1).matches("all +4 +0 *"), list.out());
        assertTrue(list.lines().get(2).matches("mine +3 +1 *"), list.out());
        assertEquals("{\"name\":\"mine\",\"sequence\":3,\"behind\":1}", json.lines().get(1));

        assertEquals(ExitCode.DONE, CommandResult.run("checkpoints", "remove", "mine", "--dir", data()).exitCode());
        final CommandResult again = CommandResult.run("checkpoints", "remove", "mine", "--dir", data());
        assertEquals(ExitCode.FAILED_CHECK, again.exitCode());
        assertTrue(again.err().contains("there is no checkpoint mine"), again.err());
        assertEquals(
            ExitCode.WRONG_USAGE, CommandResult.run("checkpoints", "remove", "../x", "--dir", data()).exitCode());
        assertEquals(ExitCode.WRONG_USAGE, CommandResult.run("checkpoints").exitCode());
        assertEquals(List.of("1", "2", "3", "4"), sequences(replay("", "--speed", "max", "--checkpoint", "mine")));

        Files.writeString(directory.resolve("data/positions/replay/broken"), "x");
        final CommandResult damaged = CommandResult.run("checkpoints", "list", "--dir", data(), "--json");
        assertEquals(ExitCode.FAILED_CHECK, damaged.exitCode());
        assertTrue(damaged.out().contains("{\"name\":\"broken\",\"damage\":\""), damaged.out());
    }

    @Test
    void shouldExitWithTwoWhenTheCheckpointIsOfOtherEvents()
    {
        assertEquals(List.of("2"), sequences(
            replay("", "--speed", "max", "--checkpoint", "mine", "--where", "type = 'b'")));

        final CommandResult other = replay("", "--speed", "max", "--checkpoint", "mine");

        assertEquals(ExitCode.WRONG_USAGE, other.exitCode());
        assertEquals("", other.out());
        assertTrue(other.err().startsWith(
            "sluice: checkpoint 'mine' is the place of a replay of type = 'b', and this one is of TRUE; use another " +
            "name, or forget that place with `sluice checkpoints remove mine`"), other.err());
    }

    @Test
    void shouldStayBeforeWhatWasNotWrittenWhenNobodyReads()
    {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final PrintStream closed = new PrintStream(new OutputStream()
        {
            @Override
            public void write(final int b) throws IOException
            {
                throw new IOException("broken pipe");
            }
        }, false, StandardCharsets.UTF_8);
        final CommandIo io = CommandIo.plain(
            InputStream.nullInputStream(), closed, new PrintStream(err, true, StandardCharsets.UTF_8));
        SluiceMain.run(io, "replay", "--speed", "max", "--checkpoint", "mine", "--dir", data());

        assertEquals(List.of("1", "2", "3", "4"), sequences(replay("", "--speed", "max", "--checkpoint", "mine")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "--speed fast      | --speed: 'fast' is no speed, use 0.1 to 100, or max",
        "--speed 1000      | --speed: speed 1000.0 is out of range",
        "--by wish         | --by 'wish' is not known: use recorded or timestamp",
        "--from x          | use ISO-8601",
        "--from 0          | --from: fromSequence 0 is out of range",
        "--checkpoint a/b  | --checkpoint: checkpoint 'a/b' is not valid",
        "--session=        | --session: sessionId '' is not valid: name one",
        "--correlation=    | --correlation: correlationId '' is not valid: name one",
        "--unrelated       | --unrelated goes with --session or --correlation only",
        "--where type      | --where: filter is not valid at column 1: it gives a text",
        "--format xml      | --format 'xml' is not known",
    })
    void shouldExitWithTwoAndNameTheRemedyWhenUsageIsWrong(final String arguments, final String message)
    {
        final CommandResult result = replay("", arguments.split(" "));

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    private CommandResult replay(final String input, final String... arguments)
    {
        final boolean hasFormat = List.of(arguments).contains("--format");
        final String[] all = new String[arguments.length + (hasFormat ? 3 : 5)];
        all[0] = "replay";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--dir";
        all[arguments.length + 2] = data();
        if (!hasFormat)
        {
            all[arguments.length + 3] = "--format";
            all[arguments.length + 4] = "json";
        }
        return CommandResult.runWithInput(input, all);
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private static String digest(final CommandResult result)
    {
        return result.err().replaceAll("(?s).*digest ([0-9a-f]{16}).*", "$1");
    }

    private static List<String> sequences(final CommandResult result)
    {
        return result.lines().stream().map((line) -> line.replaceAll("^\\{\"sequence\":(\\d+),.*", "$1")).toList();
    }
}
