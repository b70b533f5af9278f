package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AckWaitersTest
{
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    private final ConcurrentMap<Long, Long> sequences = new ConcurrentHashMap<>();
    private final Watermarks watermarks = new Watermarks();
    private final AtomicLong requested = new AtomicLong();
    private final AckWaiters waiters = new AckWaiters(
        (ticket) -> sequences.getOrDefault(ticket, PublishResult.NOT_SEQUENCED),
        watermarks,
        (sequence) -> requested.accumulateAndGet(sequence, Math::max));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Thread> parked = new ArrayList<>();

    @BeforeEach
    void open()
    {
        watermarks.open(0, true, 0);
    }

    @AfterEach
    void endThreads() throws InterruptedException
    {
        waiters.end(PublishResult.CLOSED);
        threads.shutdown();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS), "a waiter was not released");
    }

    @Test
    void shouldReturnAtOnceWhenTheEventHasComeSoFarAlready()
    {
        journal(7, 70);
        assertEquals(70, waiters.await(7, false, deadline()));
        sync(70);
        assertEquals(70, waiters.await(7, true, deadline()));
        sequences.put(8L, PublishResult.VOID);
        assertEquals(PublishResult.VOID, waiters.await(8, false, deadline()));
        assertEquals(PublishResult.VOID, waiters.await(8, true, deadline()));
        assertEquals(70, waiters.look(7, true, 0));
        assertEquals(AckWaiters.PENDING, waiters.look(9, false, 0));
    }

    @Test
    void shouldWakeWhenTheEventIsJournaled() throws Exception
    {
        final Future<Long> first = park(1, false);
        final Future<Long> second = park(2, false);
        final Future<Long> skipped = park(3, false);
        journal(2, 1);
        assertEquals(1, get(second));
        assertFalse(first.isDone());
        journal(1, 2);
        assertEquals(2, get(first));
        sequences.put(3L, PublishResult.VOID);
        journal(4, 3);
        assertEquals(PublishResult.VOID, get(skipped));
        assertEquals(0, requested.get(), "nobody wanted a force");
    }

    @Test
    void shouldAskForTheForceAndWakeOnlyWhenItCoversTheEvent() throws Exception
    {
        final Future<Long> early = park(1, true);
        assertEquals(0, requested.get());
        journal(1, 10);
        assertEquals(10, requested.get(), "as soon as the sequence is known");
        journal(2, 11);
        final Future<Long> late = park(2, true);
        assertEquals(11, requested.get());
        sync(9);
        assertStillParked(early, late);
        sync(10);
        assertEquals(10, get(early));
        assertStillParked(late);
        sync(11);
        assertEquals(11, get(late));
    }

    @Test
    void shouldStillKnowTheSequenceWhenTheTicketIsForgottenBeforeTheForce() throws Exception
    {
        final Future<Long> waiting = park(1, true);
        journal(1, 10);
        sequences.put(1L, PublishResult.EXPIRED);
        journal(2, 11);
        assertStillParked(waiting);
        sync(11);
        assertEquals(10, get(waiting));
    }

    @Test
    void shouldWakeEachOfHundredsWhenOneForceCoversThemAll() throws Exception
    {
        final List<Future<Long>> waiting = new ArrayList<>();
        for (int i = 1; i <= 300; i++)
        {
            waiting.add(park(i, true));
        }
        for (int i = 1; i <= 300; i++)
        {
            journal(i, i);
        }
        sync(299);
        for (int i = 1; i <= 299; i++)
        {
            assertEquals(i, get(waiting.get(i - 1)));
        }
        assertStillParked(waiting.get(299));
        sync(300);
        assertEquals(300, get(waiting.get(299)));
    }

    @Test
    void shouldTimeOutAndLeaveNothingBehindWhenNothingComes()
    {
        for (int i = 0; i < 3 * WaiterSet.CAPACITY; i++)
        {
            assertEquals(PublishResult.TIMED_OUT, waiters.await(1, i % 2 == 0, System.nanoTime()));
        }
        journal(1, 5);
        sync(5);
        assertEquals(5, waiters.await(1, true, deadline()));
    }

    @Test
    void shouldTimeOutWhenTheEventIsJournaledAndNotForcedInTime() throws Exception
    {
        final Future<Long> waiting = threads.submit(
            () -> waiters.await(1, true, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50)));
        journal(1, 5);
        assertEquals(PublishResult.TIMED_OUT, get(waiting));
    }

    @Test
    void shouldReleaseEverybodyNowAndLaterWhenItEnds() throws Exception
    {
        final Future<Long> unsequenced = park(1, false);
        final Future<Long> unsequencedForForce = park(2, true);
        final Future<Long> unsynced = park(3, true);
        journal(3, 1);
        waiters.end(PublishResult.FAILED);
        assertEquals(PublishResult.FAILED, get(unsequenced));
        assertEquals(PublishResult.FAILED, get(unsequencedForForce));
        assertEquals(PublishResult.FAILED, get(unsynced));
        assertEquals(PublishResult.FAILED, waiters.await(9, false, deadline()));
        assertEquals(PublishResult.FAILED, waiters.await(3, true, deadline()));
        assertEquals(1, waiters.await(3, false, deadline()), "what is true stays true");
    }

    @Test
    void shouldWaitOnAndKeepTheInterruptWhenInterrupted() throws Exception
    {
        final AtomicBoolean interrupted = new AtomicBoolean();
        final Future<Long> waiting = park(1, () ->
        {
            Thread.currentThread().interrupt();
            final long result = waiters.await(1, false, deadline());
            interrupted.set(Thread.interrupted());
            return result;
        });
        parked.get(0).interrupt();
        assertStillParked(waiting);
        journal(1, 4);
        assertEquals(4, get(waiting));
        assertTrue(interrupted.get(), "the host finds its interrupt");
    }

    @Test
    void shouldServeEverybodyWhenMoreWaitThanThereArePlaces() throws Exception
    {
        final AckWaiters few = new AckWaiters(
            (ticket) -> sequences.getOrDefault(ticket, PublishResult.NOT_SEQUENCED),
            watermarks,
            (sequence) -> requested.accumulateAndGet(sequence, Math::max),
            2);
        final List<Future<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++)
        {
            final boolean forSynced = i % 2 == 0;
            waiting.add(threads.submit(() -> few.await(1, forSynced, deadline())));
        }
        assertEquals(PublishResult.TIMED_OUT, few.await(1, true, System.nanoTime() + 1_000_000));
        sequences.put(1L, 12L);
        watermarks.journaled(12);
        few.onJournaled();
        Waiting.until("the request", () -> requested.get() == 12);
        watermarks.onSynced(12);
        few.onSynced();
        for (final Future<Long> one : waiting)
        {
            assertEquals(12, get(one));
        }
    }

    @Test
    void shouldMissNoWakeUpAndAcknowledgeNothingEarlyWhenThreadsRace() throws Exception
    {
        final int count = 48;
        final int rounds = 400;
        final AtomicLong tickets = new AtomicLong();
        final AtomicLong done = new AtomicLong();
        final List<Future<Long>> publishers = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final boolean timesOut = i % 8 == 0;
            final boolean forSynced = i % 3 != 0;
            publishers.add(threads.submit(() ->
            {
                long wrong = 0;
                for (int round = 0; round < rounds; round++)
                {
                    final long ticket = tickets.getAndIncrement();
                    long result = PublishResult.TIMED_OUT;
                    while (result == PublishResult.TIMED_OUT)
                    {
                        // Some with times so short that they run out while they are being woken.
                        result = waiters.await(
                            ticket, forSynced, timesOut ? System.nanoTime() + round * 100L : deadline());
                        wrong += !timesOut && result == PublishResult.TIMED_OUT ? 1 : 0;
                    }
                    wrong += result == ticket + 1 ? 0 : 1;
                    wrong += (forSynced ? watermarks.synced() : watermarks.journaled()) >= result ? 0 : 1;
                }
                done.incrementAndGet();
                return wrong;
            }));
        }
        final Future<Long> syncer = threads.submit(() ->
        {
            long forces = 0;
            while (done.get() < count)
            {
                final long upTo = requested.get();
                if (upTo > watermarks.synced())
                {
                    sync(upTo);
                    forces++;
                }
                Thread.yield();
            }
            return forces;
        });
        long sequence = 0;
        while (done.get() < count)
        {
            final long end = tickets.get();
            while (sequence < end)
            {
                sequences.put(sequence, sequence + 1);
                sequence++;
            }
            watermarks.journaled(sequence);
            waiters.onJournaled();
            Thread.yield();
        }
        for (final Future<Long> publisher : publishers)
        {
            assertEquals(0, get(publisher));
        }
        assertTrue(get(syncer) > 0);
    }

    @Test
    void shouldAllocateNothingWhenThreadsWaitAgainAndAgain() throws Exception
    {
        final ThreadMXBean meter = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final int rounds = 2_000;
        final AtomicLong published = new AtomicLong();
        final Watermarks marks = new Watermarks();
        marks.open(0, true, 0);
        final AtomicLong wanted = new AtomicLong();
        final AckWaiters plain = new AckWaiters(
            (ticket) -> ticket < marks.journaled() ? ticket + 1 : PublishResult.NOT_SEQUENCED,
            marks,
            (sequence) -> wanted.lazySet(sequence));
        final Future<Long> waiting = threads.submit(() ->
        {
            long before = 0;
            for (int i = 0; i < 2 * rounds; i++)
            {
                if (i == rounds)
                {
                    before = meter.getCurrentThreadAllocatedBytes();
                }
                final long ticket = published.getAndIncrement();
                if (plain.await(ticket, i % 2 == 0, deadline()) != ticket + 1)
                {
                    return Long.MAX_VALUE;
                }
            }
            return meter.getCurrentThreadAllocatedBytes() - before;
        });
        long before = 0;
        while (published.get() < 2 * rounds || !waiting.isDone())
        {
            if (before == 0 && published.get() > rounds)
            {
                before = meter.getCurrentThreadAllocatedBytes();
            }
            marks.journaled(published.get());
            plain.onJournaled();
            marks.onSynced(wanted.get());
            plain.onSynced();
        }
        final long wakerBytes = meter.getCurrentThreadAllocatedBytes() - before;
        // One object for each would be at least 16 bytes.
        assertTrue(get(waiting) < 2 * rounds, "a waiter allocated " + get(waiting) + " bytes");
        assertTrue(wakerBytes < 2 * rounds, "the waking thread allocated " + wakerBytes + " bytes");
    }

    private void journal(final long ticket, final long sequence)
    {
        sequences.put(ticket, sequence);
        watermarks.journaled(sequence);
        waiters.onJournaled();
    }

    private void sync(final long sequence)
    {
        watermarks.onSynced(sequence);
        waiters.onSynced();
    }

    private Future<Long> park(final long ticket, final boolean forSynced)
    {
        return park(ticket, () -> waiters.await(ticket, forSynced, deadline()));
    }

    /** Start a thread that waits, and return when it does. */
    private Future<Long> park(final long ticket, final Callable<Long> waiting)
    {
        final Thread[] thread = new Thread[1];
        final AtomicBoolean started = new AtomicBoolean();
        final Future<Long> result = threads.submit(() ->
        {
            thread[0] = Thread.currentThread();
            started.set(true);
            return waiting.call();
        });
        Waiting.until("a thread that waits for ticket " + ticket, () ->
            started.get() && thread[0].getState() == Thread.State.TIMED_WAITING);
        parked.add(thread[0]);
        return result;
    }

    @SafeVarargs
    private static void assertStillParked(final Future<Long>... waiting)
    {
        for (final Future<Long> one : waiting)
        {
            assertFalse(one.isDone());
        }
    }

    private static long get(final Future<Long> result) throws InterruptedException, ExecutionException, TimeoutException
    {
        return result.get(30, TimeUnit.SECONDS);
    }

    private static long deadline()
    {
        return System.nanoTime() + LONG_NS;
    }
}
