package io.sluice.engine.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochNanoClock;

/** A clock that stands still until it is moved, also backwards. Thread-safe. */
public final class ManualClock implements EpochNanoClock
{
    private final AtomicLong nowNs;

    /**
     * @param start what it shows first.
     */
    public ManualClock(final Instant start)
    {
        final long secondsNs = Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L);
        nowNs = new AtomicLong(Math.addExact(secondsNs, start.getNano()));
    }

    @Override
    public long nanoTime()
    {
        return nowNs.get();
    }

    /**
     * Move the clock.
     *
     * @param by how far; negative for back.
     */
    public void advance(final Duration by)
    {
        nowNs.addAndGet(by.toNanos());
    }
}
