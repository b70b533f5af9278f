package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code sluice replay --into DIR}, killed and started again, leaves out nothing and repeats nothing, with and without
 * a checkpoint. {@code sluice.replay.kills} says how often it is killed, {@code sluice.replay.seed} when.
 */
@Timeout(600)
class ReplayIntoKillTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplayIntoKillTest.class);
    private static final int EVENTS = 60_000;
    private static final int MAX_WORK_NS = 60_000_000;
    private static final int MAX_START_NS = 1_500_000_000;

    private final int kills = Integer.getInteger("sluice.replay.kills", 4);
    private final long seed = Long.getLong("sluice.replay.seed", 1);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishEveryEventOnceWhenKilledAgainAndAgain(final boolean hasCheckpoint) throws Exception
    {
        fill();
        final Random random = new Random(seed);
        int interrupted = 0;
        long before = 0;
        for (int round = 0; round <= kills; round++)
        {
            // Every fourth time at some moment of its start, or of the look-ups of what is there.
            final boolean isEarly = round % 4 == 3;
            run(
                hasCheckpoint,
                isEarly ? -1 : before,
                round == kills ? Long.MAX_VALUE : random.nextInt(isEarly ? MAX_START_NS : MAX_WORK_NS));

            final long now = events(target(), (event) -> true).size();
            interrupted += now > before && now < EVENTS ? 1 : 0;
            before = now;
        }
        LOGGER.warn("replay into another engine: killed {} times, {} of them amid its work", kills, interrupted);
        assertEquals(0, JournalVerifier.verify(target()).gaps());
        assertEquals(
            EVENTS, events(target(), (event) -> event.verdict() == Verdict.ACCEPTED).stream().distinct().count());
        for (final Priority priority : Priority.values())
        {
            assertEquals(
                events(source(), (event) -> event.priority() == priority),
                events(target(), (event) -> event.priority() == priority),
                "seed " + seed + ", " + priority + ": nothing left out, nothing twice, in order");
        }
        assertTrue(interrupted > 0, "none of " + kills + " kills met the replay amid its work");
    }

    private void fill()
    {
        final StringBuilder input = new StringBuilder();
        final String[] priorities = {"critical", "high", "normal", "low"};
        for (int i = 1; i <= EVENTS; i++)
        {
            input.append("{\"type\":\"a.b\",\"priority\":\"").append(priorities[i % priorities.length])
                .append("\",\"payload\":{\"n\":").append(i).append("}}\n");
        }
        final CommandResult filled =
            CommandResult.runWithInput(input.toString(), "run", "ndjson:-", "--dir", source().toString());
        assertEquals(ExitCode.DONE, filled.exitCode(), filled.err());
    }

    private void run(final boolean hasCheckpoint, final long before, final long workNs)
        throws IOException, InterruptedException
    {
        final List<String> arguments = new ArrayList<>(List.of(
            "replay", "--speed", "max", "--dir", source().toString(), "--into", target().toString()));
        if (hasCheckpoint)
        {
            arguments.addAll(List.of("--checkpoint", "copy"));
        }
        final Path log = directory.resolve("log");
        final Process process = new ProcessBuilder(ChildCommand.commandLine(arguments.toArray(String[]::new)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
        try
        {
            if (workNs == Long.MAX_VALUE)
            {
                assertEquals(ExitCode.DONE, process.waitFor(), Files.readString(log));
                return;
            }
            awaitWork(process, before);
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

    /** Wait until the journal of the process has more events than before. */
    private void awaitWork(final Process process, final long before)
    {
        while (process.isAlive() && !Files.exists(target().resolve("FORMAT")))
        {
            Thread.onSpinWait();
        }
        while (process.isAlive() && lastSequence() <= before)
        {
            Thread.onSpinWait();
        }
    }

    private long lastSequence()
    {
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(target()).from(StartPosition.end())))
        {
            return tailer.nextSequence() - 1;
        }
        catch (final DataDirectoryException ex)
        {
            // It is being made.
            return 0;
        }
    }

    private static List<String> events(final Path data, final Predicate<EventFlyweight> filter)
    {
        final List<String> ids = new ArrayList<>();
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(data).from(StartPosition.start())))
        {
            int count = 1;
            while (count > 0)
            {
                count = tailer.poll((event) ->
                {
                    if (filter.test(event))
                    {
                        ids.add(event.id());
                    }
                }, 1000);
            }
        }
        return ids;
    }

    private Path source()
    {
        return directory.resolve("source");
    }

    private Path target()
    {
        return directory.resolve("target");
    }
}
