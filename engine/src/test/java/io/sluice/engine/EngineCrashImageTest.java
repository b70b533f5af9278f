package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.CrashImages;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.SimulatedMachine;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Launches engines on what power losses leave of all their files: what was acknowledged as SYNCED is there, and
 * whatever is in the journal was handled before or is now. The property {@code sluice.crash.engine.images} says how
 * many images,
 * {@code sluice.crash.seed} which.
 */
@ExtendWith(ThreadHygiene.class)
class EngineCrashImageTest
{
    private static final int IMAGES = Integer.getInteger("sluice.crash.engine.images", 60);
    private static final long SEED = Long.getLong("sluice.crash.seed", 20261121L);
    private static final int MAX_DEPTH = 2;

    /** An engine, from its launch to its end, on a directory that a power loss may have left. */
    private final class Life
    {
        private final Path directory;
        private final Set<String> synced;
        private final Set<String> handled;
        private final int depth;
        private final Queue<Life> images = new ArrayDeque<>();
        private CrashImages device;
        private int imagesLeft;

        Life(final Path directory, final Set<String> synced, final Set<String> handled, final int depth)
        {
            this.directory = directory;
            this.synced = new HashSet<>(synced);
            this.handled = new HashSet<>(handled);
            this.depth = depth;
        }

        EngineContext context()
        {
            return new EngineContext()
                .directory(directory)
                .threadingMode(ThreadingMode.INVOKER)
                .runId(++lastRun)
                .arenaLength(1 << 22)
                .dedup(new DedupContext().idCapacity(1 << 10))
                .errorHandler(errors::add)
                .journal(SimulatedMachine.on(new JournalContext(), directory, "boot-" + lastRun)
                    .rollSize(1 << 16)
                    .forceListener(device)
                    .phaseListener((phase, step) -> moment()))
                .subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id())));
        }

        /** The machine may stop here. */
        void moment()
        {
            if (imagesLeft > 0 && random.nextInt(10) == 0)
            {
                imagesLeft--;
                count++;
                final Path target = scratch.resolve("image-" + count);
                device.crash(target);
                images.add(new Life(target, synced, handled, depth + 1));
            }
        }
    }

    private final Random random = new Random(SEED);
    private final List<Throwable> errors = new ArrayList<>();
    private Path scratch;
    private long lastRun;
    private int lastEvent;
    private int count;
    private int links;
    private long redelivered;
    private int lost;

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
    void shouldHoldWhatIsSyncedAndHandleWhateverIsThereWhenPowerIsLostAtAnyMoment() throws IOException
    {
        final Queue<Life> lives = new ArrayDeque<>();
        while (count < IMAGES || !lives.isEmpty())
        {
            final Life life = lives.isEmpty() ?
                new Life(scratch.resolve("data-" + ++links), Set.of(), Set.of(), 0) : lives.remove();
            life.imagesLeft = life.depth == 0 ? Math.min(8, IMAGES - count) :
                life.depth < MAX_DEPTH && count < IMAGES ? 1 : 0;
            try
            {
                live(life);
            }
            catch (final RuntimeException | AssertionError ex)
            {
                throw new AssertionError("seed " + SEED + ", image " + life.directory + ": " + ex.getMessage(), ex);
            }
            lives.addAll(life.images);
            delete(life.directory);
        }
        assertTrue(redelivered > 0, "never anything delivered again");
        assertTrue(lost > 0, "never anything lost that was not synced");
    }

    private void live(final Life life) throws IOException
    {
        final Path second = scratch.resolve("links-" + ++links);
        life.device = new CrashImages(life.directory, second, random);
        if (life.depth > 0)
        {
            life.device.settle();
        }
        life.device.onMoment(life::moment);
        try (Engine engine = Engine.launch(life.context()))
        {
            redelivered += engine.stats().redelivered();
            final Set<String> ids = read(life.directory);
            assertTrue(ids.containsAll(life.synced), "an event is missing that was synced");
            lost += ids.containsAll(life.handled) ? 0 : 1;
            assertTrue(life.handled.containsAll(ids), "an event is in the journal that nobody has handled");
            publish(life, engine);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        life.moment();
        assertEquals(List.of(), errors);
        assertTrue(life.handled.containsAll(read(life.directory)), "an event was journaled and not handled");
        final VerifyReport report = JournalVerifier.verify(life.directory);
        assertTrue(report.isSound() && report.torn() == 0, () -> report.findings().toString());
        delete(second);
    }

    private void publish(final Life life, final Engine engine)
    {
        final int events = 30 + random.nextInt(life.depth == 0 ? 150 : 30);
        for (int i = 0; i < events; i++)
        {
            final String id = "event-" + ++lastEvent;
            final long ticket = engine.publisher().publish(new EventBuilder()
                .id(id)
                .type("crash.test")
                .priority(Priority.of(random.nextInt(Priority.COUNT)))
                .payloadText(id + "-".repeat(random.nextInt(1500))));
            assertTrue(ticket >= 0, "refused with " + ticket);
            if (random.nextInt(3) == 0)
            {
                engine.invoke();
            }
            life.moment();
            if (random.nextInt(12) == 0)
            {
                final long sequence = engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS);
                assertTrue(sequence > 0 && sequence <= engine.syncedSequence(), "await returned " + sequence);
                life.synced.add(id);
                life.moment();
            }
            if (random.nextInt(15) == 0)
            {
                life.device.writeBack();
            }
        }
    }

    private static Set<String> read(final Path directory)
    {
        final Set<String> ids = new HashSet<>();
        final long[] next = {1};
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(event ->
            {
                assertEquals(next[0]++, event.sequence());
                ids.add(event.id());
            }, 100) > 0)
            {
                continue;
            }
        }
        return ids;
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
