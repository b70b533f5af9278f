package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that is killed with events in its batches loses none of them: the next one hands them out again, and says
 * so of each that may have been handled. {@code sluice.batch.kills} says how often it is killed.
 */
@Timeout(300)
class BatchedKillTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(BatchedKillTest.class);

    private final int kills = Integer.getInteger("sluice.batch.kills", 4);
    private final Random random = new Random(Long.getLong("sluice.batch.seed", 1));

    @TempDir
    private Path directory;

    @Test
    void shouldHandOutAgainWhatStoodInBatchesWhenTheProcessIsKilled() throws Exception
    {
        final Path notes = Files.createDirectories(directory.resolve("notes"));
        long journaled = 0;
        for (int i = 0; i < kills; i++)
        {
            journaled = runAndKill(notes, journaled + 200 + random.nextInt(2_000));
        }
        try (ChildJvm child = start(notes, "drain"))
        {
            child.expect("at work");
            assertEquals(List.of("closed"), child.rest());
        }
        final long repeated = check(notes.resolve("durable"), journaled) + check(notes.resolve("passing"), journaled);
        LOGGER.warn("batches: killed {} times, {} events, {} handed out again", kills, journaled, repeated);
    }

    private long runAndKill(final Path notes, final long enough) throws IOException
    {
        long journaled = 0;
        try (ChildJvm child = start(notes, "publish"))
        {
            child.expect("at work");
            while (journaled < enough)
            {
                final String line = child.readLine();
                assertTrue(line != null && line.startsWith("journaled "), line);
                journaled = Long.parseLong(line.substring(10));
            }
            assertTrue(ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly());
            for (String line = child.readLine(); line != null; line = child.readLine())
            {
                journaled = line.matches("journaled \\d+") ? Long.parseLong(line.substring(10)) : journaled;
            }
        }
        return journaled;
    }

    private ChildJvm start(final Path notes, final String task) throws IOException
    {
        return ChildJvm.start(
            ChildJvm.documentedFlags(),
            ChildBatches.class,
            directory.resolve("data").toString(),
            notes.toString(),
            task);
    }

    /** Everything that was journaled is there; a sequence that comes again is flagged. */
    private static long check(final Path file, final long journaled) throws IOException
    {
        final Set<Long> seen = new HashSet<>();
        long repeated = 0;
        for (final String line : Files.readAllLines(file))
        {
            final String[] parts = line.split(" ", -1);
            if (!seen.add(Long.parseLong(parts[0])))
            {
                repeated++;
                assertEquals(2, parts.length, file.getFileName() + " got " + line + " again, and nothing said so");
            }
        }
        final Set<Long> missing = LongStream.rangeClosed(1, journaled).boxed().collect(Collectors.toSet());
        missing.removeAll(seen);
        assertEquals(Set.of(), missing, file.getFileName() + " has not had these");
        return repeated;
    }
}
