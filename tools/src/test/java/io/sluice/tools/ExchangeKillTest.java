package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that end in the middle of their work, at whatever instruction, in a small heap. */
@Timeout(600)
class ExchangeKillTest
{
    private static final int EVENTS = 30_000;
    private static final long FIRST_MS = 200;
    private static final String PADDING = "0123456789abcdef".repeat(24);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet"})
    void shouldGiveTheSameFileAndJournalWhenKilledAgainAndAgain(final String ending) throws Exception
    {
        final Path input = directory.resolve("input.ndjson");
        writeInput(input);
        final Random random = new Random(8);
        final String data = directory.resolve("data").toString();
        final int importKills = killed(
            random, input, "import", input.toString(), "--resume", "--checkpoint-every", "50ms", "--dir", data);
        final String whole = directory.resolve("whole." + ending).toString();
        assertEquals(ExitCode.DONE, CommandResult.run("export", whole, "--dir", data).exitCode());
        final CommandResult verified = CommandResult.run("verify", "--json", "--dir", data);
        assertTrue(verified.lastLine().contains("\"events\":" + EVENTS + ","), verified.lastLine());
        assertInputIsWhatTheJournalHolds(data);

        final Path file = directory.resolve("file." + ending);
        final int exportKills = killed(
            random, file, "export", file.toString(), "--resume", "--checkpoint-every", "50ms", "--dir", data);

        assertEquals(-1, Files.mismatch(Path.of(whole), file));
        assertTrue(importKills > 0 && exportKills > 0, importKills + " and " + exportKills + " kills");
    }

    /** Kill a command again and again until it is done, later each time. */
    private static int killed(final Random random, final Path file, final String... arguments) throws Exception
    {
        int kills = 0;
        long patienceMs = FIRST_MS;
        while (true)
        {
            try (ChildCommand child = ChildCommand.inSmallHeap(arguments))
            {
                patienceMs += patienceMs / 10 + random.nextLong(patienceMs / 5);
                if (child.isDoneWithin(patienceMs))
                {
                    final String errors = child.errors();
                    assertEquals(ExitCode.DONE, child.awaitExit(), errors);
                    return kills;
                }
                child.kill();
                kills++;
            }
            if (arguments[0].equals("export") && Files.exists(file))
            {
                // It was done, and could not say so any more.
                return kills;
            }
        }
    }

    private static void writeInput(final Path input) throws Exception
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < EVENTS; i++)
        {
            // Half of them without an id: only the checkpoint keeps these from coming twice.
            text.append(i % 2 == 0 ? "{\"type\":\"kill.test\",\"id\":\"k-" + i + "\"" : "{\"type\":\"kill.test\"")
                .append(",\"payload\":{\"number\":").append(i).append(",\"text\":\"").append(PADDING).append("\"}}\n");
        }
        Files.writeString(input, text);
    }

    private static void assertInputIsWhatTheJournalHolds(final String data)
    {
        int number = 0;
        for (final String line : CommandResult.run("export", "-", "--dir", data).lines())
        {
            assertTrue(line.contains("\"payload\":{\"number\":" + number + ","), line);
            number++;
        }
        assertEquals(EVENTS, number);
    }
}
