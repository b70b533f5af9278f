package io.sluice.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.engine.admission.MemoryBudget;
import io.sluice.event.Priority;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StreamQueueTest
{
    private final TestEvents events = new TestEvents();
    private final NodePool pool = new NodePool(1 << 20, unlimited());

    @Test
    void shouldTellExactlyWhatWasDroppedWhenTheReaderComesBack()
    {
        final StreamQueue queue = new StreamQueue(3);
        offer(queue, 1);
        offer(queue, 2);
        assertPolled(queue, 1, 0, 0, 0);
        offer(queue, 5);
        offer(queue, 4);
        assertTrue(queue.drop());
        assertTrue(queue.drop());
        assertPolled(queue, 4, 2, 2, 5);
        offer(queue, 6);
        assertTrue(queue.drop());
        assertFalse(queue.drop());
        offer(queue, 7);
        assertTrue(queue.drop());
        offer(queue, 8);
        assertPolled(queue, 8, 2, 6, 7);
        assertNull(queue.poll());
        offer(queue, 9);
        assertPolled(queue, 9, 0, 0, 0);
        assertEquals(4, queue.dropped());
        assertEquals(0, queue.bytes());
    }

    @Test
    void shouldLoseNothingWhenWriterAndReaderTakeFromTheSameEnd() throws InterruptedException
    {
        for (final int limit : new int[]{1, 2, 7, 64})
        {
            race(limit, 300_000);
        }
    }

    @Test
    void shouldKeepWithinItsBytesWhenSizesChange()
    {
        final int[] lengths = {100, 1000, 10_000, 50_000};
        final Random random = new Random(7);
        final StreamNode[] held = new StreamNode[8];
        for (int i = 0; i < 2000; i++)
        {
            final int at = random.nextInt(held.length);
            if (held[at] != null)
            {
                held[at].release();
            }
            held[at] = pool.take(events.next(i, "t", Priority.LOW, lengths[random.nextInt(lengths.length)]));
            assertNotNull(held[at], "eight of the largest fit");
            held[at].references(1);
            assertTrue(pool.bytes() <= 1 << 20, "" + pool.bytes());
        }
    }

    @Test
    void shouldGiveTheSameMemoryAgainWhenTheLastReferenceIsBack()
    {
        final StreamNode node = pool.take(events.next(1));
        node.references(2);
        node.release();
        final StreamNode other = pool.take(events.next(2));
        assertTrue(node != other);
        node.release();
        assertSame(node, pool.take(events.next(3)));
        assertEquals(3, node.sequence());
        final NodePool small = new NodePool(1000, unlimited());
        assertNotNull(small.take(events.next(1)));
        assertNull(small.take(events.next(2, "t", Priority.LOW, 1000)));
        assertFalse(small.takePlace(events.next(2)).hasEvent());
    }

    private void race(final int limit, final int count) throws InterruptedException
    {
        final StreamQueue queue = new StreamQueue(limit);
        final AtomicBoolean isDone = new AtomicBoolean();
        final AtomicReference<String> error = new AtomicReference<>();
        final long[] seen = new long[2];
        final Thread reader = new Thread(() ->
        {
            long next = 1;
            while (error.get() == null)
            {
                final boolean isLast = isDone.get();
                final StreamNode node = queue.poll();
                if (node == null)
                {
                    if (isLast)
                    {
                        break;
                    }
                    Thread.onSpinWait();
                    continue;
                }
                final long sequence = node.sequence();
                final long missed = queue.missedCount();
                if (sequence != next + missed ||
                    missed > 0 && (queue.missedFirst() != next || queue.missedLast() != sequence - 1))
                {
                    error.set("at " + next + " came " + sequence + " after " + missed + " missed, " +
                        queue.missedFirst() + " to " + queue.missedLast());
                }
                seen[0]++;
                seen[1] += missed;
                next = sequence + 1;
                queue.release(node);
            }
        });
        reader.start();
        events.next(1);
        for (int i = 1; i <= count; i++)
        {
            while (queue.size() >= limit && queue.drop())
            {
                // The oldest has gone.
            }
            final StreamNode node = pool.take(events.again(i));
            node.references(1);
            queue.offer(node);
            if ((i & 1023) == 0)
            {
                // A reader that gets no processor would miss everything.
                Thread.yield();
            }
        }
        isDone.set(true);
        reader.join();
        assertNull(error.get());
        assertEquals(count, seen[0] + seen[1]);
        assertEquals(queue.dropped(), seen[1]);
        assertEquals(0, queue.bytes());
        assertTrue(pool.bytes() <= (limit + 3L) * NodePool.footprint(1000), "nodes are used again");
    }

    private void offer(final StreamQueue queue, final long sequence)
    {
        final StreamNode node = pool.take(events.next(sequence));
        node.references(1);
        queue.offer(node);
    }

    private static void assertPolled(
        final StreamQueue queue, final long sequence, final long count, final long first, final long last)
    {
        final StreamNode node = queue.poll();
        assertEquals(sequence, node.sequence());
        assertEquals(count, queue.missedCount());
        if (count > 0)
        {
            assertEquals(first, queue.missedFirst());
            assertEquals(last, queue.missedLast());
        }
        queue.release(node);
    }

    private static GrowingMemory unlimited()
    {
        return new GrowingMemory("test", new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE));
    }
}
