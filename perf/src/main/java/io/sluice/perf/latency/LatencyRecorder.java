package io.sluice.perf.latency;

import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.subject.HandledListener;
import org.HdrHistogram.Histogram;

/**
 * Takes the time at the moment of handling. The number in an event is its intended time; events before a start
 * time were warm-up. Written by the one handling thread; read once all is handled.
 */
public final class LatencyRecorder implements HandledListener
{
    private final Histogram[] byPriority = new Histogram[Priority.COUNT];
    private long fromNs = Long.MAX_VALUE;

    /**
     * @param tag of the histograms; the priority is added.
     */
    public LatencyRecorder(final String tag)
    {
        for (final Priority priority : Priority.values())
        {
            byPriority[priority.code()] = Histograms.create(tag + "." + priority.label());
        }
    }

    /**
     * Set before the first event is published.
     *
     * @param intendedNs of the first event to record.
     * @return this.
     */
    public LatencyRecorder from(final long intendedNs)
    {
        fromNs = intendedNs;
        return this;
    }

    @Override
    public void onHandled(final long number, final int priorityCode)
    {
        if (number >= fromNs)
        {
            Histograms.record(byPriority[priorityCode], System.nanoTime() - number);
        }
    }

    /**
     * What was recorded of a priority.
     *
     * @param priority of the events.
     * @return nanoseconds; itself, no copy.
     */
    public Histogram of(final Priority priority)
    {
        return byPriority[priority.code()];
    }

    Histogram all(final String tag)
    {
        final Histogram all = Histograms.create(tag);
        for (final Histogram histogram : byPriority)
        {
            all.add(histogram);
        }
        return all;
    }

    void add(final LatencyRecorder other)
    {
        for (int i = 0; i < byPriority.length; i++)
        {
            byPriority[i].add(other.byPriority[i]);
        }
    }
}
