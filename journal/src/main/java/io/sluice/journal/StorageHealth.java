package io.sluice.journal;

import java.util.EnumMap;
import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What keeps the journal from taking records or forcing them, reported by the threads that meet it. Thread-safe; {@link
 * #isHealthy()} is one volatile read.
 */
final class StorageHealth
{
    /** Kinds of trouble; each is raised and cleared by its own thread. */
    enum Trouble
    {
        /** No blocks can be reserved for the next records. */
        SPACE,
        /** What must be known of the journal could not be written to {@code control/}. */
        NOTE,
        /** The device did not confirm a force. */
        FORCE
    }

    private final EpochNanoClock clock;
    private final Map<Trouble, String> troubles = new EnumMap<>(Trouble.class);
    private volatile StorageStatus status = StorageStatus.HEALTHY;

    StorageHealth(final EpochNanoClock clock)
    {
        this.clock = clock;
    }

    boolean isHealthy()
    {
        return status.isHealthy();
    }

    StorageStatus status()
    {
        return status;
    }

    synchronized void raise(final Trouble trouble, final String reason)
    {
        if (!reason.equals(troubles.put(trouble, reason)))
        {
            update();
        }
    }

    synchronized void clear(final Trouble trouble)
    {
        if (troubles.remove(trouble) != null)
        {
            update();
        }
    }

    private void update()
    {
        final StorageStatus before = status;
        if (troubles.isEmpty())
        {
            status = new StorageStatus(true, "", 0L, before.episodes());
        }
        else
        {
            status = new StorageStatus(
                false,
                String.join("; ", troubles.values()),
                before.isHealthy() ? clock.nanoTime() : before.sinceNs(),
                before.isHealthy() ? before.episodes() + 1 : before.episodes());
        }
    }
}
