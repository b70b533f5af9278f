package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The log and the memory that is made from it against a model, with everything in any order: appends, holes, polls,
 * maintenance, and the end of the process between any two of these. {@code sluice.retry.rounds} says how many rounds,
 * {@code sluice.retry.seed} the first seed.
 */
class RetryLogPropertyTest
{
    private static final int LENGTH = 4096;
    private static final int STEPS = 400;

    private final int rounds = Integer.getInteger("sluice.retry.rounds", 12);
    private final long firstSeed = Long.getLong("sluice.retry.seed", 1);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new ArrayList<>();
    private RetryModel expected;
    private RetryLog log;
    private PendingRetries pending;
    private Random random;
    private Path place;
    private String what;
    private long now;
    private int images;
    private int carriedOn;

    @Test
    void shouldHoldWhatTheModelHoldsWhenAnythingHappensInAnyOrder() throws IOException
    {
        for (long seed = firstSeed; seed < firstSeed + rounds; seed++)
        {
            begin(seed);
            for (int step = 0; step < STEPS; step++)
            {
                what = "seed " + seed + " step " + step;
                step();
            }
            pollAll();
            assertHeld();
            log.close();
        }
        assertTrue(images > rounds, "ended " + images + " times");
        assertTrue(carriedOn > 10 * rounds, "files that went: " + carriedOn);
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldHoldWhatIsAppendedWhenThreadsAppendAtOnceAndFilesComeAndGo(final long seed) throws Exception
    {
        final int threads = 4;
        final int each = 4000;
        begin(1000 + seed);
        final RetryLog shared = log;
        final Thread[] appenders = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            final int thread = i;
            appenders[i] = new Thread(() ->
            {
                for (int n = 0; n < each; n++)
                {
                    final RetryEntry entry = Workload.entry(thread, n);
                    while (!shared.append(entry))
                    {
                        Thread.yield();
                    }
                }
            });
            appenders[i].start();
        }
        boolean isAnyAlive = true;
        while (isAnyAlive)
        {
            isAnyAlive = false;
            for (final Thread appender : appenders)
            {
                isAnyAlive |= appender.isAlive();
            }
            pending.poll(log, now);
            log.maintain(now);
        }
        pollAll();
        for (int thread = 0; thread < threads; thread++)
        {
            for (int n = 0; n < each; n++)
            {
                expected.apply(Workload.entry(thread, n));
            }
        }
        what = "seed " + seed;
        assertHeld();
        assertEquals(0, log.voidedCount());
        log.close();
        reopen(place);
        pollAll();
        assertHeld();
        log.close();
        assertEquals(List.of(), errors);
    }

    private void begin(final long seed) throws IOException
    {
        random = new Random(seed);
        expected = new RetryModel();
        now = 1;
        reopen(Files.createDirectories(directory.resolve("seed-" + seed)));
    }

    private void step() throws IOException
    {
        now += random.nextInt(1000);
        final int die = random.nextInt(100);
        if (die < 60)
        {
            append(randomEntry());
        }
        else if (die < 63)
        {
            Holes.leave(log, 1 + random.nextInt(8), random.nextBoolean());
            // Some are given up later, some are there when the process ends.
            now += random.nextBoolean() ? RetryCursor.PATIENCE_NS : 0;
        }
        else if (die < 78)
        {
            pending.poll(log, now);
            now += RetryCursor.PATIENCE_NS / 4;
        }
        else if (die < 96)
        {
            final long before = log.length();
            log.maintain(now);
            carriedOn += log.length() < before ? 1 : 0;
        }
        else if (die < 97)
        {
            log.force();
        }
        else if (die < 98)
        {
            log.close();
            reopen(place);
        }
        else
        {
            endHere();
        }
    }

    private RetryEntry randomEntry()
    {
        final long subscription = 1L + random.nextInt(3);
        final long sequence = 1L + random.nextInt(20);
        final int die = random.nextInt(100);
        if (die < 45)
        {
            return RetryEntry.failed(
                subscription, sequence, random.nextInt(3), 1 + random.nextInt(5), now + random.nextInt(1000), now,
                now, FailureCause.THREW, "t".repeat(random.nextInt(400)));
        }
        if (die < 55)
        {
            return RetryEntry.held(subscription, sequence, 1 + random.nextInt(2), 1);
        }
        return die < 98 ? RetryEntry.closed(subscription, sequence) : RetryEntry.forgotten(subscription);
    }

    private void append(final RetryEntry entry)
    {
        if (log.append(entry))
        {
            expected.apply(entry);
        }
    }

    /** What is in the files at this moment is what a process leaves that is killed now. */
    private void endHere() throws IOException
    {
        final Path image = directory.resolve("image-" + images++);
        final Path from = place.resolve("positions").resolve("retries");
        final Path to = Files.createDirectories(image.resolve("positions").resolve("retries"));
        try (Stream<Path> files = Files.list(from))
        {
            for (final Path file : (Iterable<Path>)files::iterator)
            {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        log.close();
        reopen(image);
        pollAll();
        assertHeld();
    }

    private void reopen(final Path where)
    {
        place = where;
        log = RetryLog.open(new DataDirectory(where), LENGTH, errors::add);
        pending = new PendingRetries(PendingRetries.CAPACITY);
    }

    private void pollAll()
    {
        int quiet = 0;
        while (quiet < 20)
        {
            quiet = pending.poll(log, now) == 0 ? quiet + 1 : 0;
            now += RetryCursor.PATIENCE_NS;
        }
    }

    private void assertHeld()
    {
        int count = 0;
        for (final var ofSubscription : expected.open().entrySet())
        {
            for (final RetryEntry entry : ofSubscription.getValue().values())
            {
                assertEquals(entry, log.read(entry.subscription(), entry.sequence()), what);
                final PendingRetry retry = pending.find(entry.subscription(), entry.sequence());
                assertEquals(entry.attempt(), retry.attempt(), what);
                assertEquals(entry.keyHash(), retry.keyHash(), what);
                count++;
            }
            assertEquals(ofSubscription.getValue().size(), pending.count(ofSubscription.getKey()), what);
        }
        assertEquals(count, log.openCount(), what);
        assertEquals(count, pending.count(), what);
        assertEquals(expected.open().size(), pending.subscriptions().length, what);
    }
}
