package io.sluice.engine;

import io.sluice.engine.delivery.Checkpoint;
import io.sluice.engine.delivery.CheckpointEntry;
import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.delivery.RegisteredSubscription;
import io.sluice.engine.delivery.SubscriptionPositions;
import io.sluice.engine.delivery.SubscriptionRegistry;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;

/**
 * The durable subscriptions of a data directory: what they are and where they stand. The files are made with the first
 * of them. Thread-safe: who subscribes, and the delivery thread.
 *
 * <p>A run begins by taking those that an earlier one served from the rings off them, at the watermarks of the
 * pipeline: what lies above is redelivered to those that are subscribed again at launch, and to the others from the
 * journal.
 */
final class DurableSubscriptions implements AutoCloseable
{
    private final SubscriptionRegistry registry;
    private final Path file;
    private final long runId;
    private final long lastSequence;
    private final Map<Long, Long> runEnds;
    private final EpochNanoClock clock;
    private final Checkpoint checkpoint;
    private final Map<String, Long> lastKnown = new HashMap<>();
    private SubscriptionPositions positions;
    private boolean isClosed;

    /**
     * @param directory    of the data.
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal.
     * @param runEnds      by run id, how far the journal is what an earlier run saw.
     * @param checkpoint   to which the positions go back; null if they do not.
     * @param clock        of the engine.
     */
    DurableSubscriptions(
        final DataDirectory directory,
        final long runId,
        final long lastSequence,
        final Map<Long, Long> runEnds,
        final Checkpoint checkpoint,
        final EpochNanoClock clock)
    {
        this.checkpoint = checkpoint;
        this.runId = runId;
        this.lastSequence = lastSequence;
        this.runEnds = runEnds;
        this.clock = clock;
        registry = SubscriptionRegistry.read(directory.control().resolve(SubscriptionRegistry.NAME));
        file = directory.positions().resolve(SubscriptionPositions.NAME);
        if (Files.exists(file) || !registry.list().isEmpty())
        {
            open();
        }
    }

    /**
     * Before any is subscribed: bring those that were served from the rings to where the pipeline stood.
     *
     * @param pipeline    watermarks that were recovered.
     * @param isPowerLost whether power was lost. Then, without a checkpoint, of each page of the files an older state
     *                    may be left, so that one may be called live that was off the rings long before the pipeline
     *                    came that far: each goes on from what its own position says, which is never more than it had.
     */
    synchronized void recover(final PipelinePositions pipeline, final boolean isPowerLost)
    {
        if (isPowerLost)
        {
            leaveRings();
        }
        for (final RegisteredSubscription one : registry.list())
        {
            final DeliveryPosition position = positions.find(one.id());
            if (position == null)
            {
                positions.restore(one.id(), lastSequence, checkpoint);
            }
            else if (position.isLive())
            {
                for (int code = 0; code < Priority.COUNT; code++)
                {
                    position.advance(code, pipeline.watermark(code));
                }
            }
        }
    }

    // After a power loss: nothing that others had counts for any of them.
    private void leaveRings()
    {
        for (final RegisteredSubscription one : registry.list())
        {
            final DeliveryPosition position = positions.find(one.id());
            if (position != null)
            {
                position.live(false);
            }
        }
    }

    /** After those of the launch are subscribed: nobody serves the others from the rings. */
    synchronized void launched(final List<Subscription> subscribed)
    {
        for (final RegisteredSubscription one : registry.list())
        {
            final DeliveryPosition position = positions.find(one.id());
            if (subscribed.stream().noneMatch(other -> other.position() == position))
            {
                position.live(false);
            }
        }
    }

    synchronized List<RegisteredSubscription> list()
    {
        return registry.list();
    }

    /** @return the position of a subscription that is registered, or null. */
    synchronized DeliveryPosition find(final String name)
    {
        ensureOpen();
        final RegisteredSubscription one = registry.find(name);
        return one == null ? null : positions.find(one.id());
    }

    /** @return sequence up to which one that is registered had everything; after the end, as it was then. */
    synchronized long lowest(final String name)
    {
        if (isClosed)
        {
            return lastKnown.getOrDefault(name, 0L);
        }
        final DeliveryPosition position = find(name);
        return position == null ? 0L : position.lowest();
    }

