package io.sluice.perf.soak;

import io.sluice.perf.report.MeasurementException;
import java.util.concurrent.atomic.AtomicLong;

/** What one subscription has completed. Written by whoever calls the handler, one thread at a time; read by any. */
final class SoakTally
{
    private final String name;
    private final AtomicLong count = new AtomicLong();
    // Published with the count.
    private long sum;

    SoakTally(final String name)
    {
        this.name = name;
    }

    void add(final long number)
    {
        sum += number;
        count.setRelease(count.getPlain() + 1);
    }

    long count()
    {
        return count.getAcquire();
    }

    String name()
    {
        return name;
    }

    /** Compare with what it should have completed. */
    void check(final long expected, final long expectedSum)
    {
        MeasurementException.require("events that " + name + " completed", expected, count());
        MeasurementException.require("sum of the numbers that " + name + " completed", expectedSum, sum);
    }
}
