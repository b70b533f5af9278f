package io.sluice.engine.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens that come at a steady rate and are kept up to a burst. All there is to it is one time: up to when tokens are
 * used.
 *
 * <pre>
 *            now - burst · interval                    now              now + longest wait
 *   ────────────────┼───────────────────────────────────┼──────────────────────┼────────►
 *     unused tokens expire   ◄── used up to: free tokens ─►  promised to those who wait
 * </pre>
 *
 * <p>Thread-safe, lock-free, allocates nothing. Those who wait get their tokens in the order in which they came. A
 * clock that is set back costs the tokens that were free, and no more.
 */
public final class TokenBucket
{
    /** There is no token in time. */
    public static final long REFUSED = -1L;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long intervalNs;
    private final long burstNs;
    private final long longestWaitNs;
    private final int burst;
    private final AtomicLong usedUpToNs = new AtomicLong(Long.MIN_VALUE / 2);

    /**
     * @param limit that it keeps.
     */
    public TokenBucket(final RateLimit limit)
    {
        intervalNs = (NS_PER_SECOND + limit.eventsPerSecond() - 1) / limit.eventsPerSecond();
        burst = limit.burst();
        burstNs = burst * intervalNs;
        longestWaitNs = limit.longestWaitNs();
    }

    /**
     * Take tokens, all or none.
     *
     * @param count   of tokens, 1 or more.
     * @param nowNs   by the engine's clock.
     * @param mayWait false if the caller needs them now.
     * @return nanoseconds from now until they are there, 0 if they are, or {@link #REFUSED}.
     */
    public long take(final int count, final long nowNs, final boolean mayWait)
    {
        if (count > burst)
        {
            return REFUSED;
        }
        final long mostNs = nowNs + (mayWait ? longestWaitNs : 0L);
        while (true)
        {
            final long used = usedUpToNs.get();
            final long next = start(used, nowNs) + count * intervalNs;
            if (next > mostNs)
            {
                if (used > nowNs + longestWaitNs)
                {
                    // The clock was set back; from here on the time counts again.
                    usedUpToNs.compareAndSet(used, nowNs + longestWaitNs);
                }
                return REFUSED;
            }
            if (usedUpToNs.compareAndSet(used, next))
            {
                return Math.max(0L, next - nowNs);
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Give tokens back that were taken and not used.
     *
     * @param count of tokens.
     */
    public void giveBack(final int count)
    {
        usedUpToNs.addAndGet(-count * intervalNs);
    }

    /**
     * @param nowNs by the engine's clock.
     * @return true if nobody would notice if it were a new one.
     */
    boolean isFull(final long nowNs)
    {
        return usedUpToNs.get() <= nowNs - burstNs;
    }

    // No promise goes further than the longest wait: a greater time is of a clock that has been set back.
    private long start(final long used, final long nowNs)
    {
        return Math.min(Math.max(used, nowNs - burstNs), nowNs + longestWaitNs);
    }
}