    /** @return id of one that is registered. */
    synchronized long idOf(final String name)
    {
        return registry.find(name).id();
    }

    synchronized boolean isPaused(final String name)
    {
        final RegisteredSubscription one = registry.find(name);
        return one != null && one.isPaused();
    }

    /**
     * Register a new one; blocks for the device.
     *
     * @param spec  of it.
     * @param start last sequence that it does not get.
     * @param since sequence that is journaled.
     */
    synchronized DeliveryPosition add(final SubscriptionSpec spec, final long start, final long since)
    {
        ensureOpen();
        open();
        final long id = registry.nextId();
        // A position that nobody knows is harmless, a subscription without its position would begin anew.
        final DeliveryPosition position = positions.add(id, start);
        try
        {
            registry.put(registered(id, spec, since, clock.nanoTime(), false));
        }
        catch (final RuntimeException ex)
        {
            positions.remove(id);
            throw ex;
        }
        return position;
    }

    /** One that is registered has a handler again, perhaps with another pattern; blocks for the device if so. */
    synchronized DeliveryPosition resume(final SubscriptionSpec spec, final DeliveryPosition position)
    {
        ensureOpen();
        final RegisteredSubscription old = registry.find(spec.name());
        final RegisteredSubscription now = registered(old.id(), spec, old.since(), old.createdNs(), old.isPaused());
        if (!now.equals(old))
        {
            registry.put(now);
        }
        return position;
    }

    /** Keep whether it is paused over a restart; blocks for the device. */
    synchronized void paused(final String name, final boolean isPaused)
    {
        ensureOpen();
        final RegisteredSubscription old = registry.find(name);
        if (old.isPaused() != isPaused)
        {
            registry.put(old.paused(isPaused));
        }
    }

    /** Forget one; blocks for the device. Its id, or 0 if there is none. */
    synchronized long remove(final String name)
    {
        ensureOpen();
        final RegisteredSubscription old = registry.find(name);
        if (old != null)
        {
            registry.remove(name);
            positions.remove(old.id());
        }
        return old == null ? 0L : old.id();
    }

    /** Of one that nobody handles: go on from another place. */
    synchronized void restart(final String name, final long sequence)
    {
        final DeliveryPosition position = find(name);
        position.live(false);
        position.restart(sequence);
    }

    /**
     * What a checkpoint is to say of them.
     *
     * @param pipeline watermarks of the pipeline, read before.
     */
    synchronized List<CheckpointEntry> read(final long[] pipeline)
    {
        return positions == null ? List.of() : positions.read(pipeline);
    }

    /** Have all positions on the device, and tell the listener; blocks for it. */
    synchronized void force(final ForceListener listener)
    {
        if (positions != null)
        {
            positions.force();
            listener.onForced(file, false);
            listener.onForced(file.getParent(), true);
        }
    }

    @Override
    public synchronized void close()
    {
        if (positions != null)
        {
            registry.list().forEach(one -> lastKnown.put(one.name(), lowest(one.name())));
            positions.close();
            positions = null;
        }
        isClosed = true;
    }

    // The locks of the files are given back: another engine, or a command, may be writing them.
    private void ensureOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException(
                "the engine is closed, and changes no durable subscription any more: ask the next one, or use " +
                "'sluice subscriptions'");
        }
    }

    private void open()
    {
        if (positions == null)
        {
            positions = SubscriptionPositions.open(file, runId, lastSequence, runEnds, checkpoint);
        }
    }

    private static RegisteredSubscription registered(
        final long id,
        final SubscriptionSpec spec,
        final long since,
        final long createdNs,
        final boolean isPaused)
    {
        return new RegisteredSubscription(
            id,
            spec.name(),
            spec.subscriber(),
            spec.pattern().text(),
            spec.filter() == null ? "" : spec.filter().text(),
            spec.minimumPriority().label(),
            spec.mode().name().toLowerCase(Locale.ROOT),
            since,
            createdNs,
            isPaused);
    }
}
