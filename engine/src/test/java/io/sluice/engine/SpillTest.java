package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VisibleAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes while a ring is full goes on from the journal, in order, once, and is in nobody's way. */
@ExtendWith(ThreadHygiene.class)
class SpillTest
{
    private static final int LIMIT = 20;
    private static final int MANY = 300;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long LONG_NS = LONG.toNanos();

    @TempDir
    private Path directory;

    private final Semaphore permits = new Semaphore(0);
    private final AtomicInteger entered = new AtomicInteger();
    private final List<Long> handled = new CopyOnWriteArrayList<>();
    private final List<Integer> flags = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> publishers = new ArrayList<>();
    private volatile int lastPublished;
    private final Map<String, Map<Integer, Long>> lasts = new ConcurrentHashMap<>();

    @AfterEach
    void endPublishers() throws InterruptedException
    {
        permits.release(1 << 20);
        for (final Thread publisher : publishers)
        {
            publisher.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertEquals(null, failure.get());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED", "DEDICATED"})
    void shouldTakeOnWhatTheHandlersCannotAndHandleItInOrderBehindWhatIsMoreUrgent(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(
            context(mode).subscribe(slow())))
        {
            publishInBackground(engine, MANY);
            handleUntilAllIsJournaled(engine);
            assertTrue(handled.size() < MANY / 2, "taken on long before it is handled: " + handled.size());
            assertTrue(engine.stats().priority(Priority.LOW).spilled() > MANY / 2);
            final long urgent = MANY + 1L;
            publish(engine, Priority.CRITICAL, MANY);
            // One thread that does everything takes it on between two calls.
            Waiting.until(
                "it is journaled", () -> mode == ThreadingMode.SHARED || engine.journaledSequence() == urgent);
            final PriorityRing ring = engine.core().rings()[Priority.CRITICAL.code()];
            // In the other modes the thread that handles routes it, too, between two calls.
            Waiting.until("it is routed", () -> mode != ThreadingMode.DEDICATED || ring.routed().get() == 0);
            final long cycles = cyclesOfCritical(engine);
            Waiting.until("its thread to see it", () -> mode != ThreadingMode.DEDICATED ||
                cyclesOfCritical(engine) > cycles + 500);
            final int before = handled.size();
            while (!handled.contains(urgent))
            {
                final int one = handled.size();
                permits.release();
                Waiting.until("one more", () -> handled.size() > one);
            }
            assertTrue(handled.indexOf(urgent) <= before + 2, handled + " " + urgent);
            permits.release(MANY);
            assertTrue(engine.drain(LONG_NS));
            assertEquals(MANY + 1, engine.stats().handled());
            assertEquals(0, engine.stats().priority(Priority.LOW).refused());
        }
        handled.remove((Long)(MANY + 1L));
        assertEquals(LongStream.rangeClosed(1, MANY).boxed().toList(), handled);
        assertEquals(0, flags.stream().filter(one -> one != 0).count(), "spilled is not delivered again");
        assertEquals(MANY + 1, journaled());
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PAIRED"})
    void shouldDeliverTheRestInTheNextRunWhenTheEngineEndsBefore(final ThreadingMode mode)
    {
        final Engine engine = Engine.launch(context(mode).closeTimeoutNs(0L).hangTimeoutNs(0L)
            .subscribe(slow()));
        publishInBackground(engine, MANY);
        handleUntilAllIsJournaled(engine);
        engine.close();
        final int first = handled.size();
        permits.release(1 << 20);
        ThreadHygiene.awaitEnd();
        assertTrue(first < MANY, "something was left");
        final List<Long> before = List.copyOf(handled);
        handled.clear();
        flags.clear();
        try (Engine next = Engine.launch(context(mode).subscribe(slow())))
        {
            assertTrue(next.drain(LONG_NS));
        }
        // The call in progress when it ended may have been noted or not.
        final long from = handled.get(0);
        assertTrue(from == before.size() || from == before.size() + 1, from + " after " + before.size());
        assertEquals(LongStream.rangeClosed(from, MANY).boxed().toList(), handled);
        assertTrue(flags.stream().allMatch(one -> one == EventDescriptor.FLAG_REDELIVERED));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReachEverybodyOnceAndInOrderWhenAllRingsSpillAndSubscriptionsComeAndGo(final ThreadingMode mode)
    {
        final Map<String, List<Long>> got = new ConcurrentHashMap<>();
        final Random random = new Random(7);
        try (Engine engine = Engine.launch(context(mode)
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                for (int i = 0; i < 20_000; i++)
                {
                    Thread.onSpinWait();
                }
                note(got, "plain", event);
            }).name("plain").timeout(LONG))
            .subscribe(SubscriptionSpec.to("*", event -> note(got, "durable", event)).durable("durable")
                .timeout(LONG))
            .subscribe(SubscriptionSpec.to("*", event -> note(got, "synced", event)).name("synced")
                .visibleAt(VisibleAt.SYNCED).timeout(LONG))
            .subscribe(SubscriptionSpec.to("*", event -> note(got, "tailing", event)).name("tailing")
                .mode(DeliveryMode.TAILING).timeout(LONG))
            .subscribe(SubscriptionSpec.toBatches("*", batch ->
            {
                for (int i = 0; i < batch.size(); i++)
                {
                    note(got, "batched", batch.event(i));
                }
            }).name("batched").batches(BatchPolicy.defaults()).timeout(LONG))))
        {
            permits.release(1 << 20);
            for (int number = 0; number < 4 * MANY; number++)
            {
                publish(engine, Priority.values()[random.nextInt(Priority.COUNT)], number);
                final Subscription one = engine.subscriptions().get(random.nextInt(5));
                if (random.nextInt(40) == 0)
                {
                    one.pause();
                }
                else if (random.nextInt(20) == 0)
                {
                    engine.subscriptions().forEach(Subscription::resume);
                }
            }
            engine.subscriptions().forEach(Subscription::resume);
            Waiting.until("everybody", () -> got.values().stream().allMatch(list -> list.size() >= 4 * MANY) &&
                got.size() == 5 || driven(engine, mode));
            assertTrue(engine.drain(LONG_NS));
            assertTrue(
                engine.stats().priorities().stream().anyMatch(one -> one.spilled() > 0), "nothing was ever spilled");
        }
        assertEquals(List.of(), errors);
        got.forEach((name, sequences) ->
        {
            assertEquals(4 * MANY, new HashSet<>(sequences).size(), name);
            assertEquals(4 * MANY, sequences.size(), name + " had some twice");
        });
        assertEquals(4 * MANY, journaled());
    }

