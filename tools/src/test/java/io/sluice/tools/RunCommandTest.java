package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RunCommandTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"invoker", "shared", "paired", "dedicated"})
    void shouldImportHistoryWithoutLossInEveryThreadingMode(final String mode) throws Exception
    {
        final Path repository = repository();

        final CommandResult result = CommandResult.run(
            "run", "git:" + repository, "--dir", data(), "--threading", mode, "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertEquals(1, result.lines().size());
        assertTrue(result.out().startsWith(
            "{\"published\":5,\"accepted\":5,\"refused\":0,\"journaled\":5,\"duplicates\":0,\"delivered\":5," +
            "\"redelivered\":0,\"deadLettered\":0,\"lost\":0,"), result.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoker", "shared", "paired", "dedicated"})
    void shouldForceEveryRecordInEveryThreadingModeWhenTheDurabilityIsSynced(final String mode) throws Exception
    {
        final CommandResult result = CommandResult.run(
            "run", "git:" + repository(), "--dir", data(), "--threading", mode, "--durability", "synced", "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(result.lastLine().contains("\"journaled\":5,\"duplicates\":0,\"delivered\":5,"), result.lastLine());
        final CommandResult stat = CommandResult.run("stat", "--dir", data(), "--json");
        assertTrue(stat.lastLine().contains("\"lastSequence\":5,"), stat.lastLine());
        assertTrue(stat.lastLine().contains("\"syncedSequence\":5,"), stat.lastLine());
    }

    @Test
    void shouldRefuseTheDirectoryWhenSyncedCantBeHonouredThere() throws Exception
    {
        final Path memory = Path.of("/dev/shm");
        assumeTrue(
            Files.isWritable(memory) && "tmpfs".equals(Files.getFileStore(memory).type()),
            "no file system in memory here");
        final Path data = memory.resolve("sluice-" + ProcessHandle.current().pid());
        final Path config = Files.writeString(directory.resolve("synced.yaml"), "durability: synced\n");

        final CommandResult option = CommandResult.run(
            "run", "load:10", "--for", "1s", "--dir", data.toString(), "--durability", "synced");
        final CommandResult setting = CommandResult.run(
            "run", "load:10", "--for", "1s", "--dir", data.toString(), "--config", config.toString());

        assertEquals(ExitCode.DIRECTORY_UNUSABLE, option.exitCode(), option.err());
        assertTrue(option.err().contains("SYNCED can't be honoured"), option.err());
        assertTrue(option.err().contains("tmpfs"), option.err());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, setting.exitCode(), setting.err());
        assertFalse(Files.exists(data), "nothing was made");
    }

    @Test
    void shouldContinueSequenceAndKnowDuplicatesWhenRunAgain() throws Exception
    {
        final Path repository = repository();
        CommandResult.run("run", "git:" + repository, "--dir", data());

        final CommandResult again = CommandResult.run("run", "git:" + repository, "--dir", data(), "--json");

        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertTrue(again.lastLine().contains("\"journaled\":5,\"duplicates\":5,\"delivered\":0,"), again.lastLine());
        final CommandResult verify = CommandResult.run("verify", "--dir", data(), "--json");
        assertEquals(ExitCode.DONE, verify.exitCode());
        assertTrue(verify.lastLine().startsWith(
            "{\"events\":10,\"firstSequence\":1,\"lastSequence\":10,\"gaps\":0,\"expired\":0,\"corrupt\":0," +
            "\"torn\":0,\"files\":1,\"bytes\":"), verify.lastLine());
    }

    @Test
    void shouldEndWithLostZeroForPeople() throws Exception
    {
        final CommandResult result = CommandResult.run("run", "git:" + repository(), "--dir", data());

        assertEquals("lost 0", result.lastLine());
        assertTrue(result.out().startsWith("priority"), result.out());
        assertFalse(result.out().contains("\u001b"), "colours without a terminal");
    }

    @Test
    void shouldReportMalformedLinesAndTakeTheRest()
    {
        final CommandResult result = CommandResult.runWithInput(
            "\uFEFF{\"type\":\"a.b\"}\r\n" +
            "\n" +
            "{\"type\":\"a.b\",\"priority\":\"urgent\",\"payload\":1}\n" +
            "{\"type\":\"a.b\",\n" +
            "{\"type\":\"\"}\n" +
            "{\"type\":\"" + "x".repeat(300) + "\"}\n" +
            "{\"type\":\"a.c\"}",
            "run", "ndjson:-", "--dir", data(), "--json");

        assertEquals(ExitCode.FAILED_CHECK, result.exitCode());
        assertTrue(result.lastLine().startsWith("{\"published\":2,\"accepted\":2,\"refused\":4,\"journaled\":2,"));
        assertTrue(result.lastLine().contains("\"delivered\":2,"), result.lastLine());
        assertEquals(5, result.lines().size());
        assertTrue(result.lines().get(0).startsWith(
            "{\"problem\":\"malformed\",\"source\":\"ndjson:-\",\"position\":\"line 3\"," +
            "\"reason\":\"priority 'urgent'"));
        assertTrue(result.err().contains("ndjson:- line 4: "), result.err());
        assertTrue(result.err().contains("ndjson:- line 5: type"), result.err());
        assertTrue(result.err().contains("ndjson:- line 6: type"), result.err());
    }

    @Test
    void shouldRefuseEventAboveTheLimitWithItsLine() throws IOException
    {
        final Path config = Files.writeString(directory.resolve("small.yaml"), "maxEventLength: 4096\n");

        final CommandResult result = CommandResult.runWithInput(
            "{\"type\":\"a.b\",\"payload\":\"" + "x".repeat(5000) + "\"}\n{\"type\":\"a.b\"}\n",
            "run", "ndjson:-", "--dir", data(), "--json", "--config", config.toString());

        assertEquals(ExitCode.FAILED_CHECK, result.exitCode());
        assertTrue(result.err().contains("ndjson:- line 1: event"), result.err());
        assertTrue(result.err().contains("maxEventLength"), result.err());
        assertTrue(result.lastLine().startsWith("{\"published\":2,\"accepted\":1,\"refused\":1,\"journaled\":1,"));
    }

    @Test
    void shouldFeedSeveralSourcesAtOnce() throws Exception
    {
        final Path file = Files.writeString(directory.resolve("events.ndjson"), "{\"type\":\"a.b\"}\n");

        final CommandResult result = CommandResult.run(
            "run", "ndjson:" + file, "git:" + repository(), "load:500", "--for", "400ms", "--dir", data(), "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(number(result.lastLine(), "published") > 6, result.lastLine());
        assertEquals(number(result.lastLine(), "published"), number(result.lastLine(), "delivered"));
    }

    @Test
    void shouldRunWithoutJournal()
    {
        final CommandResult result = CommandResult.runWithInput(
            "{\"type\":\"a.b\"}\n", "run", "ndjson:-", "--durability", "none", "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(result.lastLine().contains(
            "\"accepted\":1,\"refused\":0,\"journaled\":0,\"duplicates\":0,\"delivered\":1,"));
        assertFalse(Files.exists(Path.of(DirectoryOption.DEFAULT)));
    }

    @Test
    void shouldHoldSourceToItsRate()
    {
        final CommandResult result = CommandResult.runWithInput(
            "{\"type\":\"a.b\"}\n".repeat(21), "run", "ndjson:-", "--rate", "100", "--dir", data(), "--json");

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertTrue(number(result.lastLine(), "elapsedMs") >= 200, result.lastLine());
    }

    @Test
    void shouldExitWithThreeAndPidWhenDirectoryIsBusy() throws Exception
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(Path.of(data())));
            ChildCommand child = new ChildCommand("run", "load:1", "--dir", data()))
        {
            assertEquals("", child.readRest());
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, child.awaitExit());
            final String errors = child.errors();
            assertTrue(errors.contains(Long.toString(ProcessHandle.current().pid())), errors);
            assertEquals(1, errors.lines().filter(line -> line.startsWith("sluice:")).count(), errors);
            assertEquals(0, engine.stats().errors());
        }
    }

    @Test
    void shouldEndInOrderWithSummaryWhenTerminated() throws Exception
    {
        try (ChildCommand child = new ChildCommand("run", "load:2000", "--dir", data(), "--json"))
        {
            awaitEvents(100);

            child.terminate();

            final String summary = child.readRest();
            assertEquals(ExitCode.DONE, child.awaitExit(), child.errors());
            assertTrue(summary.contains("\"lost\":0,"), summary);
            assertEquals(number(summary, "published"), number(summary, "delivered"));
        }
        assertEquals(ExitCode.DONE, CommandResult.run("verify", "--dir", data()).exitCode());
    }

    private void awaitEvents(final int count)
    {
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(Path.of(data())).waitForJournal(true)))
        {
            int seen = 0;
            while (seen < count)
            {
                seen += tailer.poll(event -> {}, count);
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private Path repository() throws IOException, InterruptedException
    {
        final Path repository = Files.createDirectories(directory.resolve("repository"));
        git(repository, "init", "--quiet");
        Files.writeString(repository.resolve("a file"), "1\n");
        Files.writeString(repository.resolve("b"), "1\n");
        git(repository, "add", "--all");
        git(repository, "commit", "--quiet", "-m", "first");
        Files.writeString(repository.resolve("b"), "2\n");
        git(repository, "commit", "--quiet", "--all", "-m", "second");
        return repository;
    }

    private static void git(final Path repository, final String... arguments) throws IOException, InterruptedException
    {
        final String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = repository.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        final ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(Map.of(
            "GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_AUTHOR_NAME", "A", "GIT_AUTHOR_EMAIL", "a@example.org", "GIT_AUTHOR_DATE", "@1700000000 +0000",
            "GIT_COMMITTER_NAME", "C", "GIT_COMMITTER_EMAIL", "c@example.org",
            "GIT_COMMITTER_DATE", "@1700000000 +0000"));
        assertEquals(0, builder.start().waitFor());
    }

    private static long number(final String json, final String name)
    {
        final int from = json.indexOf("\"" + name + "\":") + name.length() + 3;
        int to = from;
        while (Character.isDigit(json.charAt(to)))
        {
            to++;
        }
        return Long.parseLong(json.substring(from, to));
    }
}
