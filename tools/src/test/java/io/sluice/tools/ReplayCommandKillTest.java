package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code sluice replay --checkpoint NAME >> FILE}, killed and started again, leaves out nothing. {@code
 * sluice.replay.kills} says how often it is killed, {@code sluice.replay.seed} when.
 */
@Timeout(300)
class ReplayCommandKillTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplayCommandKillTest.class);
    private static final int EVENTS = 60_000;
    private static final int AT_A_TIME = 256;
    private static final int MAX_WORK_NS = 50_000_000;

    private final int kills = Integer.getInteger("sluice.replay.kills", 4);
    private final long seed = Long.getLong("sluice.replay.seed", 1);

    @TempDir
    private Path directory;

    @Test
    void shouldPrintEveryEventWhenKilledAgainAndAgain() throws Exception
    {
        final StringBuilder input = new StringBuilder();
        for (int i = 1; i <= EVENTS; i++)
        {
            input.append("{\"type\":\"a.b\",\"payload\":{\"n\":").append(i).append("}}\n");
        }
        final CommandResult filled = CommandResult.runWithInput(input.toString(), "run", "ndjson:-", "--dir", data());
        assertEquals(ExitCode.DONE, filled.exitCode(), filled.err());

        final Random random = new Random(seed);
        final List<Long> taken = new ArrayList<>();
        long bytes = 0;
        int interrupted = 0;
        int repeats = 0;
        for (int round = 0; round <= kills; round++)
        {
            run(bytes, round == kills ? Long.MAX_VALUE : random.nextInt(MAX_WORK_NS));

            final long before = taken.size();
            final int repeated = take(bytes, taken);
            bytes = Files.size(file());
            assertEquals(LongStream.rangeClosed(1, taken.size()).boxed().toList(), taken,
                "round " + round + " of seed " + seed + " left something out");
            assertTrue(repeated <= AT_A_TIME, repeated + " events were printed again");
            repeats += repeated;
            interrupted += taken.size() > before && taken.size() < EVENTS ? 1 : 0;
        }
        LOGGER.warn("sluice replay: killed {} times, {} of them amid its work; {} of {} events printed again",
            kills, interrupted, repeats, taken.size());
        assertEquals(EVENTS, taken.size());
        assertTrue(interrupted > 0, interrupted + " of " + kills + " kills met the replay amid its work");
    }

    private void run(final long bytes, final long workNs) throws IOException, InterruptedException
    {
        final List<String> command = ChildCommand.commandLine(
            "replay", "--speed", "max", "--checkpoint", "mine", "--dir", data(), "--format", "json");
        final Process process = new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file().toFile()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
        try
        {
            if (workNs == Long.MAX_VALUE)
            {
                assertEquals(ExitCode.DONE, process.waitFor());
                return;
            }
            while (Files.size(file()) == bytes && process.isAlive())
            {
                Thread.onSpinWait();
            }
            final long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < workNs)
            {
                Thread.onSpinWait();
            }
        }
        finally
        {
            process.destroyForcibly().waitFor();
        }
    }

    /** @return how many events were taken before, and are passed over by their sequence. */
    private int take(final long from, final List<Long> taken) throws IOException
    {
        final String text = Files.readString(file(), StandardCharsets.UTF_8);
        final int end = text.lastIndexOf('\n') + 1;
        // A line without an end counts for nothing.
        Files.writeString(file(), text.substring(0, end), StandardCharsets.UTF_8);
        int repeated = 0;
        for (final String line : text.substring((int)from, end).split("\n", 0))
        {
            if (line.isEmpty())
            {
                continue;
            }
            final long sequence = Long.parseLong(line.replaceAll("^\\{\"sequence\":(\\d+),.*\\}$", "$1"));
            if (!taken.isEmpty() && sequence <= taken.get(taken.size() - 1))
            {
                repeated++;
            }
            else
            {
                taken.add(sequence);
            }
        }
        return repeated;
    }

    private Path file()
    {
        return directory.resolve("printed");
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }
}
