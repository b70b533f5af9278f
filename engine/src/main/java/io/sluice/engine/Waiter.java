package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One place for a thread that waits for an acknowledgement. Places are reused; each use has a number of its own in the
 * state, so that nobody takes a later use for the one that he looked at.
 *
 * <pre>
 *   FREE ──arm──► WAITING ──claim──► CLAIMED ──wake──► WOKEN ──finish──► FREE
 *                  │   ▲                │
 *                  │   └──────sequence──┘
 *                  └──claim, finish (time-out) ──► FREE
 * </pre>
 *
 * What belongs to a use is written by its thread while FREE and by the claimer while CLAIMED, and read after the state.
 */
final class Waiter
{
    static final int FREE = 0;
    static final int WAITING = 1;
    static final int CLAIMED = 2;
    static final int WOKEN = 3;

    private static final int STATUS_BITS = 2;
    private static final long STATUS_MASK = (1L << STATUS_BITS) - 1;
    private static final VarHandle STATE;

    static
    {
        try
        {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final int number;
    private volatile long state;
    private volatile Thread thread;
    private long ticket;
    private boolean forSynced;
    private long sequence;
    private long result;
    private Waiter left;
    private Waiter right;

    Waiter(final int number)
    {
        this.number = number;
    }

    static int status(final long state)
    {
        return (int)(state & STATUS_MASK);
    }

    int number()
    {
        return number;
    }

    long state()
    {
        return state;
    }

    Thread thread()
    {
        return thread;
    }

    long ticket()
    {
        return ticket;
    }

    /** @return true if it waits for the force, false if for the journal. */
    boolean isForSynced()
    {
        return forSynced;
    }

    /** @return sequence of the event, 0 as long as it is not known. */
    long sequence()
    {
        return sequence;
    }

    long result()
    {
        return result;
    }

    Waiter left()
    {
        return left;
    }

    Waiter right()
    {
        return right;
    }

    /** Start a use; by the thread that has the place. */
    void arm(final long newTicket, final boolean newForSynced, final long newSequence)
    {
        ticket = newTicket;
        forSynced = newForSynced;
        sequence = newSequence;
        thread = Thread.currentThread();
        state = (((state >>> STATUS_BITS) + 1) << STATUS_BITS) | WAITING;
    }

    /**
     * Take the sole right to change a waiting use.
     *
     * @param seen state, WAITING, on which the caller decided.
     * @return false if another was faster, or it is no longer that use.
     */
    boolean claim(final long seen)
    {
        return STATE.compareAndSet(this, seen, with(seen, CLAIMED));
    }

    /** Claimer: the sequence is known now, and the thread goes on waiting. */
    void waitOn(final long newSequence)
    {
        sequence = newSequence;
        state = with(state, WAITING);
    }

    /** Claimer: what the thread will return. */
    void result(final long value)
    {
        result = value;
    }

    /** Claimer: let the thread go, which then unparks two others. */
    void wake(final Waiter newLeft, final Waiter newRight)
    {
        left = newLeft;
        right = newRight;
        state = with(state, WOKEN);
    }

    /** End a use that is claimed or woken by or for its thread. */
    void finish()
    {
        left = null;
        right = null;
        thread = null;
        state = with(state, FREE);
    }

    private static long with(final long state, final int status)
    {
        return (state & ~STATUS_MASK) | status;
    }
}
