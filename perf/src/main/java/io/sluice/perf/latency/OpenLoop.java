package io.sluice.perf.latency;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * A generator with a schedule. Spins on the calling thread; if it falls behind, it catches up and intended times
 * stay as planned.
 */
public final class OpenLoop
{
    // CRITICAL, HIGH, NORMAL, LOW as 1:3:6:6, well mixed and the same in every run.
    private static final int[] MIX = {2, 3, 1, 2, 3, 2, 3, 1, 2, 3, 0, 2, 3, 1, 2, 3};

    private static final Priority[] PRIORITIES = Priority.values();

    /** Publishes one event of the schedule. */
    @FunctionalInterface
    public interface Target
    {
        /**
         * Publish.
         *
         * @param intendedNs when, by {@link System#nanoTime()}; the only one of this time.
         * @param priority   of the event.
         */
        void publish(long intendedNs, Priority priority);
    }

    private OpenLoop()
    {
    }

    /**
     * Publish mixed priorities at a rate.
     *
     * @param target     to publish to.
     * @param rate       events per second.
     * @param startNs    intended time of the first event, by {@link System#nanoTime()}.
     * @param durationNs of the schedule.
     * @return events published.
     */
    public static long run(final Target target, final int rate, final long startNs, final long durationNs)
    {
        final long count = events(rate, durationNs);
        for (long i = 0; i < count; i++)
        {
            final long intendedNs = intendedNs(startNs, i, rate);
            while (System.nanoTime() - intendedNs < 0)
            {
                Thread.onSpinWait();
            }
            target.publish(intendedNs, priorityOf(i));
        }
        return count;
    }

    /**
     * Publish one priority at a rate and do something else in the time between, over and over.
     *
     * @param target     to publish to.
     * @param priority   of the events.
     * @param rate       events per second.
     * @param startNs    intended time of the first event, by {@link System#nanoTime()}.
     * @param durationNs of the schedule.
     * @param filler     short work.
     * @return events published to the target.
     */
    public static long run(
        final Target target,
        final Priority priority,
        final int rate,
        final long startNs,
        final long durationNs,
        final Runnable filler)
    {
        final long count = events(rate, durationNs);
        for (long i = 0; i < count; i++)
        {
            final long intendedNs = intendedNs(startNs, i, rate);
            while (System.nanoTime() - intendedNs < 0)
            {
                filler.run();
            }
            target.publish(intendedNs, priority);
        }
        return count;
    }

    /**
     * Priority of an event in the mix.
     *
     * @param index of the event, at least 0.
     * @return its priority.
     */
    public static Priority priorityOf(final long index)
    {
        return PRIORITIES[MIX[(int)index & (MIX.length - 1)]];
    }

    /**
     * Part of a priority in the mix.
     *
     * @param priority to ask for.
     * @return from 0 to 1.
     */
    public static double partOf(final Priority priority)
    {
        return Arrays.stream(MIX).filter((code) -> code == priority.code()).count() / (double)MIX.length;
    }

    /**
     * When an event of a schedule should be published.
     *
     * @param startNs intended time of the first event.
     * @param index   of the event in the schedule, from 0.
     * @param rate    events per second.
     * @return the time, by the clock of the start.
     */
    public static long intendedNs(final long startNs, final long index, final int rate)
    {
        return startNs + (long)(index * (1e9 / rate));
    }

    private static long events(final int rate, final long durationNs)
    {
        return (long)(durationNs * (rate / 1e9));
    }
}
