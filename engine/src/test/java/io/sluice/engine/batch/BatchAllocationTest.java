package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the bytes that a thread allocates; a counter and not a clock, so a slow machine changes nothing. */
class BatchAllocationTest
{
    private static final int WARM_UP = 40_000;
    private static final int ROUNDS = 40_000;
    private static final int TYPES = 40;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final Records records = new Records();
    private final EventFlyweight[] events = new EventFlyweight[TYPES];
    private long nowNs = 1;
    private long sink;

    /** Where the control puts what it allocates: an array that never escapes can be compiled away. */
    private volatile byte[] escaped = {};

    @BeforeEach
    void beforeEach()
    {
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        for (int i = 0; i < TYPES; i++)
        {
            final Priority priority = i % 13 == 0 ? Priority.CRITICAL : Priority.NORMAL;
            events[i] = records.event(i + 1, "some.type.of." + i, priority);
        }
    }

    @Test
    void shouldCountWhenSomethingIsAllocated()
    {
        final long bytes = allocated((i) -> escaped = new byte[100 + (i & 1)]);
        assertTrue(bytes >= 100L * ROUNDS, "" + bytes);
    }

    @Test
    void shouldAllocateNothingWhenEventsAreAccumulatedAndHandled()
    {
        final BatchAccumulator accumulator = new BatchAccumulator(
            BatchPolicy.defaults().followLoad(true).timeoutNs(100_000).parallelBatches(4).openGroups(32));
        assertEquals(
            0,
            allocated((i) ->
            {
                nowNs += 100;
                accumulator.load((i & 1023) / 1024.0);
                sink += accumulator.isPending(events[i % TYPES]) ? 1 : 0;
                sink += accumulator.offer(events[i % TYPES], nowNs) ? 1 : 0;
                sink += accumulator.onTime(nowNs);
                sink += accumulator.lowestPending(i & 3) + accumulator.pending() + accumulator.waiting();
                if ((i & 511) == 0)
                {
                    sink += accumulator.flush(nowNs);
                }
                final SealedBatch batch = accumulator.poll();
                if (batch != null)
                {
                    final EventBatch handled = batch.events();
                    for (int k = 0; k < handled.size(); k++)
                    {
                        sink += handled.event(k).sequence();
                    }
                    sink += batch.failed() + (accumulator.complete(batch) ? 1 : 0);
                }
            }));
        assertTrue(accumulator.pending() < 5000);
    }

    @Test
    void shouldAllocateNothingWhenModesAreSelected()
    {
        final ModeSelector selector = new ModeSelector(ModeTable.defaults().highVolume("some.*.of.7"));
        assertEquals(
            0,
            allocated((i) -> sink += selector.select(events[i % TYPES], (i & 1023) / 1024.0).ordinal()));
    }

    @FunctionalInterface
    private interface Step
    {
        void run(int round);
    }

    // A compilation that ends in the measured part may allocate on this thread, once; a leak per round shows in every
    // try.
    private long allocated(final Step step)
    {
        for (int i = 0; i < WARM_UP; i++)
        {
            step.run(i);
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++)
            {
                step.run(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
