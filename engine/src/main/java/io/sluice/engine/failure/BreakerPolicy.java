package io.sluice.engine.failure;

import java.util.concurrent.TimeUnit;

/**
 * When a circuit breaker opens and closes. Immutable: each setter returns a new one, and any thread may use it.
 */
public final class BreakerPolicy
{
    /** Opens after 5 failures in a row, for 30 s, and closes after one call that succeeds. */
    public static final BreakerPolicy DEFAULT = new BreakerPolicy(true, 5, TimeUnit.SECONDS.toNanos(30), 1);
    /** Never opens. */
    public static final BreakerPolicy OFF = DEFAULT.enabled(false);

    private static final int MAX_COUNT = 1_000_000;
    private static final long LONGEST_NS = TimeUnit.DAYS.toNanos(365);

    private final boolean enabled;
    private final int failures;
    private final long openNs;
    private final int probes;

    private BreakerPolicy(final boolean enabled, final int failures, final long openNs, final int probes)
    {
        this.enabled = enabled;
        this.failures = failures;
        this.openNs = openNs;
        this.probes = probes;
    }

    /**
     * @param value false for a breaker that never opens.
     * @return a policy with that.
     */
    public BreakerPolicy enabled(final boolean value)
    {
        return new BreakerPolicy(value, failures, openNs, probes);
    }

    /**
     * @param inARow failures after which it opens, 1 to 1000000; 5 by default.
     * @return a policy with that number.
     * @throws IllegalArgumentException if it is out of range.
     */
    public BreakerPolicy failures(final int inARow)
    {
        require(inARow >= 1 && inARow <= MAX_COUNT, "breaker failures=" + inARow + ": use 1 to " + MAX_COUNT);
        return new BreakerPolicy(enabled, inARow, openNs, probes);
    }

    /**
     * @param ns how long it stays open before a call is tried, nanoseconds, 1 to 365 days; 30 s by default.
     * @return a policy with that time.
     * @throws IllegalArgumentException if it is out of range.
     */
    public BreakerPolicy openNs(final long ns)
    {
        require(ns >= 1 && ns <= LONGEST_NS, "breaker openNs=" + ns + ": use 1 to " + LONGEST_NS + " (365 days)");
        return new BreakerPolicy(enabled, failures, ns, probes);
    }

    /**
     * @param inARow calls that must succeed, one after the other, before it closes, 1 to 1000000; 1 by default.
     * @return a policy with that number.
     * @throws IllegalArgumentException if it is out of range.
     */
    public BreakerPolicy probes(final int inARow)
    {
        require(inARow >= 1 && inARow <= MAX_COUNT, "breaker probes=" + inARow + ": use 1 to " + MAX_COUNT);
        return new BreakerPolicy(enabled, failures, openNs, inARow);
    }

    /** @return false if it never opens. */
    public boolean enabled()
    {
        return enabled;
    }

    /** @return failures in a row after which it opens. */
    public int failures()
    {
        return failures;
    }

    /** @return how long it stays open before a call is tried, nanoseconds. */
    public long openNs()
    {
        return openNs;
    }

    /** @return calls that must succeed, one after the other, before it closes. */
    public int probes()
    {
        return probes;
    }

    @Override
    public String toString()
    {
        return "BreakerPolicy{enabled=" + enabled + ", failures=" + failures + ", openNs=" + openNs + ", probes=" +
            probes + "}";
    }

    private static void require(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }
}
