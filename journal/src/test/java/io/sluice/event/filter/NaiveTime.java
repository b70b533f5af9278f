package io.sluice.event.filter;

import io.sluice.event.Timestamps;

/** A time, and how it is written. Not thread-safe. */
final class NaiveTime
{
    private final long epochNs;
    private NaiveText text;

    /** @param epochNs nanoseconds since 1970 UTC. */
    NaiveTime(final long epochNs)
    {
        this.epochNs = epochNs;
    }

    long epochNs()
    {
        return epochNs;
    }

    long millis()
    {
        return Math.floorDiv(epochNs, 1_000_000L);
    }

    NaiveText text()
    {
        text = text == null ? NaiveText.made(Timestamps.text(epochNs)) : text;
        return text;
    }
}
