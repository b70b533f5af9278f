package io.sluice.perf.peers;

import io.sluice.perf.baseline.HandWiredPipeline;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Disruptor and Chronicle Queue wired by hand. The ring knows no priorities: one order for all. */
final class HandWiredPeer implements Peer
{
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final IdleStrategy idle = new YieldingIdleStrategy();
    private HandWiredPipeline pipeline;
    private long published;

    @Override
    public String name()
    {
        return "hand-wired";
    }

    @Override
    public DurabilityClass durability()
    {
        return DurabilityClass.PROCESS;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals)
    {
        pipeline = new HandWiredPipeline(
            directory,
            new PeerEvent().record(),
            0,
            false,
            (number) -> arrivals.onArrival(number, OpenLoop.priorityOf(number).code()));
    }

    @Override
    public String settings()
    {
        return "Disruptor ring of 16384 slots, several producers, YieldingWaitStrategy; one consumer appends to a " +
            "Chronicle queue as shipped and then handles; no checksum, no dedup, no priorities; unbatched: one slot " +
            "per event, acknowledged when it is appended; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        pipeline.publish(event.record());
        published++;
    }

    @Override
    public void awaitAcknowledged()
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        idle.reset();
        // The pipeline's own wait spins, which on few cores keeps its consumer from running.
        while (pipeline.appended() < published)
        {
            idle.idle();
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("only " + pipeline.appended() + " of " + published + " were appended");
            }
        }
    }

    @Override
    public void close()
    {
        if (pipeline != null)
        {
            pipeline.close();
        }
    }
}
