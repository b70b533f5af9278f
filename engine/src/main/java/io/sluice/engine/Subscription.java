package io.sluice.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A subscription of an engine and its statistics, which any thread may read.
 *
 * <p>Calls to the handler never overlap: where two handling threads meet, one leaves the event for its next duty cycle.
 */
public final class Subscription
{
    /** Lane of the thread that handles CRITICAL events beside another. */
    static final int CRITICAL_LANE = 1;

    private static final VarHandle BUSY;
    private static final VarHandle DELIVERED;
    private static final VarHandle ERRORS;
    private static final VarHandle LAST_DELIVERED;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            BUSY = lookup.findVarHandle(Subscription.class, "busy", boolean.class);
            DELIVERED = lookup.findVarHandle(Subscription.class, "delivered", long.class);
            ERRORS = lookup.findVarHandle(Subscription.class, "errors", long.class);
            LAST_DELIVERED = lookup.findVarHandle(Subscription.class, "lastDeliveredNs", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final long id;
    private final SubscriptionSpec spec;
    private volatile boolean active = true;
    private volatile boolean criticalWaits;
    @SuppressWarnings("unused")
    private boolean busy;
    private long delivered;
    private long errors;
    @SuppressWarnings("UnusedVariable")
    private long lastDeliveredNs;

    Subscription(final long id, final SubscriptionSpec spec)
    {
        this.id = id;
        this.spec = spec;
    }

    /** @return id, unique in the engine. */
    public long id()
    {
        return id;
    }

    /** @return what it wants. */
    public SubscriptionSpec spec()
    {
        return spec;
    }

    /** @return false once it is unsubscribed; a call in progress may still end after that. */
    public boolean isActive()
    {
        return active;
    }

    /** @return calls that returned normally. */
    public long delivered()
    {
        return (long)DELIVERED.getOpaque(this);
    }

    /** @return calls that threw. */
    public long errors()
    {
        return (long)ERRORS.getOpaque(this);
    }

    /** @return end of the last call, nanoseconds since 1970 UTC; 0 if there was none. */
    public long lastDeliveredNs()
    {
        return (long)LAST_DELIVERED.getOpaque(this);
    }

    /**
     * Take the right to call. While the thread of CRITICAL events waits for it nobody else gets it, so that a CRITICAL
     * event waits for the call in progress and not for the calls that follow it.
     *
     * @param lane of the calling thread.
     * @return false if it must come again.
     */
    boolean tryEnter(final int lane)
    {
        if (lane != CRITICAL_LANE)
        {
            return !criticalWaits && BUSY.compareAndSet(this, false, true);
        }
        final boolean entered = BUSY.compareAndSet(this, false, true);
        if (criticalWaits == entered)
        {
            criticalWaits = !entered;
        }
        return entered;
    }

    void exit()
    {
        BUSY.setRelease(this, false);
    }

    // The next two are called between tryEnter and exit where threads could meet, so each has a single writer at a
    // time.

    void onDelivered(final long nowNs)
    {
        DELIVERED.setOpaque(this, delivered + 1);
        LAST_DELIVERED.setOpaque(this, nowNs);
    }

    void onError()
    {
        ERRORS.setOpaque(this, errors + 1);
    }

    void deactivate()
    {
        active = false;
    }
}
