package io.sluice.perf.peers;

import io.sluice.event.Priority;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sees every event that a peer hands to its consumer, and knows which one must come next within each priority: so a
 * loss, a repetition and a change of order show with the next event at the latest. Takes the times of the events of a
 * schedule.
 *
 * <p>One consuming thread; the publishing thread waits here.
 */
final class ArrivalCheck
{
    private static final long PAUSE_NS = 50_000;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);
    private final long[] next = new long[Priority.COUNT];
    private final AtomicLong arrived = new AtomicLong();
    private volatile String violation;
    private volatile Schedule schedule;

    /** Numbers and the times at which they should be published. */
    private record Schedule(long first, long firstRecorded, int rate, long startNs, Histogram latency)
    {
    }

    ArrivalCheck()
    {
        for (long number = 15; number >= 0; number--)
        {
            next[OpenLoop.priorityOf(number).code()] = number;
        }
    }

    /**
     * From now on, take times.
     *
     * @param first         number of the schedule.
     * @param firstRecorded number; what is before it warms up.
     * @param rate          events per second.
     * @param startNs       intended time of the first, by {@link System#nanoTime()}.
     * @param latency       written by the consuming thread; read it when all has arrived.
     */
    void record(
        final long first, final long firstRecorded, final int rate, final long startNs, final Histogram latency)
    {
        schedule = new Schedule(first, firstRecorded, rate, startNs, latency);
    }

    /** Take times no longer. */
    void recordNothing()
    {
        schedule = null;
    }

    /**
     * An event has arrived.
     *
     * @param event all of it.
     */
    void onArrival(final byte[] event)
    {
        view.wrap(event);
        onArrival(view, 0, event.length);
    }

    /**
     * An event has arrived.
     *
     * @param buffer that it is in.
     * @param offset of it.
     * @param length of it.
     */
    void onArrival(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length != PeerEvent.length())
        {
            violate("an event of " + length + " bytes instead of " + PeerEvent.length() + " arrived");
            return;
        }
        onArrival(PeerEvent.numberOf(buffer, offset), PeerEvent.priorityOf(buffer, offset));
    }

    /**
     * An event has arrived.
     *
     * @param number       of it.
     * @param priorityCode of it.
     */
    void onArrival(final long number, final int priorityCode)
    {
        if (violation != null)
        {
            return;
        }
        if (number < 0 || OpenLoop.priorityOf(number).code() != priorityCode)
        {
            violate("event " + number + " arrived with the priority " + priorityCode);
            return;
        }
        final long expected = next[priorityCode];
        if (number != expected)
        {
            violate(number < expected ?
                "event " + number + " arrived twice, or behind event " + expected + " of its priority" :
                "event " + expected + " is lost, or was overtaken by event " + number + " of its priority");
            return;
        }
        next[priorityCode] = following(number);
        final Schedule now = schedule;
        if (now != null && number >= now.firstRecorded)
        {
            Histograms.record(now.latency, System.nanoTime() - OpenLoop.intendedNs(
                now.startNs, number - now.first, now.rate));
        }
        arrived.setRelease(arrived.getPlain() + 1);
    }

    /** @return events that have arrived, all of them as they should. */
    long arrived()
    {
        return arrived.getAcquire();
    }

    /**
     * Wait until events have arrived.
     *
     * @param count of them since the start.
     * @throws MeasurementException if one is wrong, or if they take too long.
     */
    void await(final long count)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (arrived() < count)
        {
            require();
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("only " + arrived() + " of " + count + " events have arrived");
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        require();
    }

    /**
     * Everything was published and has had its time.
     *
     * @param count of all events.
     * @throws MeasurementException if more or other events have arrived.
     */
    void requireAll(final long count)
    {
        require();
        MeasurementException.require("events that have arrived", count, arrived());
    }

    /**
     * @throws MeasurementException if an event was wrong.
     */
    void require()
    {
        if (violation != null)
        {
            throw new MeasurementException(violation);
        }
    }

    private void violate(final String what)
    {
        if (violation == null)
        {
            violation = what;
        }
    }

    private static long following(final long number)
    {
        final Priority priority = OpenLoop.priorityOf(number);
        long candidate = number + 1;
        while (OpenLoop.priorityOf(candidate) != priority)
        {
            candidate++;
        }
        return candidate;
    }
}
