package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.delivery.SubscriptionRegistry;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.CrashImages;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.SimulatedMachine;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Launches engines with durable subscriptions on what power losses leave of all their files: whatever the journal still
 * has, each of them has had before or gets now, whether the rings served it, the journal, or nobody when power was
 * lost. Some events fail at first, and checkpoints are made meanwhile: what waits for another attempt is handled, too.
 * The property {@code sluice.crash.delivery.images} says how many images, {@code sluice.crash.seed} which.
 */
@ExtendWith(ThreadHygiene.class)
class DeliveryCrashImageTest
{
    private static final int IMAGES = Integer.getInteger("sluice.crash.delivery.images", 60);
    private static final long SEED = Long.getLong("sluice.crash.seed", 20261122L);
    private static final List<String> NAMES = List.of("from-the-rings", "from-the-journal", "paused-at-times");
    private static final int MAX_IDLE = 20;
    private static final int IMAGES_OF_END = 3;
    private static final int ONE_FAILS_OF = 7;
    private static final RetryPolicy SOON =
        RetryPolicy.DEFAULT.attempts(100).firstDelayNs(400_000_000L).factor(1.0).jitter(0.0);

    /** An engine, from its launch to its end, on a directory that a power loss may have left. */
    private final class Life
    {
        private final Path directory;
        private final Map<String, Set<String>> handled = new TreeMap<>();
        private final boolean isImage;
        private final Queue<Life> images = new ArrayDeque<>();
        private final Set<String> failed = new HashSet<>();
        private CrashImages device;
        private int imagesLeft;

        Life(final Path directory, final Map<String, Set<String>> handledBefore, final boolean isImage)
        {
            this.directory = directory;
            this.isImage = isImage;
            NAMES.forEach(name -> handled.put(name, new HashSet<>(handledBefore.getOrDefault(name, Set.of()))));
        }

        EngineContext context()
        {
            final EngineContext context = new EngineContext()
                .directory(directory)
                .clock(clock)
                .threadingMode(ThreadingMode.INVOKER)
                .runId(++lastRun)
                .arenaLength(1 << 22)
                .dedup(new DedupContext().enabled(false))
                .errorHandler(errors::add)
                .journal(SimulatedMachine.on(new JournalContext(), directory, "boot-" + lastRun)
                    .rollSize(1 << 16)
                    .forceListener(device));
            for (final String name : NAMES)
            {
                final SubscriptionSpec spec =
                    SubscriptionSpec.to("*", event -> handle(name, event.id()))
                        .durable(name)
                        .retry(SOON)
                        .breaker(BreakerPolicy.OFF);
                context.subscribe(name.equals("from-the-journal") ? spec.mode(DeliveryMode.TAILING) : spec);
            }
            return context;
        }

        private void handle(final String name, final String id)
        {
            final String call = name + " " + id;
            if (call.hashCode() % ONE_FAILS_OF == 0 && failed.add(call))
            {
                throw new IllegalStateException(call + " fails at first");
            }
            handled.get(name).add(id);
        }

        /** The machine may stop here. */
        void moment()
        {
            if (imagesLeft > 0 && random.nextInt(10) == 0)
            {
                final int left = imagesLeft - 1;
                imagesLeft = 0;
                image();
                imagesLeft = left;
            }
        }

        void image()
        {
            settleRegistry();
            count++;
            final Path target = scratch.resolve("image-" + count);
            device.crash(target);
            images.add(new Life(target, handled, true));
        }

        /** The registry is forced whenever it is written; the device is not told. */
        void settleRegistry()
        {
            final Path control = new DataDirectory(directory).control();
            device.onForced(control.resolve(SubscriptionRegistry.NAME), false);
            device.onForced(control, true);
        }
    }

