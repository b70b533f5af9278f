package io.sluice.perf.stalls;

/** Appends on a schedule, on the calling thread. What comes late is caught up; intended times stay as planned. */
final class PacedAppends
{
    private static final double NS_PER_S = 1e9;

    private PacedAppends()
    {
    }

    /**
     * Append one slice.
     *
     * @param side  to append to.
     * @param rate  records per second.
     * @param count of records.
     * @param log   told of each call.
     */
    static void run(final AppendSide side, final int rate, final long count, final StallLog log)
    {
        final double intervalNs = NS_PER_S / rate;
        final long startNs = System.nanoTime();
        long done = 0;
        while (done < count)
        {
            final long beforeNs = System.nanoTime();
            final long due = Math.min((long)((beforeNs - startNs) / intervalNs) + 1, count) - done;
            if (due <= 0)
            {
                Thread.onSpinWait();
                continue;
            }
            final int appended = side.append((int)Math.min(due, Integer.MAX_VALUE));
            final long afterNs = System.nanoTime();
            log.onCall(beforeNs, afterNs, appended, side.hasRolled());
            for (int i = 0; i < appended; i++)
            {
                log.onRecord(afterNs - startNs - (long)(done++ * intervalNs));
            }
        }
    }
}
