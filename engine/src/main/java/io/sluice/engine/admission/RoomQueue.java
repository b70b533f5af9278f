package io.sluice.engine.admission;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one publisher that wait for room in one ring, first come first served. Only the first one tries; the
 * others are parked and stay so until it is their turn. Who makes room unparks that one thread, and only if it has
 * parked since the last time.
 *
 * <pre>
 *   enter ─► … ─► first: arm ─► try ──room──► leave ─► the next one is first
 *                         ▲       │none
 *                         └─ park ◄┘ ◄── wake: disarm, unpark
 * </pre>
 *
 * <p>No wake-up is missed: the first one arms before it tries, who makes room does so before it looks whether somebody
 * is armed, with a full fence in between.
 *
 * <p>Publishing threads lock one another out while they enter and leave; {@link #wake} takes no lock and never blocks.
 * Allocates nothing.
 */
public final class RoomQueue
{
    /** A waiting thread; one per thread, reused. */
    public static final class Place
    {
        private Thread thread;
        private Place next;

        /** A place in no queue. */
        public Place()
        {
        }
    }

    /** Given to {@link #arm} by one for which there are slots, but not the bytes: it is woken for these alone. */
    public static final int FOR_BYTES = Integer.MAX_VALUE;

    private final Object lock = new Object();
    private volatile Place first;
    private volatile boolean isArmed;
    private volatile int wanted;
    private Place last;

    /** @return true if nobody waits. */
    public boolean isEmpty()
    {
        return first == null;
    }

    /**
     * Stand in line.
     *
     * @param place of the calling thread, in no queue.
     */
    public void enter(final Place place)
    {
        place.thread = Thread.currentThread();
        place.next = null;
        synchronized (lock)
        {
            if (last == null)
            {
                first = place;
            }
            else
            {
                last.next = place;
            }
            last = place;
        }
    }

    /**
     * @param place of the calling thread.
     * @return true if it is its turn to try.
     */
    public boolean isFirst(final Place place)
    {
        return first == place;
    }

    /**
     * The first one, before it tries: from now on it is woken.
     *
     * @param room slots that are free when it is worth while, or {@link #FOR_BYTES}.
     */
    public void arm(final int room)
    {
        wanted = room;
        isArmed = true;
        // Nothing that it looks at when it tries is read before that.
        VarHandle.fullFence();
    }

    /** @return true if the first one has parked, or is about to. */
    public boolean isArmed()
    {
        return isArmed;
    }

    /** @return slots that are to be free before the first one is woken, or {@link #FOR_BYTES}. */
    public int wanted()
    {
        return wanted;
    }

    /** Let the first one try, if it has not done so since it was last woken; any thread. */
    public void wake()
    {
        isArmed = false;
        final Place place = first;
        if (place != null)
        {
            LockSupport.unpark(place.thread);
        }
    }

    /**
     * Park until it may be worth while to try. May return at any time.
     *
     * @param ns at most.
     */
    public void park(final long ns)
    {
        LockSupport.parkNanos(this, ns);
    }

    /**
     * Step out of the line, wherever it stands. The next one tries if this was the first.
     *
     * @param place of the calling thread.
     */
    public void leave(final Place place)
    {
        Thread next = null;
        synchronized (lock)
        {
            if (first == place)
            {
                first = place.next;
                last = first == null ? null : last;
                next = first == null ? null : first.thread;
            }
            else
            {
                Place before = first;
                while (before.next != place)
                {
                    before = before.next;
                }
                before.next = place.next;
                last = last == place ? before : last;
            }
            place.next = null;
            place.thread = null;
        }
        LockSupport.unpark(next);
    }
}
