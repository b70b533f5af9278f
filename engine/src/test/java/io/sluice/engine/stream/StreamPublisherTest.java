package io.sluice.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.ManualClock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamPublisherTest
{
    private final TestEvents events = new TestEvents();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> signals = new ArrayList<>();
    private final EventStreams streams = EventStreams.open(
        new EventStreamsContext().clock(new ManualClock(Instant.parse("2024-01-20T10:30:00Z"))));
    private final EventStream stream = streams.subscribe(EventStreamSpec.of("s").bufferSize(4));

    @Test
    void shouldGiveWhatIsAskedForAndNoMoreWhenThereIsDemand() throws Exception
    {
        final Subscriber subscriber = new Subscriber();
        stream.publisher(tasks::add).subscribe(subscriber);
        feed(1, 6);
        assertEquals(List.of("subscribed"), signals);
        subscriber.subscription.request(2);
        run();
        assertEquals(List.of("subscribed", "2 missed", "3"), signals);
        subscriber.subscription.request(Long.MAX_VALUE);
        subscriber.subscription.request(1);
        streams.close();
        run();
        assertEquals(List.of("subscribed", "2 missed", "3", "4", "5", "6", "completed"), signals);
        subscriber.subscription.request(1);
        assertTrue(tasks.isEmpty());
    }

    @Test
    void shouldCloseTheStreamWhenTheSubscriberCancels() throws Exception
    {
        final Subscriber subscriber = new Subscriber();
        stream.publisher(tasks::add).subscribe(subscriber);
        feed(1, 3);
        subscriber.cancelAt = "2";
        subscriber.subscription.request(10);
        run();
        assertEquals(List.of("subscribed", "1", "2"), signals);
        assertEquals(StreamState.CLOSED, stream.stats().state());
        assertEquals(List.of(), streams.stats());
    }

    @Test
    void shouldEndWithAnErrorWhenASubscriberBreaksTheRules() throws Exception
    {
        final Flow.Publisher<StreamItem> publisher = stream.publisher(tasks::add);
        final Subscriber subscriber = new Subscriber();
        publisher.subscribe(subscriber);
        publisher.subscribe(new Subscriber());
        assertEquals("java.lang.IllegalStateException: stream 's' has a subscriber: open another stream",
            signals.get(2));
        signals.clear();
        subscriber.subscription.request(0);
        run();
        assertEquals(
            List.of("java.lang.IllegalArgumentException: request(0) must be more than 0"), signals);
        assertEquals(StreamState.CLOSED, stream.stats().state());
    }

    @Test
    void shouldCloseTheStreamWhenASubscriberThrows() throws Exception
    {
        final Subscriber subscriber = new Subscriber();
        stream.publisher(tasks::add).subscribe(subscriber);
        feed(1, 3);
        subscriber.failAt = "1";
        subscriber.subscription.request(10);
        assertThrows(IllegalStateException.class, this::run);
        assertTrue(stream.isEnded());
    }

    @Test
    void shouldDeliverAllWhenAnExecutorRunsIt() throws Exception
    {
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try
        {
            final EventStream all = streams.subscribe(EventStreamSpec.of("all").bufferSize(2000));
            final Subscriber subscriber = new Subscriber();
            subscriber.refill = true;
            all.publisher(executor).subscribe(subscriber);
            subscriber.subscription.request(1);
            feed(1, 1000);
            streams.close();
        }
        finally
        {
            // What is running goes on until the stream has ended.
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!signalsHold("completed") && System.nanoTime() < deadline)
            {
                Thread.onSpinWait();
            }
            executor.shutdown();
            assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        }
        assertEquals(1002, signals.size());
        assertEquals("1000", signals.get(1000));
    }

    @Test
    void shouldEndWithAnErrorWhenTheExecutorIsEndedOrInterrupted() throws Exception
    {
        final Subscriber subscriber = new Subscriber();
        stream.publisher(tasks::add).subscribe(subscriber);
        subscriber.subscription.request(1);
        Thread.currentThread().interrupt();
        run();
        assertTrue(Thread.interrupted(), "left to the executor");
        assertTrue(signals.get(1).contains("interrupted while waiting for stream 's': cancel"), signals.toString());
        assertEquals(StreamState.CLOSED, stream.stats().state());
        signals.clear();
        final EventStream other = streams.subscribe(EventStreamSpec.of("other"));
        final Subscriber refused = new Subscriber();
        other.publisher(task ->
        {
            throw new RejectedExecutionException("shut down");
        }).subscribe(refused);
        refused.subscription.request(1);
        assertTrue(
            signals.get(1).contains("the executor of stream 'other' takes nothing any more"), signals.toString());
        assertEquals(StreamState.CLOSED, other.stats().state());
    }

    private boolean signalsHold(final String text)
    {
        synchronized (signals)
        {
            return signals.contains(text);
        }
    }

    private void feed(final int first, final int last) throws Exception
    {
        for (int i = first; i <= last; i++)
        {
            streams.handler().onEvent(events.next(i));
        }
    }

    private void run()
    {
        while (!tasks.isEmpty())
        {
            tasks.remove().run();
        }
    }

    private final class Subscriber implements Flow.Subscriber<StreamItem>
    {
        private Flow.Subscription subscription;
        private String cancelAt;
        private String failAt;
        private boolean refill;

        @Override
        public void onSubscribe(final Flow.Subscription given)
        {
            subscription = given;
            add("subscribed");
        }

        @Override
        public void onNext(final StreamItem item)
        {
            final String text =
                item.isEvent() ? "" + item.event().sequence() : item.missed().count() + " missed";
            if (text.equals(failAt))
            {
                throw new IllegalStateException("as asked");
            }
            add(text);
            if (text.equals(cancelAt))
            {
                subscription.cancel();
            }
            if (refill)
            {
                subscription.request(1);
            }
        }

        @Override
        public void onError(final Throwable cause)
        {
            add(cause.toString());
        }

        @Override
        public void onComplete()
        {
            add("completed");
        }

        private void add(final String text)
        {
            synchronized (signals)
            {
                signals.add(text);
            }
        }
    }
}
