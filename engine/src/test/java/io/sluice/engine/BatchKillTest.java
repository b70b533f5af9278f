package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that publishes batches is killed at any moment: readers find each batch whole or not at all, before and
 * after the journal is recovered. As many rounds as {@code sluice.batch.kills} says.
 */
class BatchKillTest
{
    private static final int ROUNDS = Integer.getInteger("sluice.batch.kills", 4);
    private static final int ROUNDS_PER_JOURNAL = 10;
    private static final int MOST_ACKNOWLEDGED = 400;
    private static final long MOST_SPIN_NS = 20_000_000L;

    @TempDir
    private Path root;

    private final Random random = new Random(Long.getLong("sluice.batch.seed", System.nanoTime()));
    private final Set<String> acknowledged = new HashSet<>();

    @Test
    void shouldFindEachBatchWholeOrNotAtAllWhenThePublisherIsKilled() throws Exception
    {
        Path directory = Files.createDirectory(root.resolve("none"));
        for (int round = 0; round < ROUNDS; round++)
        {
            if (round % ROUNDS_PER_JOURNAL == 0)
            {
                delete(directory);
                directory = root.resolve("data" + round);
                acknowledged.clear();
            }
            final ThreadingMode mode = ThreadingMode.values()[round % ThreadingMode.values().length];
            runAndKill(directory, mode, round);
            check(directory, "round " + round + ", " + mode + ", as it was left");
            // Opening recovers the journal.
            Engine.launch(new EngineContext().directory(directory).threadingMode(ThreadingMode.INVOKER)).close();
            check(directory, "round " + round + ", " + mode + ", recovered");
            final VerifyReport report = JournalVerifier.verify(directory);
            assertTrue(report.isSound(), report.findings().toString());
        }
    }

    private void runAndKill(final Path directory, final ThreadingMode mode, final int round) throws Exception
    {
        try (ChildJvm child = ChildJvm.start(
            ChildJvm.documentedFlags(),
            ChildBatchPublisher.class,
            directory.toString(),
            mode.name(),
            Integer.toString(round),
            Long.toString(random.nextLong())))
        {
            final int wanted = random.nextInt(MOST_ACKNOWLEDGED);
            final Set<String> others = new HashSet<>();
            int seen = 0;
            while (seen <= wanted)
            {
                seen += take(child.readLine(), round, others);
            }
            final long end = System.nanoTime() + (long)(random.nextDouble() * MOST_SPIN_NS);
            while (System.nanoTime() - end < 0)
            {
                Thread.onSpinWait();
            }
            ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
            // What it had said by then counts.
            child.rest().forEach(line -> take(line, round, others));
        }
    }

    private int take(final String line, final int round, final Set<String> others)
    {
        assertTrue(line != null, "the child ended by itself: " + others);
        if (line.matches("acknowledged \\d+ ok"))
        {
            acknowledged.add(round + "/" + line.split(" ", -1)[1] + "/");
            return 1;
        }
        others.add(line);
        return 0;
    }

    private void check(final Path directory, final String when)
    {
        final List<String> rows = JournalDigest.map(directory, BatchKillTest::row);
        final Set<String> whole = new HashSet<>();
        int at = 0;
        while (at < rows.size())
        {
            final String[] parts = rows.get(at).split("[/ ]", -1);
            final String batch = parts[0] + "/" + parts[1] + "/";
            final int count = Integer.parseInt(parts[3]);
            assertTrue(at + count <= rows.size(), when + ": the journal ends within batch " + batch + count);
            for (int i = 0; i < count; i++)
            {
                assertEquals(batch + i + "/" + count + " " + i + " " + count, rows.get(at + i), when);
            }
            assertTrue(whole.add(batch), when + ": batch " + batch + " is there twice");
            at += count;
        }
        final Set<String> missing =
            acknowledged.stream().filter(batch -> !whole.contains(batch)).collect(Collectors.toSet());
        assertTrue(missing.isEmpty(), when + ": acknowledged and not there: " + missing);
    }

    private static String row(final EventFlyweight event)
    {
        return event.id() + " " + event.batchIndex() + " " + event.batchCount();
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList()))
            {
                Files.delete(file);
            }
        }
    }
}
