package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Opens what power losses leave, at any moment: while the directory is made, while records are appended, forced and
 * rolled, while a journal is recovered from the power loss before. The property {@code sluice.crash.images} says how
 * many images, {@code sluice.crash.seed} which.
 */
class JournalCrashImageTest
{
    private static final int IMAGES = Integer.getInteger("sluice.crash.images", 300);
    private static final long SEED = Long.getLong("sluice.crash.seed", 20261121L);
    private static final int MAX_DEPTH = 2;

    /** A power loss: what it left, and what must be in it. */
    private record Image(Path directory, long synced, long[] runs, int depth, String name)
    {
    }

    /** What happened to a journal in one run, and what was told to whom. */
    private final class Life
    {
        private final Path directory;
        private final int depth;
        private final String name;
        private final List<Long> runs = new ArrayList<>();
        private final Queue<Image> images = new ArrayDeque<>();
        private CrashImages device;
        private int imagesLeft;
        private long synced;

        Life(final Path directory, final int depth, final String name)
        {
            this.directory = directory;
            this.depth = depth;
            this.name = name;
        }

        JournalContext context(final long runId)
        {
            return TestRecords.context(directory)
                .maxEventLength(1 << 14)
                .batchLength(1 << 13)
                .syncThread(false)
                .syncSupport(new SyncSupport(directory, "", "simulated", true, ""))
                .runId(runId)
                .bootId("boot-" + runId)
                .forceListener(device)
                .syncListener((sequence) -> synced = Math.max(synced, sequence))
                .phaseListener((phase, step) -> moment());
        }

        /** The machine may stop here. */
        void moment()
        {
            if (imagesLeft > 0 && random.nextInt(8) == 0)
            {
                imagesLeft--;
                count++;
                final Path target = scratch.resolve("image-" + count);
                device.crash(target);
                images.add(new Image(
                    target, synced, runs.stream().mapToLong(Long::longValue).toArray(), depth + 1,
                    name + ", image " + count));
            }
        }
    }

    private final Random random = new Random(SEED);
    private final TestRecords records = new TestRecords();
    private final Map<String, Long> published = new HashMap<>();
    private Path scratch;
    private long lastRun;
    private long lastNumber;
    private int count;
    private int links;
    private int recoveredMore;
    private int rewritten;
    private int putAside;

    @BeforeEach
    void makeScratch() throws IOException
    {
        final Path memory = Path.of("/dev/shm");
        scratch = Files.isWritable(memory) ?
            Files.createTempDirectory(memory, "sluice-crash") : Files.createTempDirectory("sluice-crash");
    }

    @AfterEach
    void deleteScratch() throws IOException
    {
        delete(scratch);
    }

    @Test
    void shouldHoldWhatIsSyncedAndServeNothingWrongWhenPowerIsLostAtAnyMoment() throws IOException
    {
        int scenario = 0;
        while (count < IMAGES)
        {
            scenario++;
            final Life life = new Life(
                scratch.resolve("journal-" + scenario), 0, "seed " + SEED + ", journal " + scenario);
            life.imagesLeft = Math.min(12, IMAGES - count);
            live(life, false);
            delete(life.directory);
            final Queue<Image> left = new ArrayDeque<>(life.images);
            while (!left.isEmpty())
            {
                final Image image = left.remove();
                left.addAll(check(image));
                delete(image.directory());
            }
        }
        assertTrue(recoveredMore > 0, "never anything that was not synced");
        assertTrue(rewritten > 0, "never a torn index");
        assertTrue(putAside > 0, "never anything put aside");
    }

    private Queue<Image> check(final Image image) throws IOException
    {
        final Life life = new Life(image.directory(), image.depth(), image.name());
        life.synced = image.synced();
        for (final long run : image.runs())
        {
            life.runs.add(run);
        }
        life.imagesLeft = image.depth() < MAX_DEPTH && count < IMAGES ? 1 : 0;
        try
        {
            live(life, true);
        }
        catch (final RuntimeException | AssertionError ex)
        {
            throw new AssertionError(image.name() + ": " + ex.getMessage(), ex);
        }
        return life.images;
    }

    /** Open, look whether all is there that must be, go on, close, look again. */
    private void live(final Life life, final boolean isReopened) throws IOException
    {
        final Path second = scratch.resolve("links-" + ++links);
        life.device = new CrashImages(life.directory, second, random);
        if (isReopened)
        {
            life.device.settle();
        }
        life.device.onMoment(life::moment);
        final long runId = ++lastRun;
        final long synced = life.synced;
        try (JournalAppender appender = JournalAppender.open(life.context(runId)))
        {
            final long recovered = appender.lastSequence();
            assertTrue(recovered >= synced, () -> "recovered " + recovered + ", but synced were " + synced);
            recoveredMore += recovered > synced ? 1 : 0;
            final RecoveryReport report = appender.recovery();
            putAside += report.quarantine() == null ? 0 : 1;
            rewritten += report.actions().stream().anyMatch((text) -> text.contains("written anew")) ? 1 : 0;
            while (life.runs.size() > recovered)
            {
                life.runs.remove(life.runs.size() - 1);
            }
            checkRecords(life, recovered);
            append(life, appender, 20 + random.nextInt(isReopened ? 40 : 150));
        }
        life.synced = life.runs.size();
        life.moment();
        checkRecords(life, life.runs.size());
        final VerifyReport report = JournalVerifier.verify(life.directory);
        assertTrue(report.isSound() && report.torn() == 0, () -> report.findings().toString());
        delete(second);
    }

    private void append(final Life life, final JournalAppender appender, final int commits)
    {
        for (int i = 0; i < commits; i++)
        {
            final int batch = 1 + random.nextInt(5);
            for (int k = 0; k < batch; k++)
            {
                final long number = ++lastNumber;
                final int length = records.encode(number, random.nextInt(8) == 0 ? 5000 : 8 + random.nextInt(400));
                published.put(appender.runId() + "/" + appender.nextSequence(), number);
                life.runs.add(appender.runId());
                appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, TestRecords.START_NS + number);
            }
            appender.commit();
            life.moment();
            if (random.nextInt(5) == 0)
            {
                appender.requestSync(appender.lastSequence());
                appender.sync();
                assertEquals(appender.lastSequence(), appender.syncedSequence());
            }
            else if (random.nextInt(3) == 0)
            {
                appender.sync();
            }
            if (random.nextInt(30) == 0)
            {
                appender.roll();
            }
            if (random.nextInt(10) == 0)
            {
                life.device.writeBack();
            }
        }
    }

    private void checkRecords(final Life life, final long last)
    {
        final long[] next = {1};
        try (JournalTailer tailer = TestRecords.tailer(life.directory))
        {
            int polled = 1;
            while (polled > 0)
            {
                polled = tailer.poll((event) ->
                {
                    assertEquals(next[0], event.sequence());
                    assertEquals(life.runs.get((int)next[0] - 1), event.runId(), "run of sequence " + next[0]);
                    assertEquals(published.get(event.runId() + "/" + event.sequence()), event.idHigh());
                    next[0]++;
                }, 100);
            }
        }
        assertEquals(last, next[0] - 1);
    }

    private static void delete(final Path directory) throws IOException
    {
        if (Files.exists(directory))
        {
            try (Stream<Path> paths = Files.walk(directory))
            {
                for (final Path path : (Iterable<Path>)paths.sorted(Comparator.reverseOrder())::iterator)
                {
                    Files.delete(path);
                }
            }
        }
    }
}
