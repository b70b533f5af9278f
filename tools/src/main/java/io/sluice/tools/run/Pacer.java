package io.sluice.tools.run;

import io.sluice.handlers.source.DueTime;
import io.sluice.handlers.source.EventRate;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Holds a source that could go faster down to a rate. An event that is late because the engine held up those before it
 * keeps its intended time, so that the wait shows in its latency; one that is late because the source had none yet
 * does not. Not thread-safe.
 */
final class Pacer
{
    private final EventRate rate;
    private final EpochNanoClock clock;
    private final DueTime dueTime;
    private long startNs;
    private long index;
    private long askedNs;

    /**
     * @param rate      events per second, or null for as fast as possible.
     * @param clock     of intended times.
     * @param isStopped asked while waiting.
     */
    Pacer(final EventRate rate, final EpochNanoClock clock, final BooleanSupplier isStopped)
    {
        this.rate = rate;
        this.clock = clock;
        dueTime = new DueTime(clock, isStopped);
    }

    /** The source is about to be asked for an event. */
    void beforeSource()
    {
        if (rate != null)
        {
            askedNs = clock.nanoTime();
        }
    }

    /**
     * The source gave an event: wait until it is due.
     *
     * @return its intended time.
     */
    long awaitDue()
    {
        if (rate == null)
        {
            return clock.nanoTime();
        }
        final long givenNs = clock.nanoTime();
        if (index == 0)
        {
            startNs = givenNs;
        }
        final long dueNs = startNs + rate.dueNs(index++);
        final long lateBySourceNs = givenNs - Math.max(askedNs, dueNs);
        if (lateBySourceNs > 0)
        {
            startNs += lateBySourceNs;
            return dueNs + lateBySourceNs;
        }
        dueTime.await(dueNs);
        return dueNs;
    }
}
