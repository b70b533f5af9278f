package io.sluice.engine;

import io.sluice.engine.admission.RateLimits;
import io.sluice.engine.admission.RoomQueue;
import io.sluice.engine.ring.PriorityRing;
import java.util.Arrays;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Keeps a flooding publisher from crowding out another. While n publishers are open, each is guaranteed 1/(2·n) of
 * every ring: one that has that many events in a ring may only use what the guarantees of the others leave free, but
 * for a batch that is larger than that, which has a ring that is empty. A publisher that is alone has the whole ring
 * and pays nothing for this.
 */
final class PublisherShares
{
    private final PriorityRing[] rings;
    private final RateLimits rates;
    private final EpochNanoClock clock;
    private volatile Table table;

    PublisherShares(final PriorityRing[] rings, final RateLimits rates, final EpochNanoClock clock)
    {
        this.rings = rings;
        this.rates = rates;
        this.clock = clock;
        table = new Table(new PublisherShare[0], 0, new int[rings.length]);
    }

    RateLimits rates()
    {
        return rates;
    }

    synchronized PublisherShare open(final String name)
    {
        final Table old = table;
        int id = 0;
        while (id < old.shares.length && !isReusable(old.shares[id]))
        {
            id++;
        }
        final PublisherShare[] shares = Arrays.copyOf(old.shares, Math.max(id + 1, old.shares.length));
        shares[id] = new PublisherShare(id, name, rates.open(name, clock.nanoTime()));
        table = tableOf(shares);
        return shares[id];
    }

    synchronized void close(final PublisherShare share)
    {
        if (share.isOpen())
        {
            share.close();
            rates.close(share.name());
            table = tableOf(table.shares);
        }
    }

    /**
     * Wake the publishers that wait for room; any thread, never blocks.
     *
     * @param code of the priority.
     * @param room slots that are free.
     */
    void wake(final int code, final int room)
    {
        for (final PublisherShare share : table.shares)
        {
            final RoomQueue queue = share.queue(code);
            if (queue.isArmed() && room >= queue.wanted())
            {
                queue.wake();
            }
        }
    }

    /**
     * Wake the publishers that wait for bytes; any thread, never blocks.
     *
     * @param code of the priority.
     */
    void wakeForBytes(final int code)
    {
        for (final PublisherShare share : table.shares)
        {
            final RoomQueue queue = share.queue(code);
            if (queue.isArmed() && queue.wanted() == RoomQueue.FOR_BYTES)
            {
                queue.wake();
            }
        }
    }

    /**
     * How many events the ring may hold after a claim of this publisher. A batch that the guarantees of the others
     * never leave room for may have the ring while it is empty: it would be told to try again for ever.
     *
     * @param share of the publisher.
     * @param code  of the priority.
     * @param count of events that it claims.
     * @return the limit of the ring, or less where others are guaranteed room.
     */
    int limit(final PublisherShare share, final int code, final int count)
    {
        final Table current = table;
        final int limit = rings[code].limit();
        if (current.openCount <= 1)
        {
            return limit;
        }
        final int guarantee = current.guarantees[code];
        return share.inFlight(code) + count <= guarantee ?
            limit : Math.max(count, limit - (current.openCount - 1) * guarantee);
    }

    /** @return true if claims are counted, which they need not be for a publisher that is alone. */
    boolean isCounting()
    {
        return table.openCount > 1;
    }

    /** The one thread that handles the priority. */
    void onCompleted(final int publisherId, final int priorityCode)
    {
        if (publisherId != PriorityRing.UNCOUNTED)
        {
            table.shares[publisherId].onCompleted(priorityCode);
        }
    }

    private Table tableOf(final PublisherShare[] shares)
    {
        int openCount = 0;
        for (final PublisherShare share : shares)
        {
            openCount += share.isOpen() ? 1 : 0;
        }
        final int[] guarantees = new int[rings.length];
        for (int code = 0; code < rings.length; code++)
        {
            guarantees[code] = rings[code].limit() / (2 * Math.max(1, openCount));
        }
        return new Table(shares, openCount, guarantees);
    }

    private static boolean isReusable(final PublisherShare share)
    {
        return !share.isOpen() && share.isIdle();
    }

    private record Table(PublisherShare[] shares, int openCount, int[] guarantees)
    {
    }
}
