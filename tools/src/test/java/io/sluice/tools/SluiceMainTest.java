package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SluiceMainTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldSayWhatThereIsWhenNothingIsAsked()
    {
        final CommandResult result = CommandResult.run();

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().contains("run") && result.err().contains("doctor"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "tail", "verify", "repair", "stat", "errors", "doctor"})
    void shouldHaveHelpForEveryCommand(final String command)
    {
        final CommandResult result = CommandResult.run(command, "--help");

        assertEquals(ExitCode.DONE, result.exitCode());
        assertTrue(result.out().startsWith("Usage: sluice " + command), result.out());
        assertEquals(result.out(), CommandResult.run("help", command).out());
        assertFalse(result.out().contains("\u001b"), "colours without a terminal");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "run", "tail", "query", "export", "import", "replay", "checkpoints", "index", "verify", "repair", "archive",
        "keys", "stat", "errors", "doctor", "control", "control ping", "control commands", "subscriptions",
        "subscriptions list", "subscriptions pause", "subscriptions seek", "subscriptions reset", "dead-letters",
        "dead-letters list", "dead-letters show", "dead-letters retry", "dead-letters fix", "dead-letters drop",
        "rules", "rules list", "rules add", "rules replace", "rules remove"})
    void shouldFillNoMoreThanATerminalWhenHelpIsAsked(final String command)
    {
        final CommandResult result = CommandResult.run((command + " --help").strip().split(" "));

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(result.out().startsWith("Usage: sluice " + command), result.out());
        for (final String line : result.lines())
        {
            assertTrue(line.length() <= 80, line);
        }
        // What is longer is wrapped, and a footer that is written line by line then is in rags.
        final List<String> footer =
            result.lines().stream().dropWhile(line -> !line.startsWith("Exit codes:")).toList();
        for (int i = 0; i + 1 < footer.size() && !footer.get(i + 1).isEmpty(); i++)
        {
            assertTrue(footer.get(i).length() > 60, footer.get(i));
        }
    }

    @Test
    void shouldSayItsVersion()
    {
        final CommandResult result = CommandResult.run("--version");

        assertEquals(ExitCode.DONE, result.exitCode());
        assertTrue(result.out().startsWith("sluice "), result.out());
        assertTrue(result.out().contains("Java " + Runtime.version().feature()), result.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rum | Unmatched argument",
        "run | Missing required parameter: 'SOURCE",
        "run git:. --frob | Unknown option: '--frob'",
        "run http:8080 | http is not in this version",
        "run load:fast | rate 'fast' is not a number",
        "run load:10 --rate 10 | --rate does not go with load:10",
        "run load:10 --rate x | --rate: rate 'x' is not a number",
        "run load:10 --for x | --for: 'x' is no duration",
        "run load:10 --threading x | --threading: 'x' is not known: use invoker, shared, paired or dedicated",
        "run load:10 --durability x | --durability: 'x' is not known",
        "run load:10 --durability none --dir x | --dir does not go with --durability none",
        "run load:10 --config nowhere.yaml | can't be read",
        "run load:10 --config nowhere.toml | must end in .yaml, .yml or .properties",
        "tail --from x | --from 'x' is not valid",
        "tail --from 0 | --from '0' is not valid",
        "tail --count 0 | --count 0 is out of range",
        "tail --format xml | --format 'xml' is not known: use text, json or cloudevents",
        "tail --where type= | --where: filter is not valid at column 6: expected a value",
        "repair | say --quarantine to agree"})
    void shouldExitWithTwoAndNameTheRemedyWhenUsageIsWrong(final String arguments, final String message)
    {
        final String[] args = (arguments + (arguments.startsWith("run ") && !arguments.contains("--dir") &&
            !arguments.contains("none") ? " --dir " + directory.resolve("data") : "")).split(" ", -1);

        final CommandResult result = CommandResult.run(args);

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains(message), result.err());
        assertEquals("", result.out());
        assertFalse(Files.exists(directory.resolve("data/journal")), "something was made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tail", "verify", "repair --quarantine", "stat", "errors"})
    void shouldExitWithThreeWhenThereIsNoJournal(final String command) throws IOException
    {
        final Path none = directory.resolve("none");
        Files.writeString(directory.resolve("letter.txt"), "not ours");

        final CommandResult missing = CommandResult.run((command + " --dir " + none).split(" ", -1));
        final CommandResult notOurs = CommandResult.run((command + " --dir " + directory).split(" ", -1));

        assertEquals(ExitCode.DIRECTORY_UNUSABLE, missing.exitCode(), missing.err());
        assertTrue(missing.err().contains(none.toString()), missing.err());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, notOurs.exitCode(), notOurs.err());
        assertFalse(Files.exists(none));
        try (var files = Files.list(directory))
        {
            assertEquals(1, files.count(), "something was made");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run ndjson:/dev/null", "tail", "verify", "stat"})
    void shouldNameTheFlagsInOneMessageWhenTheJvmLacksThem(final String command) throws Exception
    {
        try (ChildCommand child =
            ChildCommand.withoutFlags((command + " --dir " + directory.resolve("data")).split(" ", -1)))
        {
            assertEquals("", child.readRest());
            assertEquals(ExitCode.WRONG_USAGE, child.awaitExit());
            final String errors = child.errors();
            assertEquals(1, errors.lines().count(), errors);
            assertTrue(errors.contains("--add-opens=java.base/java.lang=ALL-UNNAMED"), errors);
            assertTrue(errors.contains("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"), errors);
        }
    }

    @Test
    void shouldNotTouchDirectoriesThatARunCannotUse() throws IOException
    {
        final Path letter = Files.writeString(directory.resolve("letter.txt"), "not ours");
        final CommandResult notOurs = CommandResult.run("run", "ndjson:/dev/null", "--dir", directory.toString());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, notOurs.exitCode(), notOurs.err());
        Files.delete(letter);
        Files.writeString(directory.resolve("FORMAT"), "99\n");
        final CommandResult newer = CommandResult.run("run", "ndjson:/dev/null", "--dir", directory.toString());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, newer.exitCode(), newer.err());
        final Path file = Files.writeString(directory.resolve("FORMAT"), "99\n");
        final CommandResult noDirectory = CommandResult.run("run", "ndjson:/dev/null", "--dir", file.toString());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, noDirectory.exitCode(), noDirectory.err());
        try (var files = Files.list(directory))
        {
            assertEquals(1, files.count(), "something was made");
        }
    }

    @Test
    void shouldWantColoursUnlessTold()
    {
        assertTrue(SluiceMain.isColourWanted(null, "xterm"));
        assertTrue(SluiceMain.isColourWanted("", "xterm"));
        assertFalse(SluiceMain.isColourWanted("1", "xterm"));
        assertFalse(SluiceMain.isColourWanted(null, "dumb"));
    }
}
