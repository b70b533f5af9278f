package io.sluice.perf.tailers;

import io.sluice.event.Priority;
import java.util.Arrays;

/** What was published in a run, kept apart from engine and journal. Not thread-safe. */
final class RunLog
{
    private static final Priority[] PRIORITIES = Priority.values();

    private byte[] priorities = new byte[1 << 16];
    private long[] times = new long[1 << 16];
    private int count;

    void add(final Priority priority, final long eventTimeNs)
    {
        if (count == priorities.length)
        {
            priorities = Arrays.copyOf(priorities, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        priorities[count] = (byte)priority.code();
        times[count++] = eventTimeNs;
    }

    int count()
    {
        return count;
    }

    Priority priority(final int number)
    {
        return PRIORITIES[priorities[number]];
    }

    long time(final int number)
    {
        return times[number];
    }
}
