package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.agrona.collections.LongArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions come, go, pause and resume while events pass through real threads: none is lost, none is repeated. */
@ExtendWith(ThreadHygiene.class)
class DeliveryThreadsTest
{
    private static final int COUNT = Integer.getInteger("sluice.delivery.events", 20_000);
    private static final int CHANGES = 60;
    // A thread that gets no processor for a while must not make a subscription leave the rings for good.
    private static final Duration LONG = Duration.ofMinutes(1);

    /** What one subscription got; one call at a time, whichever thread it is on. */
    private static final class Got
    {
        private final AtomicBoolean isInCall = new AtomicBoolean();
        private final LongArrayList sequences = new LongArrayList();
        private final long[] last = new long[Priority.COUNT];
        private volatile String trouble = "";
        private volatile int size;

        void onEvent(final EventFlyweight event)
        {
            if (!isInCall.compareAndSet(false, true))
            {
                trouble = "two calls at once";
            }
            final long sequence = event.sequence();
            final int code = event.priorityCode();
            if (sequence <= last[code])
            {
                trouble = sequence + " after " + last[code] + " of the same priority";
            }
            last[code] = sequence;
            sequences.addLong(sequence);
            size = sequences.size();
            isInCall.set(false);
        }
    }

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource(names = "INVOKER", mode = EnumSource.Mode.EXCLUDE)
    void shouldNotLoseOrRepeatAnEventWhenADurableSubscriptionComesAndGoes(final ThreadingMode mode)
    {
        final Got immediate = new Got();
        final Got tailing = new Got();
        final Got paused = new Got();
        final Got steady = new Got();
        try (Engine engine = Engine.launch(context(mode)
            .subscribe(SubscriptionSpec.to("*", steady::onEvent).name("steady").timeout(LONG))
            .subscribe(SubscriptionSpec.to("*", paused::onEvent).name("paused").timeout(LONG))))
        {
            final SubscriptionSpec first =
                SubscriptionSpec.to("*", immediate::onEvent).durable("immediate").timeout(LONG);
            final SubscriptionSpec second =
                SubscriptionSpec.to("*", tailing::onEvent).durable("tailing").mode(DeliveryMode.TAILING);
            final Subscription[] comingAndGoing = {engine.subscribe(first), engine.subscribe(second)};
            final Subscription pausing = engine.subscriptions().get(1);
            publishWhile(engine, change ->
            {
                engine.unsubscribe(comingAndGoing[0]);
                engine.unsubscribe(comingAndGoing[1]);
                pausing.pause();
                comingAndGoing[0] = engine.subscribe(first);
                comingAndGoing[1] = engine.subscribe(second);
                pausing.resume();
            });
            Waiting.until("all of it in every subscription", () -> immediate.size == COUNT && tailing.size == COUNT &&
                paused.size == COUNT && steady.size == COUNT || !errors.isEmpty());
            Waiting.until("the return to the rings", () ->
                pausing.state() == SubscriptionState.RUNNING &&
                comingAndGoing[0].state() == SubscriptionState.RUNNING);
        }
        assertEquals(List.of(), errors);
        for (final Got got : List.of(steady, immediate, tailing, paused))
        {
            assertEquals("", got.trouble);
            assertEquals(
                LongStream.rangeClosed(1, COUNT).boxed().toList(),
                got.sequences.longStream().sorted().boxed().toList());
        }
    }

    private void publishWhile(final Engine engine, final LongConsumer change)
    {
        final AtomicInteger next = new AtomicInteger();
        final List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < 2; i++)
        {
            publishers.add(new Thread(() ->
            {
                final EventBuilder event = new EventBuilder().type("threads.test").source("test");
                for (int n = next.getAndIncrement(); n < COUNT; n = next.getAndIncrement())
                {
                    event.priority(Priority.values()[n % Priority.COUNT])
                        .payload(Integer.toString(n).getBytes(StandardCharsets.UTF_8));
                    while (engine.publisher().publish(event) < 0)
                    {
                        Thread.yield();
                    }
                }
            }));
        }
        publishers.forEach(Thread::start);
        for (int i = 1; i <= CHANGES; i++)
        {
            final int from = i * (COUNT / (CHANGES + 1));
            Waiting.until("event " + from, () -> next.get() >= from);
            change.accept(i);
        }
        Waiting.until("the publishers", () -> publishers.stream().noneMatch(Thread::isAlive));
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(mode)
            .arenaLength(1 << 22)
            .index(false)
            .hangTimeoutNs(0)
            .dedup(new DedupContext().idCapacity(1 << 10))
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 21).prepareAhead(1 << 20));
    }
}