    private final Random random = new Random(SEED);
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private final List<Throwable> errors = new ArrayList<>();
    private Path scratch;
    private long lastRun;
    private int lastEvent;
    private int count;
    private int links;
    private int behind;
    private boolean isWritingBack = true;

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
    void shouldSkipNoEventOfADurableSubscriptionWhenPowerIsLostAtAnyMoment() throws IOException
    {
        final Queue<Life> lives = new ArrayDeque<>();
        while (count < IMAGES || !lives.isEmpty())
        {
            final Life life = lives.isEmpty() ?
                new Life(scratch.resolve("data-" + ++links), Map.of(), false) : lives.remove();
            life.imagesLeft = life.isImage ? 0 : Math.min(8, IMAGES - count);
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
        assertTrue(behind > 0, "no power loss left a subscription behind the journal");
    }

    private void live(final Life life) throws IOException
    {
        final Path second = scratch.resolve("links-" + ++links);
        life.device = new CrashImages(life.directory, second, random);
        if (life.isImage)
        {
            life.device.settle();
        }
        boolean isLeftBehind = false;
        try (Engine engine = Engine.launch(life.context()))
        {
            final Set<String> recovered = read(life.directory);
            behind += life.handled.values().stream().allMatch(ids -> ids.containsAll(recovered)) ? 0 : 1;
            life.device.onMoment(life::moment);
            publish(life, engine);
            if (!life.isImage && random.nextBoolean())
            {
                // Ends in order with one that is paused, which the device may not know yet: its events are for the
                // lives after that.
                engine.subscriptions().forEach(Subscription::resume);
                invokeUntilIdle(engine);
                life.device.settle();
                engine.subscriptions().get(NAMES.size() - 1).pause();
                isWritingBack = false;
                publish(life, engine);
                isWritingBack = true;
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                isLeftBehind = true;
            }
            else
            {
                engine.subscriptions().forEach(Subscription::resume);
                invokeUntilIdle(engine);
                assertTrue(engine.drain(Waiting.LIMIT_NS));
                invokeUntilIdle(engine);
                // An attempt that fell due while its subscription was paused comes after a longer while, and what an
                // earlier life left may fail once more in this one: then its breaker may open, for 30 s.
                for (int i = 0; i < 10; i++)
                {
                    clock.advance(Duration.ofSeconds(11));
                    invokeUntilIdle(engine);
                }
            }
        }
        if (isLeftBehind)
        {
            life.imagesLeft = 0;
            for (int i = 0; i < IMAGES_OF_END; i++)
            {
                life.image();
            }
            delete(second);
            return;
        }
        final Set<String> journaled = read(life.directory);
        for (final String name : NAMES)
        {
            final Set<String> missing = new HashSet<>(journaled);
            missing.removeAll(life.handled.get(name));
            assertEquals(Set.of(), missing, name + " has not had them");
        }
        errors.removeIf(DeliveryCrashImageTest::isExpected);
        assertEquals(List.of(), errors);
        delete(second);
    }

    private void publish(final Life life, final Engine engine)
    {
        final int events = 30 + random.nextInt(life.isImage ? 30 : 150);
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
            if (random.nextInt(20) == 0)
            {
                toggle(engine);
            }
            clock.advance(Duration.ofMillis(random.nextInt(60)));
            life.moment();
            if (random.nextInt(12) == 0)
            {
                engine.publisher().await(ticket, Durability.SYNCED, Waiting.LIMIT_NS);
                life.moment();
            }
            if (isWritingBack && random.nextInt(8) == 0)
            {
                life.device.writeBack();
            }
        }
    }

    // A retry log that was not forced may be torn.
    private static boolean isExpected(final Throwable error)
    {
        return error instanceof HandlerException || error.getMessage().startsWith("retry log ");
    }

    private static void toggle(final Engine engine)
    {
        for (final Subscription one : engine.subscriptions())
        {
            if (one.name().equals("paused-at-times"))
            {
                if (one.isPaused())
                {
                    one.resume();
                }
                else
                {
                    one.pause();
                }
            }
        }
    }

    private static void invokeUntilIdle(final Engine engine)
    {
        int idle = 0;
        while (idle < MAX_IDLE)
        {
            idle = engine.invoke() == 0 ? idle + 1 : 0;
        }
    }

    private static Set<String> read(final Path directory)
    {
        final Set<String> ids = new HashSet<>();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(event -> ids.add(event.id()), 100) > 0)
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
