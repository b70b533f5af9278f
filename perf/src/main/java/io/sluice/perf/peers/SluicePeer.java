package io.sluice.perf.peers;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.journal.VisibleAt;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Sluice, played as its peers are: the everyday path, one call per event, everything else at its defaults. Its handler
 * sees an event no earlier than the class of durability holds for it.
 */
final class SluicePeer implements Peer
{
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final DurabilityClass durability;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private MeasuredEngine engine;

    SluicePeer(final DurabilityClass durability)
    {
        this.durability = durability;
    }

    @Override
    public String name()
    {
        return "sluice";
    }

    @Override
    public DurabilityClass durability()
    {
        return durability;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals)
    {
        final EngineContext context = new EngineContext().durability(durability.level());
        engine = new MeasuredEngine(
            durability.level() == Durability.NONE ? context : context.directory(directory),
            PeerEvent.PAYLOAD_LENGTH,
            visibleAt(),
            arrivals::onArrival);
    }

    @Override
    public String settings()
    {
        final EngineContext context = engine.engine().context();
        return "durability " + context.durability() + ", visible at " + visibleAt() + ", threading mode " +
            context.threadingMode() + ", all else as shipped, with dedup by id and content" +
            (durability == DurabilityClass.NONE ? "" : ", checksums and an index") +
            "; unbatched: one publish call per event, acknowledged by watermark; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        engine.publish(
            PublishPath.EVERYDAY, event.number(), event.priority(), engine.engine().context().clock().nanoTime());
    }

    @Override
    public void awaitAcknowledged()
    {
        if (durability == DurabilityClass.NONE)
        {
            return;
        }
        final Engine sluice = engine.engine();
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        idle.reset();
        // Nothing else publishes, so sequences are counts.
        while (watermark(sluice) < engine.published())
        {
            idle.idle();
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException(
                    "only " + watermark(sluice) + " of " + engine.published() + " were acknowledged", sluice.failure());
            }
        }
    }

    @Override
    public void check()
    {
        if (durability != DurabilityClass.NONE)
        {
            engine.closeAndCheck();
        }
    }

    @Override
    public void close()
    {
        if (engine != null)
        {
            engine.close();
        }
    }

    private VisibleAt visibleAt()
    {
        return durability == DurabilityClass.POWER ? VisibleAt.SYNCED : VisibleAt.JOURNALED;
    }

    private long watermark(final Engine sluice)
    {
        return durability == DurabilityClass.POWER ? sluice.syncedSequence() : sluice.journaledSequence();
    }
}
