package io.sluice.engine.batch;

/**
 * Size and time-out of batches that follow the load, within the bounds of a {@link BatchPolicy}.
 *
 * <p>Both come from one number, the <i>level</i>, from 0 (idle) to 1 (loaded):
 *
 * <pre>
 *   size     = minBatchSize + level × (maxBatchSize − minBatchSize)
 *   time-out = target       + level × (timeoutNs    − target)             target = timeoutNs / 20
 * </pre>
 *
 * <p>The level that is wanted is the greater one of two: the load that the caller reports, and the place between the
 * two sizes of what arrives within the target time. So a batch is about as large as what arrives within the target
 * time, larger if the load asks for fewer calls; a lone event of an idle time waits for the target time and not for the
 * whole time-out.
 *
 * <p>Arrivals are counted over stretches of at least the target time, and the mean of a stretch counts half, all
 * earlier ones the other half. At the end of a stretch the level moves to the wanted one if that is 0 or 1, or if the
 * two are apart by a sixteenth or two events, whichever is more. Less does not move it, so a constant rate, or one that
 * varies by an event, settles and then changes nothing, while the reaction to more is never less.
 *
 * <p>The same calls with the same times give the same results. Not thread-safe. Allocates nothing after construction.
 */
final class LoadFollower
{
    static final int TARGETS_PER_TIMEOUT = 20;
    static final double DEAD_BAND = 1.0 / 16;

    private static final double DEAD_BAND_EVENTS = 2.0;
    private static final int FORGOTTEN_STRETCHES = 62;

    private final boolean follows;
    private final int minSize;
    private final int span;
    private final long targetNs;
    private final long timeoutSpanNs;
    private final double deadBand;
    private int batchSize;
    private long timeoutNs;
    private double level;
    private double arrivals;
    private long stretchStartNs;
    private long stretchCount;
    private boolean started;

    LoadFollower(final BatchPolicy policy)
    {
        follows = policy.followLoad();
        minSize = policy.minBatchSize();
        span = policy.maxBatchSize() - minSize;
        targetNs = Math.max(1, policy.timeoutNs() / TARGETS_PER_TIMEOUT);
        timeoutSpanNs = policy.timeoutNs() - targetNs;
        deadBand = span == 0 ? DEAD_BAND : Math.max(DEAD_BAND, DEAD_BAND_EVENTS / span);
        level = span == 0 ? 0.0 : (policy.batchSize() - minSize) / (double)span;
        arrivals = policy.batchSize();
        batchSize = policy.batchSize();
        timeoutNs = policy.timeoutNs();
        if (follows)
        {
            apply();
        }
    }

    /** @return events at which a batch is full now. */
    int batchSize()
    {
        return batchSize;
    }

    /** @return longest that an event waits now, nanoseconds. */
    long timeoutNs()
    {
        return timeoutNs;
    }

    /** @return when the level may fall, nanoseconds; {@link Long#MAX_VALUE} if it can't. */
    long nextLookNs()
    {
        return follows && started && level > 0 ? stretchStartNs + targetNs : Long.MAX_VALUE;
    }

    /**
     * An event arrives.
     *
     * @param nowNs time, never decreasing.
     * @param load  0 to 1.
     */
    void onArrival(final long nowNs, final double load)
    {
        if (follows)
        {
            if (!started)
            {
                started = true;
                stretchStartNs = nowNs;
                return;
            }
            stretchCount++;
            onTime(nowNs, load);
        }
    }

    /**
     * Look whether a stretch is over.
     *
     * @param nowNs time, never decreasing.
     * @param load  0 to 1.
     */
    void onTime(final long nowNs, final double load)
    {
        final long elapsedNs = nowNs - stretchStartNs;
        if (!follows || !started || elapsedNs < targetNs)
        {
            return;
        }
        final double sample = stretchCount * (double)targetNs / elapsedNs;
        final long stretches = Math.min(FORGOTTEN_STRETCHES, elapsedNs / targetNs);
        arrivals = sample + (arrivals - sample) / (1L << stretches);
        stretchStartNs = nowNs;
        stretchCount = 0;
        final double byArrivals = span == 0 ? 0.0 : (arrivals - minSize) / span;
        final double wanted = Math.min(1.0, Math.max(0.0, Math.max(byArrivals, load)));
        if (wanted == 0.0 || wanted == 1.0 || Math.abs(wanted - level) >= deadBand)
        {
            level = wanted;
            apply();
        }
    }

    /** Make the stretch older, where the clock was set back. */
    void shift(final long ns)
    {
        stretchStartNs -= ns;
    }

    private void apply()
    {
        batchSize = minSize + (int)Math.round(level * span);
        timeoutNs = targetNs + Math.round(level * timeoutSpanNs);
    }
}
