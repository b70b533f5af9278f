package io.sluice.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try")
class EventStreamTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final ManualClock clock = new ManualClock(Instant.parse("2024-01-20T10:30:00Z"));
    private final List<Throwable> errors = new ArrayList<>();
    private final EventStreamsContext context =
        new EventStreamsContext().clock(clock).errorHandler(errors::add);
    private final TestEvents events = new TestEvents();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final StreamHandler seeing = new StreamHandler()
    {
        @Override
        public void onEvent(final EventFlyweight event)
        {
            seen.add(Long.toString(event.sequence()));
        }

        @Override
        public void onMissed(final MissedEvents missed)
        {
            seen.add(missed.count() + " in " + missed.firstSequence() + "-" + missed.lastSequence());
        }
    };

    @Test
    void shouldGiveEachStreamWhatItWantsWhenSeveralAreOpen() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream all = streams.subscribe(EventStreamSpec.of("all"));
            EventStream some = streams.subscribe(EventStreamSpec.of("some")
                .pattern("a.*").filter("sequence > 1").minimumPriority(Priority.HIGH)))
        {
            feed(streams, 1, "a.b", Priority.HIGH);
            feed(streams, 2, "a.b", Priority.NORMAL);
            feed(streams, 3, "b", Priority.CRITICAL);
            feed(streams, 4, "a.c", Priority.CRITICAL);
            assertEquals(List.of("1", "2", "3", "4"), drained(all));
            assertEquals(List.of("4"), drained(some));
            assertEquals(4, all.stats().delivered());
            assertEquals(List.of("all", "some"), streams.stats().stream().map(StreamStats::name).toList());
            assertEquals(StreamState.LIVE, some.stats().state());
            some.close();
            feed(streams, 5, "a.c", Priority.CRITICAL);
            assertEquals(List.of(), drained(some));
            assertTrue(some.isEnded());
            assertEquals(StreamState.CLOSED, some.stats().state());
            assertEquals(List.of("5"), drained(all));
        }
    }

    @Test
    void shouldTellWhatWasMissedInItsPlaceWhenTheOldestAreDropped() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("slow").bufferSize(4)))
        {
            feed(streams, 1, 10);
            assertEquals(List.of("6 in 1-6", "7", "8", "9", "10"), drained(stream));
            feed(streams, 11, 12);
            assertEquals(List.of("11", "12"), drained(stream));
            feed(streams, 13, 18);
            assertEquals(1, stream.poll(seeing, 1));
            feed(streams, 19, 20);
            assertEquals(List.of("2 in 13-14", "15", "1 in 16-16", "17", "18", "19", "20"), drained(stream));
            assertEquals(9, stream.stats().missed());
        }
    }

    @Test
    void shouldTakeNoMoreThanTheEngineHasAndSayWhatWasMissed() throws Exception
    {
        final long limit = 60_000;
        final MemoryBudget budget = new MemoryBudget(limit, 50_000);
        try (EventStreams streams = EventStreams.open(context.memory(budget));
            EventStream first = streams.subscribe(EventStreamSpec.of("first").bufferSize(100));
            EventStream second = streams.subscribe(EventStreamSpec.of("second").bufferSize(100).pattern("b")))
        {
            final long empty = budget.used();
            assertTrue(empty > 0 && empty < limit / 2, () -> "two empty streams take " + empty);
            for (int i = 1; i <= 80; i++)
            {
                streams.handler().onEvent(events.next(i, i % 2 == 0 ? "a" : "b", Priority.LOW, 1500));
            }
            assertTrue(budget.used() > limit / 2, budget.byUser()::toString);
            assertTrue(budget.used() <= limit + 80 * NodePool.OVERHEAD, budget.byUser()::toString);
            assertTrue(first.stats().missed() > 0);
            drained(first);
            drained(second);
            assertEquals(80, first.stats().delivered() + first.stats().missed());
            assertEquals(40, second.stats().delivered() + second.stats().missed());
            budget.cleanUp();
            streams.handler().onEvent(events.next(81, "c", Priority.LOW, 100));
            assertTrue(budget.used() < empty + 2000, "what nobody uses is given back");
            assertEquals(List.of("81"), drained(first));
        }
        assertEquals(0, budget.used());
        assertEquals(Map.of(), budget.byUser());
    }

    @Test
    void shouldKeepItsBytesAndNameTheEventWhenOneIsTooLarge() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("small").bufferBytes(2000)))
        {
            feed(streams, 1, 2);
            streams.handler().onEvent(events.next(3, "a", Priority.LOW, 5000));
            feed(streams, 4, 4);
            assertTrue(stream.stats().bytes() <= 2000);
            assertEquals(List.of("1", "2", "1 in 3-3", "4"), drained(stream));
            feed(streams, 5, 30);
            assertTrue(stream.stats().bytes() <= 2000);
            streams.handler().onEvent(events.next(31, "a", Priority.LOW, 5000));
            streams.handler().onEvent(events.next(32, "a", Priority.LOW, 5000));
            final StreamStats stats = stream.stats();
            final List<String> rest = drained(stream);
            assertEquals("1 in 32-32", rest.get(rest.size() - 1));
            assertEquals(28, stream.stats().missed() + stream.stats().delivered() - 4);
            assertTrue(stats.bytes() <= 2000, stats.toString());
            assertEquals(0, stream.stats().bytes());
            // Everything that is there is places of events that there was no room for.
            for (int i = 33; i < 60; i++)
            {
                streams.handler().onEvent(events.next(i, "a", Priority.LOW, 5000));
            }
            assertTrue(stream.stats().bytes() <= 2000);
            int missed = 0;
            for (final String notice : drained(stream))
            {
                missed += Integer.parseInt(notice.substring(0, notice.indexOf(' ')));
            }
            assertEquals(27, missed);
        }
    }

    @Test
    void shouldEndTheStreamWhenItStaysFullForTheTimeout() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream slow = streams.subscribe(
                EventStreamSpec.of("slow").bufferSize(2).overflow(StreamOverflow.DISCONNECT));
            EventStream dropping = streams.subscribe(EventStreamSpec.of("dropping").bufferSize(2)))
        {
            feed(streams, 1, 3);
            final long fullSinceNs = clock.nanoTime();
            assertEquals(fullSinceNs, slow.stats().fullSinceNs());
            clock.advance(Duration.ofSeconds(29));
            feed(streams, 4, 4);
            assertEquals(StreamState.LIVE, slow.stats().state());
            assertFalse(slow.stats().isSlow());
            clock.advance(Duration.ofSeconds(1));
            feed(streams, 5, 5);
            assertEquals(StreamState.DISCONNECTED, slow.stats().state());
            assertTrue(slow.stats().isSlow() && dropping.stats().isSlow());
            assertEquals(StreamState.LIVE, dropping.stats().state());
            feed(streams, 6, 6);
            assertEquals(List.of("3 in 1-3", "4", "5"), drainedUntilEnd(slow));
            final EventStreamException error =
                assertThrows(EventStreamException.class, () -> slow.poll(seeing, 1));
            assertTrue(error.getMessage().contains("'slow' was disconnected: it was full for 30000 ms"), "" + error);
            assertEquals(error.getMessage(), errors.get(0).getMessage());
            assertEquals(List.of("4 in 1-4", "5", "6"), drained(dropping));
            clock.advance(Duration.ofSeconds(1));
            feed(streams, 7, 7);
            assertEquals(0, dropping.stats().fullSinceNs());
            assertFalse(dropping.stats().isSlow());
            assertEquals(1, errors.size());
        }
    }

    @Test
    void shouldNotBeSlowWhenItHasComeDownToTheThresholdInTime() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context.backPressureThreshold(0.5));
            EventStream stream = streams.subscribe(
                EventStreamSpec.of("calm").bufferSize(4).overflow(StreamOverflow.DISCONNECT)))
        {
            feed(streams, 1, 5);
            stream.poll(seeing, 3);
            clock.advance(Duration.ofSeconds(29));
            feed(streams, 6, 6);
            assertEquals(0, stream.stats().fullSinceNs());
            feed(streams, 7, 20);
            clock.advance(Duration.ofSeconds(29));
            feed(streams, 21, 21);
            assertEquals(StreamState.LIVE, stream.stats().state());
        }
    }

    @Test
    void shouldGiveCopiesThatStayWhenItemsAreAskedFor() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("s").bufferSize(2)))
        {
            assertNull(stream.next(0));
            feed(streams, 1, 3);
            final StreamItem notice = stream.next(0);
            final StreamItem two = stream.next(0);
            assertEquals(new MissedEvents(1, 1, 1), notice.missed());
            assertFalse(notice.isEvent());
            feed(streams, 4, 9);
            assertTrue(two.isEvent());
            assertEquals(2, two.event().sequence());
            assertEquals("a.b", two.event().type());
            streams.close();
            final List<String> rest = new ArrayList<>();
            for (final StreamItem item : stream)
            {
                rest.add(item.isEvent() ? "" + item.event().sequence() : "" + item.missed().count());
            }
            assertEquals(List.of("5", "8", "9"), rest);
            final Iterator<StreamItem> ended = stream.iterator();
            assertThrows(NoSuchElementException.class, ended::next);
            assertTrue(stream.isEnded());
            assertEquals(StreamState.ENDED, stream.stats().state());
        }
    }

    @Test
    void shouldWakeTheReaderWhenAnEventComesOrTheStreamIsClosed() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("s")))
        {
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread reader = new Thread(() ->
            {
                while (!stream.isEnded())
                {
                    stream.poll(seeing, 10, 3600 * SECOND_NS);
                }
            });
            reader.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            reader.start();
            for (int i = 1; i <= 1000; i++)
            {
                feed(streams, i, i);
                while (seen.size() < i && reader.isAlive())
                {
                    Thread.onSpinWait();
                }
            }
            await(reader, Thread.State.TIMED_WAITING);
            stream.close();
            reader.join();
            assertNull(failure.get());
            assertEquals(1000, seen.size());
        }
    }

    @Test
    void shouldLeaveTheInterruptSetWhenAWaitingReaderIsInterrupted() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("s")))
        {
            Thread.currentThread().interrupt();
            assertEquals(0, stream.poll(seeing, 1, 3600 * SECOND_NS));
            final Iterator<StreamItem> items = stream.iterator();
            final EventStreamException error = assertThrows(EventStreamException.class, items::hasNext);
            assertTrue(error.getMessage().contains("interrupted"), error.getMessage());
            assertTrue(Thread.interrupted());
            feed(streams, 1, 1);
            assertTrue(items.hasNext());
        }
    }

    @Test
    void shouldRefuseTheSecondThreadWhenAnotherReads() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context);
            EventStream stream = streams.subscribe(EventStreamSpec.of("s")))
        {
            final CountDownLatch isIn = new CountDownLatch(1);
            final CountDownLatch release = new CountDownLatch(1);
            feed(streams, 1, 2);
            final Thread reader = new Thread(() -> stream.poll(
                event ->
                {
                    isIn.countDown();
                    awaitQuietly(release);
                },
                1));
            reader.start();
            awaitQuietly(isIn);
            final IllegalStateException error =
                assertThrows(IllegalStateException.class, () -> stream.poll(seeing, 1));
            assertTrue(error.getMessage().contains("'s' is being read by another thread"), error.getMessage());
            stream.close();
            release.countDown();
            reader.join();
            assertEquals(0, stream.stats().bytes());
            assertEquals(List.of(), drained(stream));
        }
    }

    @Test
    void shouldNameTheRemedyWhenAStreamCannotBeOpened()
    {
        try (EventStreams streams = EventStreams.open(context.maxStreams(2).maxBytes(1_000_000)))
        {
            final EventStream first = streams.subscribe(EventStreamSpec.of("first"));
            assertRefused(streams, EventStreamSpec.of("first").bufferSize(1).bufferBytes(2000), "its name is in use");
            assertRefused(streams, EventStreamSpec.of("second"), "of maxBytes=1000000 there are ");
            assertRefused(
                streams, EventStreamSpec.of("waiting").bufferSize(1).bufferBytes(2000).overflow(StreamOverflow.WAIT),
                "no journal");
            streams.subscribe(EventStreamSpec.of("small").bufferSize(10).bufferBytes(2000));
            assertRefused(streams, EventStreamSpec.of("third").bufferSize(1).bufferBytes(2000), "2 already");
            first.close();
            first.close();
            assertTrue(streams.reservedBytes() < 4000);
            streams.subscribe(EventStreamSpec.of("first"));
            streams.close();
            streams.close();
            assertRefused(streams, EventStreamSpec.of("late"), "are closed");
        }
    }

    @Test
    void shouldNameTheValueWhenASettingIsNotAllowed()
    {
        assertTrue(refusal(() -> EventStreams.open(new EventStreamsContext().maxStreams(0))).contains("maxStreams=0"));
        assertTrue(refusal(() -> EventStreams.open(new EventStreamsContext().bufferSize(0))).contains("bufferSize=0"));
        assertTrue(
            refusal(() -> EventStreams.open(new EventStreamsContext().bufferBytes(9))).contains("bufferBytes=9"));
        assertTrue(refusal(() -> EventStreams.open(new EventStreamsContext().maxBytes(9))).contains("maxBytes=9"));
        assertTrue(refusal(() -> EventStreams.open(new EventStreamsContext().backPressureThreshold(1.1)))
            .contains("backPressureThreshold=1.1"));
        assertTrue(
            refusal(() -> EventStreams.open(new EventStreamsContext().slowTimeoutNs(0))).contains("slowTimeoutNs=0"));
        assertTrue(refusal(() -> EventStreamSpec.of(" ")).contains("name=' '"));
        assertThrows(EventFilterException.class, () -> EventStreamSpec.of("s").pattern("a..b"));
        assertThrows(EventFilterException.class, () -> EventStreamSpec.of("s").filter("type ="));
        assertEquals("", EventStreamSpec.of("s").filter("").filter());
        assertEquals("*", EventStreamSpec.of("s").pattern());
    }

    @Test
    void shouldHoldTheDefaultsWhenNothingIsSet()
    {
        final EventStreamsContext defaults = new EventStreamsContext();
        assertEquals(100, defaults.maxStreams());
        assertEquals(1000, defaults.bufferSize());
        assertEquals(0.8, defaults.backPressureThreshold());
        assertEquals(30 * SECOND_NS, defaults.slowTimeoutNs());
    }

    @Test
    void shouldHoldAThousandEventsForEachOfAHundredStreamsWhenAllAreTooSlow() throws Exception
    {
        final StreamFeed feed;
        try (EventStreams streams = EventStreams.open(context))
        {
            feed = (StreamFeed)streams.handler();
            final List<EventStream> open = new ArrayList<>();
            for (int i = 0; i < 100; i++)
            {
                // Each takes others, so that nothing is shared.
                open.add(streams.subscribe(EventStreamSpec.of("s" + i).pattern("t" + i)));
            }
            assertRefused(streams, EventStreamSpec.of("one more"), "100 already");
            for (int round = 0; round < 1100; round++)
            {
                for (int i = 0; i < 100; i++)
                {
                    feed.onEvent(events.next(100L * round + i + 1, "t" + i, Priority.NORMAL, 256));
                }
            }
            for (final EventStream stream : open)
            {
                assertEquals(1000, stream.stats().buffered());
                assertEquals(100, stream.stats().missed());
            }
            assertTrue(feed.pooledBytes() <= context.maxBytes(), "" + feed.pooledBytes());
            assertTrue(streams.reservedBytes() <= context.maxBytes(), "" + streams.reservedBytes());
        }
    }

    @Test
    void shouldCopyOnceWhenAHundredStreamsTakeTheSameEvents() throws Exception
    {
        try (EventStreams streams = EventStreams.open(context))
        {
            final StreamFeed feed = (StreamFeed)streams.handler();
            final List<EventStream> open = new ArrayList<>();
            for (int i = 0; i < 100; i++)
            {
                open.add(streams.subscribe(EventStreamSpec.of("s" + i)));
            }
            feed(streams, 1, 1000);
            assertEquals(1000L * NodePool.footprint(events.next(1).recordLength()), feed.pooledBytes());
            for (final EventStream stream : open)
            {
                assertEquals(1000, stream.poll(seeing, 2000));
            }
            final long before = feed.pooledBytes();
            feed(streams, 1001, 2000);
            assertEquals(before, feed.pooledBytes());
        }
    }

    @Test
    void shouldAllocateNothingWhenItFeedsAndDropsAndIsRead() throws Exception
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        try (EventStreams streams = EventStreams.open(context);
            EventStream read = streams.subscribe(EventStreamSpec.of("read").pattern("a.*"));
            EventStream full = streams.subscribe(EventStreamSpec.of("full").minimumPriority(Priority.NORMAL)))
        {
            final StreamHandler counting = event -> assertSame(Priority.NORMAL, event.priority());
            events.next(1);
            long sequence = 1;
            long allocated = Long.MAX_VALUE;
            int rounds = 0;
            // The compiler may give up a method and make it anew, which counts for the thread.
            while (allocated >= 1000 && rounds < 10)
            {
                rounds++;
                final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                for (int i = 0; i < 50_000; i++)
                {
                    streams.handler().onEvent(events.again(sequence++));
                    read.poll(counting, 10);
                }
                allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            }
            assertTrue(allocated < 1000, allocated + " bytes in 50,000 events");
            assertEquals(rounds * 50_000L - 1_000L, full.stats().missed());
        }
    }

    private void assertRefused(final EventStreams streams, final EventStreamSpec spec, final String reason)
    {
        final EventStreamException error =
            assertThrows(EventStreamException.class, () -> streams.subscribe(spec));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    private static String refusal(final Runnable call)
    {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    private void feed(final EventStreams streams, final long first, final long last) throws Exception
    {
        for (long sequence = first; sequence <= last; sequence++)
        {
            streams.handler().onEvent(events.next(sequence));
        }
    }

    private void feed(final EventStreams streams, final long sequence, final String type, final Priority priority)
        throws Exception
    {
        streams.handler().onEvent(events.next(sequence, type, priority, 10));
    }

    private List<String> drained(final EventStream stream)
    {
        while (stream.poll(seeing, 100) > 0)
        {
            // Until nothing is left.
        }
        return take();
    }

    private List<String> drainedUntilEnd(final EventStream stream)
    {
        stream.poll(seeing, 100);
        return take();
    }

    private List<String> take()
    {
        final List<String> result = List.copyOf(seen);
        seen.clear();
        return result;
    }

    private static void await(final Thread thread, final Thread.State state)
    {
        while (thread.getState() != state && thread.isAlive())
        {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(final CountDownLatch latch)
    {
        try
        {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        }
        catch (final InterruptedException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
