package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class QueryCommandTest
{
    private static final String INPUT = """
        {"type":"order.created","id":"o-1","correlationId":"c-1","timestamp":"2024-01-01T00:00:03Z",\
        "aggregate":{"type":"Order","id":"7","version":1},"payload":{"total":50}}
        {"type":"payment.failed","id":"p-1","correlationId":"c-1","causationId":"o-1",\
        "timestamp":"2024-01-01T00:00:01Z","payload":{"total":150}}
        {"type":"order.changed","id":"o-2","causationId":"p-1","timestamp":"2024-01-01T00:00:02Z",\
        "aggregate":{"type":"Order","id":"7","version":2},"payload":{"total":250}}
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
    void shouldPrintWhatTheFilterPicksInTheOrderAskedFor()
    {
        final CommandResult result = query("payload.total > 100", "--order", "-time", "--format", "json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertEquals(List.of("3", "2"), sequences(result));
        assertTrue(result.err().matches("(?s)2 events, 3 looked at in \\d+\\.\\d\\d s\\R"), result.err());
    }

    @Test
    void shouldSayThatThereMayBeMoreWhenTheLimitIsReached()
    {
        final CommandResult result = query("TRUE", "--limit", "1", "--format", "json");

        assertEquals(List.of("1"), sequences(result));
        assertTrue(result.err().contains("1 event, "), result.err());
        assertTrue(result.err().contains("there may be more, --limit was reached"), result.err());
    }

    @Test
    void shouldExitWithOneWhenTheTimeIsOverFirst()
    {
        final CommandResult result = query("TRUE", "--timeout", "1ns");

        assertEquals(ExitCode.FAILED_CHECK, result.exitCode());
        assertTrue(result.err().contains("partial: the time was over after sequence 0"), result.err());
    }

    @Test
    void shouldPrintAggregatesAndCorrelations()
    {
        assertEquals(List.of("1", "3"), sequences(query("--aggregate", "Order/7", "--format", "json")));
        assertEquals(
            List.of("3"), sequences(query("--aggregate", "Order/7", "--from-version", "2", "--format", "json")));
        assertEquals(List.of("1", "2"), sequences(query("--correlation", "c-1", "--format", "json")));
    }

    @Test
    void shouldDrawATreeWhenTheChainIsAskedFor()
    {
        final CommandResult tree = query("--chain", "p-1");

        assertEquals(
            "        1 2024-01-01T00:00:03Z order.created  o-1\n" +
            "        2 2024-01-01T00:00:01Z └─ payment.failed  p-1  ◄\n" +
            "        3 2024-01-01T00:00:02Z    └─ order.changed  o-2\n",
            tree.out());
        final CommandResult json = query("--chain", "p-1", "--format", "json");
        assertTrue(json.lines().get(2).startsWith("{\"depth\":2,\"sequence\":3,\"id\":\"o-2\","), json.out());

        final CommandResult none = query("--chain", "x\u001b");
        assertEquals(ExitCode.FAILED_CHECK, none.exitCode());
        assertTrue(none.err().contains("there is no event with id 'x\\u001b'"), none.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "                                 | nothing is asked for: give a filter, --aggregate TYPE/ID",
        "TRUE --chain x                   | only one thing can be asked for",
        "TRUE --from-version 1            | --from-version goes with --aggregate only",
        "--chain x --limit 1              | go with a filter only",
        "--chain x --order time           | go with a filter only",
        "--chain x --format cloudevents   | does not go with --chain",
        "--aggregate Order                | write its type, a slash and its id",
        "TRUE --order size                | use sequence, -sequence, time or -time",
        "TRUE --limit 0                   | --limit: 0 is out of range",
        "TRUE --order time --limit 100001 | --limit: 100001 is more than --order time can keep in memory",
        "TRUE --timeout soon              | --timeout: 'soon' is no duration",
        "type=                            | EXPR: filter is not valid at column 6",
    })
    void shouldExitWithTwoAndNameTheRemedyWhenUsageIsWrong(final String arguments, final String message)
    {
        final CommandResult result = query(arguments == null ? new String[0] : arguments.split(" "));

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    private CommandResult query(final String... arguments)
    {
        final String[] all = new String[arguments.length + 3];
        all[0] = "query";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
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
        return result.lines().stream().map((line) -> line.replaceAll("^\\{\"sequence\":(\\d+),.*", "$1")).toList();
    }
}
