package io.sluice.perf.subject;

import io.sluice.event.Priority;
import io.sluice.perf.measure.ThreadTimes;

/**
 * Events of one publisher in a loop, until all are handled: how many a second, and what the threads had of the
 * processors meanwhile. One thread; knows the last stream.
 */
public final class TimedStream
{
    private static final double NS_PER_S = 1e9;

    private ThreadTimes times = new ThreadTimes();
    private int events;

    /** Nothing was streamed yet. */
    public TimedStream()
    {
    }

    /**
     * Publish and wait until all is handled, first without the clock, then with it.
     *
     * @param engine to publish to, which has no events yet.
     * @param path   into it.
     * @param warmUp events before the clock starts.
     * @param count  of events on the clock.
     * @return events per second.
     */
    public double run(final MeasuredEngine engine, final PublishPath path, final int warmUp, final int count)
    {
        publish(engine, path, 0, warmUp);
        times = new ThreadTimes();
        events = count;
        times.begin();
        final long startNs = System.nanoTime();
        publish(engine, path, warmUp, count);
        final long tookNs = System.nanoTime() - startNs;
        times.end();
        return count * NS_PER_S / tookNs;
    }

    /** @return what the threads did, in words. */
    public String profile()
    {
        return times.perEvent(events);
    }

    /** @return events per second if no processor ever rested, at what an event took of them; NaN if not known. */
    public double mostPerSecond()
    {
        return times.mostPerSecond(events);
    }

    // The intended time is now: latency is not what is measured here, and the clock would be read in any case.
    private static void publish(final MeasuredEngine engine, final PublishPath path, final int from, final int count)
    {
        for (int i = from; i < from + count; i++)
        {
            engine.publish(path, i, Priority.NORMAL, engine.engine().context().clock().nanoTime());
        }
        engine.awaitHandled();
    }
}
