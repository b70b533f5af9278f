package io.sluice.tools.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.PositionFile;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ArchiveCommandsTest
{
    private static final int COUNT = 900;

    @TempDir
    private Path directory;

    private Path config;

    @BeforeEach
    void makeJournal() throws IOException
    {
        config = directory.resolve("settings.yaml");
        Files.writeString(config, """
            journal: {rollSize: 64KiB}
            retention: {default: 30, by_type: {error: forever}}
            """);
        final StringBuilder input = new StringBuilder();
        for (int i = 1; i <= COUNT; i++)
        {
            input.append("{\"type\":\"").append(i % 300 == 0 ? "error.db" : "a.b").append("\",\"payload\":\"")
                .append("x".repeat(100)).append(i).append("\"}\n");
        }
        final CommandResult result =
            CommandResult.runWithInput(input.toString(), "run", "ndjson:-", "--dir", data(), "--config", config());
        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
    }

    @Test
    void shouldArchiveListAndReadOn()
    {
        final List<String> before = CommandResult.run("tail", "--dir", data(), "--format", "json").lines();
        assertEquals(COUNT, before.size());
        assertEquals(
            "{\"files\":0,\"events\":0,\"expired\":0,\"bytes\":0,\"jsonBytes\":0,\"ratio\":0,\"damaged\":0}",
            CommandResult.run("archive", "list", "--dir", data(), "--json").lastLine());
        assertTrue(CommandResult.run("archive", "list", "--dir", data()).out().contains("is empty"));

        final CommandResult now = CommandResult.run("archive", "now", "--dir", data(), "--json");

        assertEquals(ExitCode.DONE, now.exitCode(), now.err());
        final int files = now.lines().size() - 1;
        assertTrue(files > 1);
        assertTrue(now.lines().get(0).startsWith("{\"action\":\"archived\",\"file\":\""), now.out());
        assertTrue(now.lines().get(0).contains("\"first\":1,\"last\":"), now.out());
        assertEquals(
            "{\"archived\":" + files + ",\"removed\":0,\"pruned\":0,\"held\":0,\"failed\":0,\"expired\":0}",
            now.lastLine());
        assertEquals("0 files archived", CommandResult.run("archive", "now", "--dir", data()).lastLine());
        final CommandResult list = CommandResult.run("archive", "list", "--dir", data(), "--json");
        assertEquals(files + 1, list.lines().size());
        assertTrue(list.lines().get(0).endsWith("\"key\":null}"), list.out());
        assertTrue(list.lastLine().startsWith("{\"files\":" + files + ",\"events\":"), list.out());
        final CommandResult table = CommandResult.run("archive", "list", "--dir", data());
        assertEquals(ExitCode.DONE, table.exitCode());
        assertTrue(table.lines().get(0).startsWith("file "), table.out());
        assertEquals(files + 2, table.lines().size());
        assertEquals(before, CommandResult.run("tail", "--dir", data(), "--format", "json").lines());
        final CommandResult verify = CommandResult.run("verify", "--dir", data(), "--json");
        assertEquals(ExitCode.DONE, verify.exitCode());
        assertTrue(verify.lastLine().contains("\"events\":" + COUNT + ","), verify.out());
    }

    @Test
    void shouldKeepByTheTermsOfTheEngineUnlessToldOtherwise() throws IOException
    {
        // The engine keeps events for 30 days, so by its own terms nothing has expired.
        final CommandResult own = CommandResult.run("archive", "now", "--retention", "--dir", data());
        assertEquals(ExitCode.DONE, own.exitCode());
        assertTrue(own.lastLine().endsWith("0 events removed, 0 files held back"), own.out());
        try (PositionFile reader = PositionFile.open(directory.resolve("data/positions/billing")))
        {
            reader.save(1, 1);
        }
        Files.writeString(config, "retention: {default: 1ns, by_type: {error: forever}}");

        final CommandResult held =
            CommandResult.run("archive", "now", "--retention", "--dir", data(), "--config", config());
        final CommandResult heldJson =
            CommandResult.run("archive", "now", "--retention", "--dir", data(), "--config", config(), "--json");

        assertEquals(ExitCode.DONE, held.exitCode());
        assertTrue(held.lines().get(0).startsWith("held "), held.out());
        assertTrue(held.lines().get(0).endsWith("not read by billing"), held.out());
        assertTrue(heldJson.lines().get(0).contains("\"readers\":[\"billing\"]"), heldJson.out());

        final CommandResult ignored = CommandResult.run(
            "archive", "now", "--retention", "--dir", data(), "--config", config(), "--ignore-reader", "billing");

        assertEquals(ExitCode.DONE, ignored.exitCode());
        assertTrue(ignored.out().contains("pruned "), ignored.out());
        assertTrue(ignored.lastLine().endsWith("events removed, 0 files held back"), ignored.out());
        final CommandResult tail = CommandResult.run("tail", "--dir", data(), "--format", "json");
        assertTrue(tail.err().contains("have expired and were removed by retention"), tail.err());
        assertTrue(tail.out().contains("\"sequence\":300,"), tail.out());
        final CommandResult verify = CommandResult.run("verify", "--dir", data());
        assertEquals(ExitCode.DONE, verify.exitCode(), verify.out());
        assertTrue(verify.out().contains("(removed by retention)"), verify.out());
    }

    @Test
    void shouldEncryptAndChangeTheKey() throws IOException
    {
        final String keys = directory.resolve("keys").toString();
        final CommandResult generated = CommandResult.run("keys", "generate", "--key-file", keys);
        assertEquals(ExitCode.DONE, generated.exitCode());
        assertTrue(generated.out().startsWith("made key "), generated.out());
        assertEquals(
            ExitCode.DIRECTORY_UNUSABLE, CommandResult.run("keys", "generate", "--key-file", keys).exitCode());
        assertEquals(
            ExitCode.DONE, CommandResult.run("archive", "now", "--dir", data(), "--key-file", keys).exitCode());

        for (final String[] command : new String[][]{{"tail"}, {"verify"}, {"repair", "--quarantine"}})
        {
            final List<String> args = new ArrayList<>(List.of(command));
            args.addAll(List.of("--dir", data()));
            final CommandResult without = CommandResult.run(args.toArray(new String[0]));
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, without.exitCode(), without.out());
            assertTrue(without.err().contains("key"), without.err());
            args.addAll(List.of("--key-file", keys));
            assertEquals(ExitCode.DONE, CommandResult.run(args.toArray(new String[0])).exitCode());
        }
        final CommandResult rotated =
            CommandResult.run("keys", "rotate", "--dir", data(), "--key-file", keys, "--json");
        assertEquals(ExitCode.DONE, rotated.exitCode(), rotated.err());
        final String key = rotated.lastLine().replaceFirst(".*\"key\":\"([^\"]*)\".*", "$1");
        final CommandResult list = CommandResult.run("archive", "list", "--dir", data(), "--json");
        assertTrue(list.lines().get(0).endsWith("\"key\":\"" + key + "\"}"), list.out());
        assertTrue(CommandResult.run("archive", "list", "--dir", data()).out().contains(key));
        final CommandResult again =
            CommandResult.run("keys", "rotate", "--dir", data(), "--key-file", keys, "--wrap-only");
        assertTrue(again.lastLine().startsWith("0 files are wrapped with key " + key), again.out());
        assertTrue(CommandResult.run("keys", "rotate", "--dir", data(), "--key-file", keys).out().contains("wrapped "));
        assertEquals(ExitCode.DONE, CommandResult.run("verify", "--dir", data(), "--key-file", keys).exitCode());

        final String others = directory.resolve("others").toString();
        CommandResult.run("keys", "generate", "--key-file", others, "--json");
        final byte[] before = Files.readAllBytes(Path.of(others));
        final CommandResult wrong = CommandResult.run("keys", "rotate", "--dir", data(), "--key-file", others);
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, wrong.exitCode());
        assertTrue(wrong.err().contains("which is not in " + others), wrong.err());
        assertEquals(before.length, Files.size(Path.of(others)));
    }

    @Test
    void shouldRunWithAKeyFromTheSettings() throws IOException
    {
        final Path keys = directory.resolve("keys");
        CommandResult.run("keys", "generate", "--key-file", keys.toString());
        Files.writeString(config, "journal: {rollSize: 64KiB, archive: {keyFile: \"" + keys + "\", after: 0s}}\n");
        final CommandResult run = CommandResult.runWithInput(
            "{\"type\":\"a.b\"}\n", "run", "ndjson:-", "--dir", data(), "--config", config());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());

        final CommandResult clear = CommandResult.run("archive", "now", "--dir", data());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, clear.exitCode(), clear.out());
        assertTrue(clear.err().contains("is encrypted and no key is given"), clear.err());
        assertEquals(ExitCode.DONE, CommandResult.run(
            "archive", "now", "--dir", data(), "--key-file", keys.toString()).exitCode());
    }

    @Test
    void shouldFailTheCheckWhenAFileIsDamaged() throws IOException
    {
        final Path damaged;
        try (Stream<Path> files = Files.list(directory.resolve("data/journal")))
        {
            damaged = files.filter(file -> file.toString().endsWith(".cq4")).sorted().findFirst().orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw"))
        {
            file.seek(40_000);
            final int one = file.read();
            file.seek(40_000);
            file.write(one ^ 1);
        }
        final CommandResult json = CommandResult.run("archive", "now", "--dir", data(), "--json");
        final CommandResult now = CommandResult.run("archive", "now", "--dir", data());
        assertEquals(ExitCode.FAILED_CHECK, json.exitCode());
        assertTrue(json.lines().get(0).startsWith("{\"action\":\"failed\",\"file\":\""), json.out());
        assertTrue(json.lines().get(0).contains("\"reason\":\""), json.out());
        assertEquals(ExitCode.FAILED_CHECK, now.exitCode());
        assertTrue(now.out().startsWith("FAILED "), now.out());
        assertEquals("0 files archived, 1 FAILED", now.lastLine());
        final Path archived = directory.resolve("data/archive");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(archived, "*.sla"))
        {
            for (final Path file : files)
            {
                Files.write(file, new byte[]{1, 2, 3});
            }
        }
        final CommandResult list = CommandResult.run("archive", "list", "--dir", data());
        assertEquals(ExitCode.FAILED_CHECK, list.exitCode());
        assertTrue(list.out().contains("DAMAGED"), list.out());
        assertFalse(CommandResult.run("archive", "list", "--dir", data(), "--json").out().contains("\"damaged\":0"));
    }

    @Test
    void shouldSayHowItIsUsed()
    {
        for (final String group : List.of("archive", "keys"))
        {
            final CommandResult result = CommandResult.run(group);
            assertEquals(ExitCode.WRONG_USAGE, result.exitCode());
            assertTrue(result.err().contains("Usage: sluice " + group), result.err());
        }
        assertEquals(ExitCode.WRONG_USAGE, CommandResult.run("keys", "rotate").exitCode());
        assertEquals(
            ExitCode.DIRECTORY_UNUSABLE,
            CommandResult.run("archive", "list", "--dir", directory.resolve("nothing").toString()).exitCode());
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private String config()
    {
        return config.toString();
    }
}
