package io.sluice.event;

/**
 * UUIDs of version 7 (RFC 9562): 48 bits of milliseconds, then a counter of 12 bits that keeps the ids of one generator
 * in order within a millisecond, then 62 random bits.
 *
 * <p>Not thread-safe: keep one per thread, each with a seed of its own. Allocates nothing. With a given seed and given
 * times the ids are always the same.
 */
public final class IdGenerator
{
    private static final int COUNTER_MASK = 0xFFF;

    private long state;
    private long lastMs;
    private int counter;
    private long high;
    private long low;

    /**
     * @param seed of the random bits.
     */
    public IdGenerator(final long seed)
    {
        state = seed;
    }

    /**
     * Make the next id; read it with {@link #high()} and {@link #low()}.
     *
     * @param epochNs now, nanoseconds since 1970 UTC; a time before the last one counts as the last one.
     * @return this.
     */
    public IdGenerator next(final long epochNs)
    {
        final long nowMs = epochNs / 1_000_000L;
        if (nowMs > lastMs)
        {
            lastMs = nowMs;
            counter = (int)random() & (COUNTER_MASK >> 1);
        }
        else if (++counter > COUNTER_MASK)
        {
            // The counter may run into the future, as RFC 9562 section 6.2 allows, but never repeats.
            lastMs++;
            counter = 0;
        }
        high = (lastMs << 16) | 0x7000L | counter;
        low = (random() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return this;
    }

    /** @return most significant bits of the last id. */
    public long high()
    {
        return high;
    }

    /** @return least significant bits of the last id. */
    public long low()
    {
        return low;
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private long random()
    {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
