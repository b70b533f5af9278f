package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What waits behind calls that hang, of a subscription that reads the journal and is called by several at once. */
@ExtendWith(ThreadHygiene.class)
class HungSlotsTest
{
    private static final Duration HANGS = Duration.ofSeconds(31);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> read = new CopyOnWriteArrayList<>();
    private final List<Long> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(2);
    private final Map<Long, CountDownLatch> released = Map.of(1L, new CountDownLatch(1), 2L, new CountDownLatch(1));

    private long published;

    @AfterEach
    void release()
    {
        released.values().forEach(CountDownLatch::countDown);
    }

    @Test
    void shouldHandleWhatWaitsBehindTheOthersWhenTheFirstOfThemReturns()
    {
        try (Engine engine = launch(Map.of(1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L, 5L, 4L)))
        {
            hangBoth(engine);
            publish(engine, 4);
            released.get(1L).countDown();
            Waiting.until("what waited in the slot that returned", () -> handled.contains(3L));
            publish(engine, 5);
            Waiting.until("a later event", () -> handled.contains(5L));
            assertEquals(List.of(3L, 4L, 5L), handled, "in order, though the other call still hangs");
            assertEquals(1, released.get(2L).getCount());
        }
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhateverCallReturnsFirst()
    {
        try (Engine engine = launch(Map.of(1L, 1L, 2L, 2L, 3L, 3L, 4L, 3L, 5L, 3L)))
        {
            hangBoth(engine);
            publish(engine, 5);
            released.get(2L).countDown();
            Waiting.until("what waited", () -> handled.size() == 3);
            assertEquals(List.of(3L, 4L, 5L), handled);
            assertEquals(1, released.get(1L).getCount());
        }
    }

    @Test
    void shouldTryEveryEventAgainWhenMoreAttemptsWaitThanTheFirstCallThatReturnsHasRoomFor()
    {
        final int count = 3_000;
        final Set<Long> again = ConcurrentHashMap.newKeySet();
        final AtomicInteger blocked = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();
        final CountDownLatch first = released.get(1L);
        final CountDownLatch others = released.get(2L);
        try (Engine engine = Engine.launch(context().hangTimeoutNs(Duration.ofHours(1).toNanos())
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                if (event.sequence() > count)
                {
                    Waiting.on(blocked.incrementAndGet() == 1 ? first : others, "its release");
                }
                else if ((event.flags() & EventDescriptor.FLAG_REDELIVERED) == 0)
                {
                    throw new IOException("at first");
                }
                else
                {
                    again.add(event.sequence());
                }
            }).name("hanging").mode(DeliveryMode.TAILING).concurrency(3).breaker(BreakerPolicy.OFF)
                .retry(RetryPolicy.DEFAULT.firstDelayNs(1_000_000_000L).jitter(0.0)).key(event ->
                {
                    asked.incrementAndGet();
                    return event.sequence();
                }))))
        {
            final Subscription subscription = engine.subscriptions().get(0);
            publishOnly(engine, count);
            Waiting.until("the failures", () -> subscription.errors() == count);
            for (int i = 1; i <= 3; i++)
            {
                final int calls = i;
                publishOnly(engine, count + i);
                Waiting.until("a call that hangs", () -> blocked.get() == calls);
            }
            clock.advance(Duration.ofSeconds(1));
            Waiting.until("the further attempts", () -> asked.get() >= 2 * count + 3);
            clock.advance(Duration.ofHours(31));
            Waiting.until("the dead letters", () -> subscription.deadLetters() == 3);
            first.countDown();
            Waiting.until("all", () ->
            {
                clock.advance(Duration.ofMillis(10));
                return again.size() == count;
            });
            assertEquals(1, others.getCount());
        }
    }

    private void hangBoth(final Engine engine)
    {
        publish(engine, 2);
        Waiting.on(entered, "both calls");
        clock.advance(HANGS);
        Waiting.until("the dead letters", () -> engine.subscriptions().get(0).deadLetters() == 2);
    }

    // Until the feed has read as many: whoever gives an event to a call asks for its key.
    private void publish(final Engine engine, final long upTo)
    {
        publishOnly(engine, upTo);
        Waiting.until("the feed", () -> read.contains(upTo));
    }

    private void publishOnly(final Engine engine, final long upTo)
    {
        while (published < upTo)
        {
            final EventBuilder event =
                new EventBuilder().type("load.step").priority(Priority.NORMAL).payloadText("n" + ++published);
            Waiting.until("room", () -> engine.publisher().publish(event) >= 0);
        }
    }

    private Engine launch(final Map<Long, Long> keys)
    {
        return Engine.launch(context()
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                final long sequence = event.sequence();
                if (released.containsKey(sequence))
                {
                    entered.countDown();
                    Waiting.on(released.get(sequence), "its release");
                }
                else
                {
                    handled.add(sequence);
                }
            }).name("hanging").mode(DeliveryMode.TAILING).concurrency(2).key(event ->
            {
                read.add(event.sequence());
                return keys.get(event.sequence());
            })));
    }

    private EngineContext context()
    {
        return new EngineContext()
            .directory(directory)
            .clock(clock)
            .threadingMode(ThreadingMode.SHARED)
            .errorHandler(errors::add);
    }
}
