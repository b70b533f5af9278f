package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryEntryKind;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.failure.Workload;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that appends from several threads is killed: what they were told is in the log is there, and of each thread
 * at most the one entry more that it was not told of yet. {@code sluice.retry.kills} says how often it is killed.
 */
@Timeout(300)
class RetryLogKillTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RetryLogKillTest.class);
    private static final int THREADS = 4;
    private static final int LINE = 64;
    private static final int BYTES_PER_ENTRY = 16;

    private final int kills = Integer.getInteger("sluice.retry.kills", 8);
    private final long seed = Long.getLong("sluice.retry.seed", 1);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1 << 14, 1 << 18})
    void shouldHoldExactlyWhatWasCommittedWhenTheProcessIsKilled(final int segmentLength) throws Exception
    {
        final Random random = new Random(seed + segmentLength);
        final Map<Long, Map<Long, RetryEntry>> before = new HashMap<>();
        long committed = 0;
        int ahead = 0;
        for (int round = 0; round < kills; round++)
        {
            final String what = "round " + round + " of seed " + seed + ", ";
            final long first = 1 + (long)round * THREADS;
            final Path ledger = directory.resolve("ledger-" + round);
            run(ledger, first, segmentLength, random.nextInt(segmentLength / BYTES_PER_ENTRY));

            final Map<Long, Map<Long, RetryEntry>> held = read(segmentLength);
            final ByteBuffer counts = counts(ledger);
            for (int thread = 0; thread < THREADS; thread++)
            {
                final long subscription = first + thread;
                final long count = counts.getLong(thread * LINE);
                final Map<Long, RetryEntry> sure = open(subscription, count);
                final Map<Long, RetryEntry> oneMore = open(subscription, count + 1);
                final Map<Long, RetryEntry> now = held.getOrDefault(subscription, new TreeMap<>());
                final boolean isAhead = !now.equals(sure);
                assertEquals(isAhead ? oneMore : sure, now, what + "subscription " + subscription + " after " + count);
                before.put(subscription, now);
                committed += count;
                ahead += isAhead ? 1 : 0;
            }
            before.values().removeIf(Map::isEmpty);
            assertEquals(before, held, what + "and what earlier ones left");
        }
        assertEquals(List.of(), errors);
        // Several files each time, on average, or else too little came and went.
        assertTrue(committed > (long)kills * segmentLength / BYTES_PER_ENTRY / 4, "committed " + committed);
        LOGGER.warn("retry log: killed {} times, {} entries committed, {} more that nobody was told of",
            kills, committed, ahead);
    }

    private void run(final Path ledger, final long firstSubscription, final int segmentLength, final long entries)
        throws Exception
    {
        try (ChildJvm child = ChildJvm.start(
            ChildJvm.documentedFlags(),
            ChildRetries.class,
            directory.toString(),
            ledger.toString(),
            Long.toString(firstSubscription),
            Integer.toString(THREADS),
            Integer.toString(segmentLength)))
        {
            assertEquals("at work", child.readLine());
            Waiting.until(entries + " entries", () -> total(ledger) >= entries);
            // The streams stay open, so that nothing it said is missed.
            assertTrue(ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly());
            assertEquals(List.of(), child.rest());
        }
    }

    private Map<Long, Map<Long, RetryEntry>> read(final int segmentLength) throws IOException
    {
        final Map<Long, Map<Long, RetryEntry>> held = new HashMap<>();
        try (RetryLog log = RetryLog.open(new DataDirectory(directory), segmentLength, errors::add))
        {
            int read;
            do
            {
                read = log.poll(entry -> apply(held, entry), 1, 1000);
            }
            while (read == 1000);
        }
        held.values().removeIf(Map::isEmpty);
        return held;
    }

    private static ByteBuffer counts(final Path ledger)
    {
        try
        {
            return ByteBuffer.wrap(Files.readAllBytes(ledger)).order(ByteOrder.nativeOrder());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static long total(final Path ledger)
    {
        final ByteBuffer counts = counts(ledger);
        long total = 0;
        for (int thread = 0; thread < THREADS; thread++)
        {
            total += counts.getLong(thread * LINE);
        }
        return total;
    }

    /** What is open of a subscription after so many entries. */
    private static Map<Long, RetryEntry> open(final long subscription, final long count)
    {
        final Map<Long, Map<Long, RetryEntry>> open = new HashMap<>();
        for (long n = 0; n < count; n++)
        {
            apply(open, Workload.entry(subscription, n));
        }
        return open.getOrDefault(subscription, new TreeMap<>());
    }

    private static void apply(final Map<Long, Map<Long, RetryEntry>> open, final RetryEntry entry)
    {
        final Map<Long, RetryEntry> ofSubscription =
            open.computeIfAbsent(entry.subscription(), id -> new TreeMap<>());
        if (entry.kind() == RetryEntryKind.CLOSED)
        {
            ofSubscription.remove(entry.sequence());
        }
        else
        {
            ofSubscription.put(entry.sequence(), entry);
        }
    }
}
