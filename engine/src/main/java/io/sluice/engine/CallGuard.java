package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * What one thread is calling, and since when, so that the {@link CallWatch} finds a handler that does not return. Who
 * ends the call is decided once: either the thread that made it, or the watch, which thereby <i>fences</i> the thread.
 * A fenced thread must touch nothing of the engine any more but what is said to be its own; others go on with the rest.
 *
 * <p>Everything that the thread wrote before {@link #enter} is visible to whoever has fenced it.
 */
final class CallGuard
{
    private static final long HUNG = -1L;
    private static final VarHandle STATE;

    static
    {
        try
        {
            STATE = MethodHandles.lookup().findVarHandle(CallGuard.class, "state", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final long timeoutNs;
    private final boolean isFencing;
    private final String consequence;
    private final Consumer<CallGuard> onHung;
    // Odd while a call is in progress.
    @SuppressWarnings("unused")
    private long state;
    // Thread that calls: what the state is after the call in progress, or the last one.
    private long after;
    private Subscription subscription;
    private Thread thread;
    private long startedNs;

    /**
     * @param timeoutNs   after which a call hangs; 0 for never.
     * @param isFencing   whether somebody else goes on then; otherwise it is only told.
     * @param consequence what follows, for people.
     * @param onHung      told once for each call that hangs, on the thread of the watch.
     */
    CallGuard(
        final long timeoutNs, final boolean isFencing, final String consequence, final Consumer<CallGuard> onHung)
    {
        this.timeoutNs = timeoutNs;
        this.isFencing = isFencing;
        this.consequence = consequence;
        this.onHung = onHung;
    }

    /** The thread that calls, before it does. */
    void enter(final Subscription called, final long nowNs)
    {
        subscription = called;
        startedNs = nowNs;
        thread = Thread.currentThread();
        after += 2;
        STATE.setRelease(this, after - 1);
    }

    /**
     * The thread that called, when the call has returned.
     *
     * @return false if it was found to hang; whether the thread is fenced, {@link #isFencing} says.
     */
    boolean exit()
    {
        if (STATE.compareAndSet(this, after - 1, after))
        {
            return true;
        }
        if (!isFencing)
        {
            STATE.setRelease(this, after);
        }
        return false;
    }

    /** @return whether a thread whose call hangs is fenced. */
    boolean isFencing()
    {
        return isFencing;
    }

    /** Any thread: is the call in progress one that hangs? */
    boolean isHung()
    {
        return (long)STATE.getAcquire(this) == HUNG;
    }

    /** Watch: has the call in progress, if any, taken too long? Then it hangs, and that is told. */
    boolean look(final long nowNs)
    {
        final long seen = (long)STATE.getAcquire(this);
        if (timeoutNs == 0 || (seen & 1L) == 0 || seen == HUNG || nowNs - startedNs <= timeoutNs ||
            !STATE.compareAndSet(this, seen, HUNG))
        {
            return false;
        }
        onHung.accept(this);
        return true;
    }

    /** Watch, when told: whose handler it is. */
    Subscription subscription()
    {
        return subscription;
    }

    /** Watch, when told: the thread that hangs. */
    Thread thread()
    {
        return thread;
    }

    /** Watch, when told: since when. */
    long startedNs()
    {
        return startedNs;
    }

    /** Watch, when told: what is to be said about it. */
    HungHandlerException report()
    {
        return new HungHandlerException(
            subscription.name(), timeoutNs, thread.getName(), consequence, thread.getStackTrace());
    }
}
