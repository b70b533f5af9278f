package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.batch.ModeTable;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.journal.JournalContext;
import io.sluice.journal.StartPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random publish, subscribe, pause, resume, seek, unsubscribe, fail, hang, restart and crash, beside a model that knows
 * no rings and journals: every accepted event reaches every durable subscription that matches, no other, once unless
 * there was a crash, and in order. Properties: {@code sluice.delivery.steps} in all, {@code sluice.delivery.seed}.
 */
@ExtendWith(ThreadHygiene.class)
class DeliveryModelTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryModelTest.class);
    private static final int STEPS = Integer.getInteger("sluice.delivery.steps", 12_000);
    private static final int STEPS_PER_SEED = 1_500;
    private static final long SEED = Long.getLong("sluice.delivery.seed", 20261121L);
    private static final String[] TYPES = {"order.created", "order.paid", "stock.low", "stock.empty"};
    private static final DeliveryMode[] MODES = {
        DeliveryMode.IMMEDIATE, DeliveryMode.BATCHED, DeliveryMode.TAILING, DeliveryMode.AUTO, DeliveryMode.BATCHED};
    private static final ModeTable MODE_TABLE = ModeTable.defaults().userBlocking("order.*").loadThreshold(0.2, 0.1);
    private static final String[] PATTERNS = {"*", "order.*", "stock.*", "order.paid"};

    /** A durable subscription as a user thinks of it. */
    private final class Model
    {
        private final String name;
        private final String pattern;
        private final DeliveryMode mode;
        private final Priority minimum;
        private final TreeMap<Long, Integer> counts = new TreeMap<>();
        private final PromisedOrder order = new PromisedOrder();
        private final Set<Long> skipped = new HashSet<>();
        private long startsAfter = -1;
        // Where a run ends with a batch that the breaker keeps back, what was handled behind that comes again, flagged.
        private long openAfter = Long.MAX_VALUE;
        private long openUpTo;
        private Subscription subscription;
        private boolean isPaused;
        private final int number;
        private final boolean isDurable;

        Model(final int number, final boolean isDurable)
        {
            this.number = number;
            this.isDurable = isDurable;
            name = (isDurable ? "durable-" : "passing-") + number;
            pattern = PATTERNS[number % PATTERNS.length];
            final DeliveryMode passing = number % 2 == 0 ? DeliveryMode.BATCHED : DeliveryMode.AUTO;
            mode = isDurable ? MODES[number % MODES.length] : passing;
            minimum = number % 7 == 4 ? Priority.HIGH : Priority.LOW;
            startsAfter = isDurable ? -1 : 0;
        }

        Model heir()
        {
            final Model heir = new Model(number, isDurable);
            heir.counts.putAll(counts);
            heir.order.putAll(order);
            heir.startsAfter = startsAfter;
            heir.openAfter = openAfter;
            heir.openUpTo = openUpTo;
            heir.skipped.addAll(skipped);
            return heir;
        }

        void ending()
        {
            final boolean isOpen = subscription == null ? isBatched() && isDurable && startsAfter >= 0 :
                subscription.batches() != null && subscription.batches().pending() > 0;
            if (isOpen)
            {
                engine.subscriptionStats().stream().filter(one -> one.name().equals(name))
                    .forEach(one -> openAfter = Math.min(openAfter, one.position()));
                openUpTo = engine.journaledSequence();
            }
        }

        boolean isBatched()
        {
            return mode == DeliveryMode.BATCHED || mode == DeliveryMode.AUTO;
        }

        SubscriptionSpec spec()
        {
            final SubscriptionSpec spec = mode == DeliveryMode.BATCHED ?
                SubscriptionSpec.toBatches(pattern, this::onBatch) : SubscriptionSpec.to(pattern, this::onEvent);
            final SubscriptionSpec batched = isBatched() ?
                spec.batchHandler(this::onBatch).batches(policy).modes(MODE_TABLE) : spec;
            return (isDurable ? batched.durable(name) : batched.name(name)).mode(mode).minimumPriority(minimum)
                .retry(RetryPolicy.DEFAULT.attempts(1_000).firstDelayNs(1_000_000L).maxDelayNs(20_000_000L))
                .breaker(BreakerPolicy.DEFAULT.openNs(50_000_000L));
        }

        void onBatch(final EventBatch batch) throws IOException
        {
            batches++;
            if (failingOneIn > 0 && random.nextInt(4 * failingOneIn) == 0)
            {
                failures++;
                throw new IOException("not this batch");
            }
            for (int i = 0; i < batch.size(); i++)
            {
                assertTrue(i == 0 || batch.event(i).type().equals(batch.event(0).type()), "two types in a batch");
                try
                {
                    onEvent(batch.event(i));
                }
                catch (final IOException ex)
                {
                    batch.fail(i, ex);
                }
            }
        }

        void onEvent(final EventFlyweight event) throws IOException
        {
            if (failingOneIn > 0 && random.nextInt(failingOneIn) == 0)
            {
                failures++;
                throw new IOException("not this time");
            }
            if (isDurable && slowOneIn > 0 && random.nextInt(slowOneIn) == 0)
            {
                // By the engine's clock it is in the call for so long.
                clock.advance(Duration.ofMillis(60 + random.nextInt(3_000)));
                slowCalls++;
            }
            final long sequence = event.sequence();
            assertTrue(!isOrdered || !skipped.contains(sequence), () -> name + " got " + sequence + ", it skipped it");
            assertTrue(sequence > startsAfter, () -> name + " got " + sequence + ", it starts after " + startsAfter);
            final int before = counts.getOrDefault(sequence, 0);
            counts.put(sequence, before + 1);
            if (before == 0 && isOrdered)
            {
                order.check(name, event, mode);
            }
            else if (before > 0)
            {
                assertTrue(
                    crashes > 0 || hasPassing || sequence > openAfter && sequence <= openUpTo,
                    () -> name + " got " + sequence + " twice, and nothing crashed");
                assertTrue(
                    (event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0,
                    () -> name + " got " + sequence + " again, and nothing says so");
                repeats++;
            }
            if (publishesFromHandlers && random.nextInt(20) == 0)
            {
                publish();
            }
        }

        /** It stands before an event: from there on all comes again, what it had not had until there does not. */
        void sought(final long sequence)
        {
            seeks++;
            counts.tailMap(sequence, true).clear();
            for (long one = startsAfter + 1; one < sequence; one++)
            {
                if (!counts.containsKey(one))
                {
                    skipped.add(one);
                }
            }
            skipped.removeIf(one -> one >= sequence);
            startsAfter = Math.min(startsAfter, sequence - 1);
            order.restart(sequence - 1);
        }

        boolean wants(final String type, final Priority priority)
        {
            return TopicPattern.of(pattern).matches(type) && priority.code() <= minimum.code();
        }
    }

    private record Published(long sequence, String type, Priority priority)
    {
    }

    private final List<Throwable> errors = new ArrayList<>();
    private final List<Long> tickets = new ArrayList<>();
    private final List<Published> published = new ArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private Path scratch;
    private Random random;
    private Engine engine;
    private Path directory;
    private List<Model> models;
    private List<String> pendingTypes;
    private boolean publishesFromHandlers;
    private int failingOneIn;
    private int slowOneIn;
    private long slowCalls;
    private boolean isOrdered;
    private boolean hasPassing;
    private BatchPolicy policy;
    private long batches;
    private long failures;
    private int crashes;
    private long seeks;
    private long repeats;
    private long runs;
    private long events;
    private long delivered;
    private long backFromJournal;

    @BeforeEach
    void makeScratch() throws IOException
    {
        scratch = TestDirectories.inMemory("sluice-delivery");
    }

    @AfterEach
    void deleteScratch() throws IOException
    {
        TestDirectories.delete(scratch);
    }

    @Test
    void shouldReachEveryMatchingDurableSubscriptionAndNoOtherWhateverHappens() throws IOException
    {
        for (int done = 0; done < STEPS; done += STEPS_PER_SEED)
        {
            final long seed = SEED + done / STEPS_PER_SEED;
            try
            {
                run(seed);
            }
            catch (final RuntimeException | AssertionError ex)
            {
                throw new AssertionError("seed " + seed + ": " + ex.getMessage(), ex);
            }
        }
        LOGGER.warn(
            "delivery model: {} steps, {} events, {} deliveries, {} failures, {} slow calls, {} repeats, {} returns, " +
            "{} batches, {} seeks",
            STEPS, events, delivered, failures, slowCalls, repeats, backFromJournal, batches, seeks);
        final List<Long> counts = List.of(failures, slowCalls, repeats, backFromJournal, batches, seeks);
        assertTrue(counts.stream().allMatch(count -> count > 0), "something never happened");
    }

    private void run(final long seed) throws IOException
    {
        random = new Random(seed);
        crashes = 0;
        published.clear();
        tickets.clear();
        errors.clear();
        publishesFromHandlers = random.nextBoolean();
        failingOneIn = random.nextBoolean() ? 0 : 2 + random.nextInt(20);
        slowOneIn = random.nextInt(3) == 0 ? 20 + random.nextInt(200) : 0;
        isOrdered = failingOneIn == 0;
        final boolean isCrashing = random.nextInt(3) > 0;
        models = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(8); i++)
        {
            models.add(new Model(i, true));
        }
        hasPassing = random.nextInt(3) == 0;
        for (int i = 0; hasPassing && i < 2; i++)
        {
            models.add(new Model(i, false));
        }
        final int size = 1 + random.nextInt(12);
        policy = BatchPolicy.defaults().batchSizes(1, size, size).timeoutNs(1_000L + random.nextInt(50_000_000))
            .openGroups(1 + random.nextInt(4)).queuedBatches(1 + random.nextInt(3))
            .parallelBatches(1 + random.nextInt(2));
        directory = scratch.resolve("seed-" + seed);
        launch();
        for (int step = 0; step < STEPS_PER_SEED; step++)
        {
            step(isCrashing);
            rethrow();
        }
        finish();
        TestDirectories.delete(directory);
    }

    private void step(final boolean isCrashing) throws IOException
    {
        final Model model = models.get(random.nextInt(models.size()));
        final int dice = random.nextInt(1000);
        if (dice < 500)
        {
            publish();
        }
        else if (dice < 850)
        {
            for (int i = random.nextInt(4); i >= 0; i--)
            {
                engine.invoke();
            }
        }
        else if (dice < 880)
        {
            subscribe(model);
        }
        else if (dice < 900 && model.subscription != null && model.isDurable)
        {
            engine.unsubscribe(model.subscription);
            model.subscription = null;
        }
        else if (dice < 930 && model.subscription != null)
        {
            model.subscription.pause();
            model.isPaused = true;
        }
        else if (dice < 980 && model.subscription != null)
        {
            final boolean wasAway = model.subscription.gate().phase() != LiveGate.LIVE;
            model.subscription.resume();
            model.subscription.promote();
            model.isPaused = false;
            if (wasAway && random.nextBoolean())
            {
                runUntilIdle();
                backFromJournal += model.subscription.gate().phase() == LiveGate.LIVE ? 1 : 0;
            }
        }
        else if (dice < 984 && model.isDurable && model.startsAfter >= 0)
        {
            seek(model);
        }
        else if (dice < 990)
        {
            clock.advance(Duration.ofMillis(random.nextInt(100)));
        }
        else if (dice < 996)
        {
            closeEngine();
            launch();
        }
        else if (isCrashing)
        {
            crash();
        }
    }

    private void publish()
    {
        final String type = TYPES[random.nextInt(TYPES.length)];
        final Priority priority = Priority.values()[random.nextInt(Priority.COUNT)];
        final long ticket = engine.publisher().publish(
            new EventBuilder().type(type).source("model").priority(priority)
                .payload(("{\"n\":" + ++events + "}").getBytes(StandardCharsets.UTF_8)));
        if (ticket >= 0)
        {
            tickets.add(ticket);
            pendingTypes.add(type);
        }
    }

    private void subscribe(final Model model)
    {
        if (model.subscription == null)
        {
            if (model.startsAfter < 0)
            {
                model.startsAfter = engine.journaledSequence();
            }
            try
            {
                model.subscription = engine.subscribe(model.spec());
                model.isPaused = model.subscription.isPaused();
            }
            catch (final IllegalArgumentException ex)
            {
                assertTrue(ex.getMessage().contains("has a handler already"), ex.getMessage());
            }
        }
    }

    private void seek(final Model model)
    {
        final long last = engine.journaledSequence();
        final StartPosition to = random.nextInt(4) == 0 ? StartPosition.end() :
            StartPosition.sequence(1 + (long)(random.nextDouble() * last));
        try
        {
            engine.seekSubscription(model.name, to).thenAccept(model::sought);
        }
        catch (final IllegalStateException ex)
        {
            assertTrue(ex.getMessage().contains("in a last call"), ex.getMessage());
        }
    }

    private void launch()
    {
        pendingTypes = new ArrayList<>();
        tickets.clear();
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(clock)
            .runId(++runs)
            .arenaLength(1 << 22)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 17).minFreeSpace(0));
        for (final Priority priority : Priority.values())
        {
            context.limit(priority, 48);
        }
        for (final Model model : models)
        {
            model.subscription = null;
            // Some come back at launch, some later: both must go on where they stopped.
            if (!model.isDurable || model.startsAfter >= 0 && random.nextBoolean())
            {
                context.subscribe(model.spec());
            }
        }
        engine = Engine.launch(context);
        for (final Subscription subscription : engine.subscriptions())
        {
            models.stream()
                .filter(model -> model.name.equals(subscription.name()))
                .forEach(model -> model.subscription = subscription);
        }
        models.stream().filter(model -> model.subscription != null)
            .forEach(model -> model.isPaused = model.subscription.isPaused());
    }

    private void closeEngine()
    {
        runUntilIdle();
        learn();
        models.forEach(Model::ending);
        engine.close();
        delivered += models.stream().mapToLong(model -> model.counts.size()).sum();
    }

    /** The process dies; what it wrote is what the next one finds. What it did not acknowledge may be there or not. */
    private void crash() throws IOException
    {
        learn();
        final Path image = scratch.resolve("run-" + runs);
        TestDirectories.copy(directory, image);
        final Engine dead = engine;
        final long last = dead.journaledSequence();
        crashes++;
        // What the dead engine does from here on counts for nobody.
        final List<Model> stale = new ArrayList<>(models);
        models = new ArrayList<>();
        for (final Model old : stale)
        {
            models.add(old.heir());
        }
        dead.close();
        errors.clear();
        TestDirectories.delete(directory);
        directory = image;
        launch();
        assertTrue(engine.journaledSequence() >= last, () -> engine.journaledSequence() + " of " + last);
    }

    private void finish()
    {
        for (final Model model : models)
        {
            if (model.startsAfter >= 0)
            {
                for (int i = 0; i < 100 && model.subscription == null; i++)
                {
                    subscribe(model);
                    engine.invoke();
                }
                model.subscription.resume();
                model.subscription.promote();
            }
        }
        failingOneIn = 0;
        slowOneIn = 0;
        for (int i = 0; i < (isOrdered ? 1 : 200); i++)
        {
            runUntilIdle();
            clock.advance(Duration.ofMillis(100));
        }
        runUntilIdle();
        learn();
        engine.close();
        rethrow();
        for (final Model model : models)
        {
            if (model.startsAfter >= 0)
            {
                final Set<Long> expected = new HashSet<>();
                for (final Published one : published)
                {
                    if (one.sequence > model.startsAfter && model.wants(one.type, one.priority))
                    {
                        expected.add(one.sequence);
                    }
                }
                final Set<Long> missing = new HashSet<>(expected);
                missing.removeAll(model.counts.keySet());
                missing.removeAll(model.skipped);
                final Set<Long> surplus = new HashSet<>(model.counts.keySet());
                surplus.removeAll(expected);
                assertEquals(Set.of(), missing, model.name + " (" + model.mode + ") has not had these");
                assertEquals(Set.of(), surplus, model.name + " (" + model.mode + ") should not have had these");
            }
        }
        delivered += models.stream().mapToLong(model -> model.counts.size()).sum();
    }

    /** What has its sequence by now is accepted for good. */
    private void learn()
    {
        for (int i = 0; i < tickets.size(); i++)
        {
            final long sequence = engine.publisher().sequenceOf(tickets.get(i));
            if (sequence > 0)
            {
                final Priority priority = Priority.values()[Admission.priorityCodeOf(tickets.get(i))];
                published.add(new Published(sequence, pendingTypes.get(i), priority));
            }
        }
        tickets.clear();
        pendingTypes.clear();
    }

    private void runUntilIdle()
    {
        int idle = 0;
        while (idle < 3)
        {
            idle = engine.invoke() == 0 ? idle + 1 : 0;
        }
    }

    private void rethrow()
    {
        errors.removeIf(error -> error instanceof HandlerException && error.getCause() instanceof IOException);
        for (final Throwable error : errors)
        {
            throw new AssertionError(error.getMessage() + ": " + error.getCause(), error);
        }
    }
}
