package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two threads that take turns to feed, three workers and one that reads positions, all at once. */
@Timeout(400)
class BatchAccumulatorThreadsTest
{
    private static final int TYPES = 6;
    private static final int EVENTS = 60_000;
    private static final int WORKERS = 3;

    private final BatchAccumulator accumulator = new BatchAccumulator(BatchPolicy.defaults()
        .batchSizes(1, 7, 7).timeoutNs(50_000).parallelBatches(WORKERS).openGroups(4).queuedBatches(4));
    private final AtomicBoolean isFeeding = new AtomicBoolean();
    private final AtomicInteger next = new AtomicInteger(1);
    private final AtomicLong fed = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong clock = new AtomicLong(1);
    // Plain: batches of a type never overlap, so what one worker wrote the next one must see.
    private final long[] lastOfType = new long[TYPES];
    private final AtomicLongArray seen = new AtomicLongArray(EVENTS + 1);
    private final AtomicInteger[] runningOfType = new AtomicInteger[TYPES];
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void afterEach() throws InterruptedException
    {
        stop.set(true);
        threads.shutdown();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }

    @Test
    void shouldHandOverEachEventOnceAndInOrderWhenThreadsRace() throws Exception
    {
        for (int type = 0; type < TYPES; type++)
        {
            runningOfType[type] = new AtomicInteger();
        }
        final List<Future<?>> futures = new ArrayList<>();
        futures.add(submit(this::feed));
        futures.add(submit(this::feed));
        for (int i = 0; i < WORKERS; i++)
        {
            futures.add(submit(this::work));
        }
        futures.add(submit(this::readPositions));
        for (final Future<?> future : futures)
        {
            future.get(300, TimeUnit.SECONDS);
        }
        assertNull(failure.get(), () -> "a thread failed: " + failure.get());

        for (int sequence = 1; sequence <= EVENTS; sequence++)
        {
            assertEquals(1, seen.get(sequence), "event " + sequence);
        }
        assertEquals(0, accumulator.pending());
        assertEquals(0, accumulator.waiting());
        assertEquals(BatchAccumulator.NONE, accumulator.lowestPending(Priority.NORMAL.code()));
    }

    /** The first that fails ends them all. */
    private Future<?> submit(final Runnable runnable)
    {
        return threads.submit(() ->
        {
            try
            {
                runnable.run();
            }
            catch (final Throwable ex)
            {
                failure.compareAndSet(null, ex);
                stop.set(true);
            }
        });
    }

    private void feed()
    {
        final Records records = new Records();
        while (!stop.get())
        {
            if (!isFeeding.compareAndSet(false, true))
            {
                Thread.onSpinWait();
                continue;
            }
            try
            {
                for (int i = 0; i < 20; i++)
                {
                    final int sequence = next.get();
                    if (sequence > EVENTS)
                    {
                        accumulator.flush(clock.get());
                        return;
                    }
                    final Priority priority = sequence % 97 == 0 ? Priority.CRITICAL : Priority.NORMAL;
                    final EventFlyweight event =
                        records.event(sequence, "type." + sequence * 31 % TYPES, priority);
                    if (!accumulator.offer(event, clock.addAndGet(1_000)))
                    {
                        accumulator.onTime(clock.addAndGet(1_000));
                        Thread.yield();
                        break;
                    }
                    fed.set(sequence);
                    next.set(sequence + 1);
                }
            }
            finally
            {
                isFeeding.set(false);
            }
        }
    }

    private void work()
    {
        while (completed.get() < EVENTS && !stop.get())
        {
            final SealedBatch batch = accumulator.poll();
            if (batch == null)
            {
                Thread.yield();
                continue;
            }
            final EventBatch events = batch.events();
            final int type = events.type().charAt(5) - '0';
            assertEquals(1, runningOfType[type].incrementAndGet(), "batches of one type at the same time");
            for (int i = 0; i < events.size(); i++)
            {
                final long sequence = events.event(i).sequence();
                assertEquals(events.type(), events.event(i).type());
                assertTrue(sequence > lastOfType[type], sequence + " after " + lastOfType[type]);
                lastOfType[type] = sequence;
                seen.incrementAndGet((int)sequence);
            }
            final int size = events.size();
            runningOfType[type].decrementAndGet();
            assertTrue(accumulator.complete(batch));
            completed.addAndGet(size);
        }
    }

    private void readPositions()
    {
        while (completed.get() < EVENTS && !stop.get())
        {
            // What was fed is read first: then everything up to it is either pending below or completed.
            final long fedTo = fed.get();
            final long lowest = Math.min(
                accumulator.lowestPending(Priority.NORMAL.code()),
                accumulator.lowestPending(Priority.CRITICAL.code()));
            final long position = Math.min(fedTo, lowest - 1);
            for (long sequence = Math.max(1, position - 200); sequence <= position; sequence++)
            {
                assertEquals(1, seen.get((int)sequence), "event " + sequence + " at position " + position);
            }
            assertTrue(accumulator.pending() >= 0);
            assertTrue(accumulator.waiting() >= 0);
            assertTrue(accumulator.nearestDeadlineNs() > 0);
            Thread.yield();
        }
    }
}
