package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Opens what power losses leave, at any moment: while the directory is made, while records are appended, forced,
 * rolled, archived and removed by retention, while a journal is recovered from the power loss before. The property
 * {@code sluice.crash.images} says how many images, {@code sluice.crash.seed} which.
 */
class JournalCrashImageTest
{
    private static final int IMAGES = Integer.getInteger("sluice.crash.images", 150);
    private static final long SEED = Long.getLong("sluice.crash.seed", 20261121L);
    private static final int MAX_DEPTH = 2;

    /** A power loss: what it left, and what must be in it. */
    private record Image(Path directory, long synced, long[] runs, boolean isExpiring, int depth, String name)
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
        private boolean isExpiring;

        Life(final Path directory, final int depth, final String name)
        {
            this.directory = directory;
            this.depth = depth;
            this.name = name;
        }

        JournalContext context(final long runId)
        {
            return SimulatedMachine.on(TestRecords.context(directory), directory, "boot-" + runId)
                .maxEventLength(1 << 14)
                .batchLength(1 << 13)
                .syncThread(false)
                .runId(runId)
                .archive(new ArchivePolicy().thread(false).level(1))
                .forceListener(device)
                .syncListener((sequence) -> synced = Math.max(synced, sequence))
                .phaseListener((phase, step) -> moment());
        }

        /** Move what is closed into the archive; years later, remove what has expired, too. */
        void archive(final long runId)
        {
            final boolean isWithRetention = random.nextInt(3) == 0;
            isExpiring |= isWithRetention;
            final JournalContext context = context(runId);
            if (isWithRetention)
            {
                context.clock(() -> TestRecords.START_NS + Duration.ofDays(1000).toNanos());
            }
            final ArchiveReport report = JournalArchive.archiveNow(context, isWithRetention);
            archived += report.count(ArchiveAction.Kind.ARCHIVED);
            expired += report.count(ArchiveAction.Kind.PRUNED) + report.count(ArchiveAction.Kind.REMOVED);
            assertEquals(0, report.count(ArchiveAction.Kind.FAILED), () -> report.actions().toString());
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
                    target, synced, runs.stream().mapToLong(Long::longValue).toArray(), isExpiring, depth + 1,
                    name + ", image " + count));
            }
        }
    }

    private final Random random = new Random(SEED);
    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14));
    private final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14));
    private final EventEncoder encoder = new EventEncoder();
    private final Map<String, Long> published = new HashMap<>();
    private Path scratch;
    private long lastRun;
    private long lastNumber;
    private int count;
    private int links;
    private int recoveredMore;
    private int rewritten;
    private int putAside;
    private int archived;
    private int expired;

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
        assertTrue(archived > 0, "never anything archived");
        assertTrue(expired > 0, "never anything expired");
    }

    private Queue<Image> check(final Image image) throws IOException
    {
        final Life life = new Life(image.directory(), image.depth(), image.name());
        life.synced = image.synced();
        life.isExpiring = image.isExpiring();
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
                final int length = encode(number, random.nextInt(8) == 0 ? 5000 : 8 + random.nextInt(400));
                published.put(appender.runId() + "/" + appender.nextSequence(), number);
                life.runs.add(appender.runId());
                appender.stage(record, 0, length, Verdict.ACCEPTED, 0, TestRecords.START_NS + number);
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
            if (random.nextInt(40) == 0)
            {
                life.archive(appender.runId());
            }
        }
    }

    /** Every record is there, as it was published; those that may expire, unless retention was at work. */
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
                    final long sequence = event.sequence();
                    checkMissing(life, next[0], sequence - 1);
                    assertEquals(life.runs.get((int)sequence - 1), event.runId(), "run of sequence " + sequence);
                    assertEquals(published.get(event.runId() + "/" + sequence), event.idHigh());
                    next[0] = sequence + 1;
                }, 100);
            }
        }
        assertEquals(last, next[0] - 1);
    }

    private void checkMissing(final Life life, final long first, final long last)
    {
        for (long sequence = first; sequence <= last; sequence++)
        {
            final long number = published.get(life.runs.get((int)sequence - 1) + "/" + sequence);
            assertTrue(life.isExpiring && !isProtected(number), "sequence " + sequence + " is missing");
        }
    }

    private static boolean isProtected(final long number)
    {
        return number % 100 < 30;
    }

    private int encode(final long number, final int payloadLength)
    {
        payload.setMemory(0, payloadLength, (byte)number);
        encoder.wrap(record, 0, record.capacity()).eventTime(TestRecords.START_NS + number).uuid(number, ~number);
        encoder.put(EncodedText.of(EventField.TYPE, isProtected(number) ? "audit.record" : "test.record"));
        encoder.put(EncodedText.of(EventField.SOURCE, "crash-test"));
        encoder.put(EventField.PAYLOAD, payload, 0, payloadLength);
        return encoder.complete();
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