    /** Nothing of what fills the ring during a call is routed when the call ends: the same thread does both. */
    @Test
    void shouldHearWhoParksWhileNothingIsRoutedYet()
    {
        final int limit = 64;
        final EngineContext context = context(ThreadingMode.PAIRED).limit(Priority.LOW, limit)
            .subscribe(slow());
        context.admission().blockTimeoutNs(TimeUnit.HOURS.toNanos(1));
        try (Engine engine = Engine.launch(context))
        {
            final LimitedAdmission admission = engine.core().admission().blocking();
            publish(engine, Priority.LOW, 0);
            Waiting.until("the first call", () -> entered.get() == 1);
            parkBehindAFullRing(engine, admission, 1, limit);
            permits.release();
            // Of the slots that are to be free before it is woken, the one call frees one.
            Waiting.until("the parked one, while the second call is made", () -> lastPublished == limit + 1);
            assertTrue(entered.get() <= 2);
            Waiting.until("it to be counted", () -> engine.stats().priority(Priority.LOW).spilled() > 0);
            // And the same while the last one that was spilled is being handled.
            Waiting.until("it is journaled", () -> engine.journaledSequence() == limit + 1);
            permits.release(limit - 1);
            Waiting.until("the last call", () -> entered.get() == limit + 1);
            parkBehindAFullRing(engine, admission, limit + 1, 2 * limit + 1);
            permits.release();
            Waiting.until("the parked one, while the next call is made", () -> lastPublished == 2 * limit + 2);
            assertTrue(entered.get() <= limit + 2);
            permits.release(1 << 20);
            assertTrue(engine.drain(LONG_NS));
        }
        assertEquals(LongStream.rangeClosed(1, 2 * limit + 2).boxed().toList(), handled);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldSayThatThereIsNoJournalToGoOnFrom()
    {
        final EngineContext context = new EngineContext().durability(Durability.NONE)
            .admission(new AdmissionContext().overflow(Priority.LOW, OverflowPolicy.SPILL));
        final IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> Engine.launch(context));
        assertTrue(refused.getMessage().startsWith("overflow(low)=SPILL: without a journal"), refused.getMessage());
    }

    // Each call ends only when the publisher is parked behind a full ring, and the other threads have done with what is
    // in there: after it there is room for that many. Between two calls the ring is not looked at, nor is a publisher
    // that has been woken and does not run yet.
    private void handleUntilAllIsJournaled(final Engine engine)
    {
        final LimitedAdmission admission = engine.core().admission().blocking();
        while (engine.journaledSequence() < MANY)
        {
            final int before = handled.size();
            Waiting.until("a parked publisher, or the last", () -> engine.journaledSequence() == MANY ||
                isInCall() && (isLastBehindTheCall(engine) || isParked(admission) && isReadyToSpill(engine)));
            permits.release();
            Waiting.until("one more", () -> handled.size() > before);
        }
    }

