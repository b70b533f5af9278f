package io.sluice.perf.throughput;

import io.sluice.perf.measure.Histograms;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Times publish calls in bursts that the rings take without pushing back, and waits in between until all is
 * handled. Every other burst is timed call by call, which shows the tail; the rest in blocks, which shows the cost
 * of a call without that of reading the clock.
 */
final class CallTimer
{
    /** Calls between two looks at the clock in a block. */
    static final int BLOCK = 32;

    private static final int BURST = 256;

    private final Histogram calls;
    private final Histogram blocks;
    private final IdleStrategy idle = new YieldingIdleStrategy();

    /**
     * @param name of what is called, for tags.
     */
    CallTimer(final String name)
    {
        calls = Histograms.create(name + ".call");
        blocks = Histograms.create(name + ".block");
    }

    /** Nanoseconds per call, clock included. */
    Histogram calls()
    {
        return calls;
    }

    /** Nanoseconds per block of {@link #BLOCK} calls. */
    Histogram blocks()
    {
        return blocks;
    }

    /** Median nanoseconds per call, from the blocks. */
    double medianNs()
    {
        return blocks.getValueAtPercentile(50.0) / (double)BLOCK;
    }

    /**
     * Make calls.
     *
     * @param call  to make.
     * @param from  number of the first event.
     * @param count of calls, rounded up to two bursts.
     * @return number after the last event.
     */
    long time(final PublishCall call, final long from, final int count)
    {
        long number = from;
        while (number < from + count)
        {
            number = timeCalls(call, number);
            await(call, number);
            number = timeBlocks(call, number);
            await(call, number);
        }
        return number;
    }

    private long timeCalls(final PublishCall call, final long from)
    {
        for (long number = from; number < from + BURST; number++)
        {
            final long startNs = System.nanoTime();
            call.publish(number);
            Histograms.record(calls, System.nanoTime() - startNs);
        }
        return from + BURST;
    }

    private long timeBlocks(final PublishCall call, final long from)
    {
        for (long number = from; number < from + BURST; number += BLOCK)
        {
            final long startNs = System.nanoTime();
            for (long i = number; i < number + BLOCK; i++)
            {
                call.publish(i);
            }
            Histograms.record(blocks, System.nanoTime() - startNs);
        }
        return from + BURST;
    }

    private void await(final PublishCall call, final long count)
    {
        idle.reset();
        while (call.handled() < count)
        {
            idle.idle();
        }
    }
}
