package io.sluice.perf.synced;

import io.sluice.engine.Durability;
import io.sluice.perf.report.MeasurementException;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Publishes JOURNALED events on a schedule and records how long after its intended time each was acknowledged. Spins
 * on the calling thread; if it falls behind, intended times stay as planned.
 */
final class ScheduledPublisher
{
    private static final long LEAD_NS = 10_000_000L;
    private static final double NS_PER_S = 1e9;

    private final Lane lane;
    private final int rate;
    private final WindowedLatency latency;

    /**
     * @param lane to publish on.
     * @param rate events per second.
     * @param tag  of the histogram.
     */
    ScheduledPublisher(final Lane lane, final int rate, final String tag)
    {
        this.lane = lane;
        this.rate = rate;
        latency = new WindowedLatency(tag);
    }

    /**
     * Publish, and wait for the last acknowledgement.
     *
     * @param warmUpNs   not recorded.
     * @param durationNs recorded.
     */
    void run(final long warmUpNs, final long durationNs)
    {
        final long startNs = System.nanoTime() + LEAD_NS;
        latency.open(startNs + warmUpNs, durationNs);
        final long count = (long)((warmUpNs + durationNs) / NS_PER_S * rate);
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (long i = 0; i < count; i++)
        {
            final long intendedNs = startNs + (long)(i * (NS_PER_S / rate));
            while (System.nanoTime() - intendedNs < 0)
            {
                Thread.onSpinWait();
            }
            last = lane.publishAsync(Durability.JOURNALED)
                .thenRun(() -> latency.record(intendedNs, System.nanoTime()));
        }
        last.join();
        if (latency.histogram().getTotalCount() == 0)
        {
            throw new MeasurementException("no event was acknowledged in " + durationNs + " ns");
        }
    }

    Histogram latency()
    {
        return latency.histogram();
    }
}