    // Where one thread does everything. Elsewhere the last is journaled whatever the calls do, however late that is.
    private boolean isLastBehindTheCall(final Engine engine)
    {
        return lastPublished == MANY && engine.context().threadingMode() == ThreadingMode.SHARED;
    }

    private static boolean isReadyToSpill(final Engine engine)
    {
        final PriorityRing ring = engine.core().rings()[Priority.LOW.code()];
        final ThreadingMode mode = engine.context().threadingMode();
        return ring.depth() == LIMIT && (mode == ThreadingMode.SHARED ||
            (mode == ThreadingMode.DEDICATED ? ring.routed() : ring.sequenced()).get() == ring.claimed());
    }

    private boolean isInCall()
    {
        return entered.get() == handled.size() + 1;
    }

    private boolean isParked(final LimitedAdmission admission)
    {
        return admission.waiting(Priority.LOW.code()) == 1 &&
            publishers.get(publishers.size() - 1).getState() == Thread.State.TIMED_WAITING;
    }

    private static long cyclesOfCritical(final Engine engine)
    {
        return engine.stats().agents().stream()
            .filter(agent -> agent.role() == EngineRole.CRITICAL).mapToLong(AgentStats::dutyCycles).sum();
    }

    private boolean driven(final Engine engine, final ThreadingMode mode)
    {
        if (mode == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
        return false;
    }

    private void note(final Map<String, List<Long>> got, final String name, final EventFlyweight event)
    {
        final List<Long> list = got.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>());
        final long sequence = event.sequence();
        if (name.equals("plain") || name.equals("durable") || name.equals("synced"))
        {
            final Map<Integer, Long> last = lasts.computeIfAbsent(name, key -> new ConcurrentHashMap<>());
            final Long before = last.put(event.priorityCode(), sequence);
            assertTrue(before == null || before < sequence, () -> name + ": " + sequence + " after " + before);
        }
        list.add(sequence);
    }

    /** Each call takes as long as the test does until it lets it go: that must not make it leave the rings. */
    private SubscriptionSpec slow()
    {
        return SubscriptionSpec.to("*", this::handle).name("slow").timeout(LONG);
    }

    private void parkBehindAFullRing(
        final Engine engine, final LimitedAdmission admission, final int first, final int last)
    {
        for (int number = first; number < last; number++)
        {
            publish(engine, Priority.LOW, number);
        }
        publishInBackground(engine, last, last + 1);
        Waiting.until("the publisher to park", () -> isParked(admission));
    }

    private void handle(final EventFlyweight event) throws InterruptedException
    {
        entered.incrementAndGet();
        permits.acquire();
        flags.add(event.flags());
        handled.add(event.sequence());
    }

    private void publishInBackground(final Engine engine, final int count)
    {
        publishInBackground(engine, 0, count);
    }

    private void publishInBackground(final Engine engine, final int first, final int end)
    {
        final Thread publisher = new Thread(() ->
        {
            try
            {
                for (int number = first; number < end; number++)
                {
                    publish(engine, Priority.LOW, number);
                    lastPublished = number + 1;
                }
            }
            catch (final Throwable ex)
            {
                failure.set(ex);
            }
        });
        publishers.add(publisher);
        publisher.start();
    }

    private void publish(final Engine engine, final Priority priority, final int number)
    {
        final EventBuilder event = new EventBuilder().type("load.step").priority(priority).payloadText("n" + number);
        long ticket = engine.publisher().publish(event);
        while (ticket == PublishResult.BACK_PRESSURED && engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
            ticket = engine.publisher().publish(event);
        }
        assertTrue(ticket >= 0, PublishResult.describe(ticket));
    }

    private long journaled()
    {
        long count = 0;
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.start())))
        {
            int polled = tailer.poll(event ->
            {
            }, 1000);
            while (polled > 0)
            {
                count += polled;
                polled = tailer.poll(event ->
                {
                }, 1000);
            }
        }
        return count;
    }

    private EngineContext context(final ThreadingMode mode)
    {
        final AdmissionContext admission = new AdmissionContext().blockTimeoutNs(LONG_NS);
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(mode)
            .hangTimeoutNs(0)
            .errorHandler(errors::add)
            .admission(admission);
        for (final Priority priority : Priority.values())
        {
            admission.overflow(priority, OverflowPolicy.SPILL);
            context.limit(priority, LIMIT);
        }
        return context;
    }
}
