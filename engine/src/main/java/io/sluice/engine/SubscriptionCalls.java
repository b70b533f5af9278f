package io.sluice.engine;

import io.sluice.engine.failure.BreakerState;
import io.sluice.engine.failure.CircuitBreaker;
import io.sluice.engine.failure.FailureCause;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What came of the calls of one subscription's handler: counts, its breaker, and whether it takes too long for the
 * rings. Any thread reads.
 */
final class SubscriptionCalls
{
    private static final int MOST_TIMEOUTS = 3;
    private static final VarHandle DELIVERED;
    private static final VarHandle ERRORS;
    private static final VarHandle LAST_DELIVERED;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            DELIVERED = lookup.findVarHandle(SubscriptionCalls.class, "delivered", long.class);
            ERRORS = lookup.findVarHandle(SubscriptionCalls.class, "errors", long.class);
            LAST_DELIVERED = lookup.findVarHandle(SubscriptionCalls.class, "lastDeliveredNs", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final SubscriptionSpec spec;
    private final boolean canLeave;
    private final boolean isBatched;
    private final Runnable attention;
    private final CircuitBreaker breaker;
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicLong timeouts = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    // Calls that do not return.
    private final AtomicInteger hung = new AtomicInteger();
    private volatile int timeoutsInARow;
    private volatile boolean demoted;
    private long delivered;
    private long errors;
    @SuppressWarnings("UnusedVariable")
    private long lastDeliveredNs;

    /**
     * @param spec      of the subscription.
     * @param canLeave  whether the journal can serve it instead of the rings.
     * @param isBatched whether workers call it while the rings serve it.
     * @param attention wakes the delivery thread.
     */
    SubscriptionCalls(
        final SubscriptionSpec spec, final boolean canLeave, final boolean isBatched, final Runnable attention)
    {
        this.spec = spec;
        this.canLeave = canLeave;
        this.isBatched = isBatched;
        this.attention = attention;
        breaker = new CircuitBreaker(spec.breaker(), (from, to, nowNs) -> attention.run());
    }

    long delivered()
    {
        return (long)DELIVERED.getOpaque(this);
    }

    long errors()
    {
        return (long)ERRORS.getOpaque(this);
    }

    long lastDeliveredNs()
    {
        return (long)LAST_DELIVERED.getOpaque(this);
    }

    long deadLetters()
    {
        return deadLetters.get();
    }

    void onDeadLetter()
    {
        deadLetters.incrementAndGet();
    }

    long timeouts()
    {
        return timeouts.get();
    }

    long undecodable()
    {
        return undecodable.get();
    }

    /** Any thread: count an event that could not be decoded; true for the first, the second, the fourth, and so on. */
    boolean isWorthSaying()
    {
        return Long.bitCount(undecodable.incrementAndGet()) == 1;
    }

    /** @return whether calls took too long for the rings. */
    boolean isDemoted()
    {
        return demoted;
    }

    /** Any thread: let the rings serve it again. */
    void promote()
    {
        timeoutsInARow = 0;
        demoted = false;
        attention.run();
    }

    /** @return calls that do not return. */
    int hung()
    {
        return hung.get();
    }

    CircuitBreaker breaker()
    {
        return breaker;
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

    /** A worker: calls may overlap where the subscription is concurrent. */
    void onSlotCall(final Throwable failure, final long startedNs, final long nowNs)
    {
        if (failure == null)
        {
            DELIVERED.getAndAdd(this, 1L);
            LAST_DELIVERED.setOpaque(this, nowNs);
        }
        else
        {
            ERRORS.getAndAdd(this, 1L);
        }
        synchronized (breaker)
        {
            if (failure == null)
            {
                tellBreaker(true, startedNs, nowNs);
            }
            else
            {
                tellBreakerOf(failure, startedNs, nowNs);
            }
        }
    }

    /** As {@link #tellBreaker}, of a call that threw: an event that can't be decoded says nothing of the handler. */
    void tellBreakerOf(final Throwable failure, final long startedNs, final long nowNs)
    {
        if (FailureRecorder.causeOf(failure) == FailureCause.UNDECODABLE)
        {
            breaker.onCancelled();
        }
        else
        {
            tellBreaker(false, startedNs, nowNs);
        }
    }

    /** A worker: a batch was handled. Nobody waits in a ring for that, so it does not leave them if it takes long. */
    void onBatchCall(final boolean isDone, final long startedNs, final long nowNs)
    {
        LAST_DELIVERED.setOpaque(this, nowNs);
        final boolean isInTime = nowNs - startedNs <= spec.timeoutNs();
        if (!isInTime)
        {
            timeouts.incrementAndGet();
        }
        synchronized (breaker)
        {
            tell(isDone && isInTime, nowNs);
        }
    }

    /** Whoever has the right to call, or the lock of the breaker: how a call went. */
    void tellBreaker(final boolean isDone, final long startedNs, final long nowNs)
    {
        final boolean isInTime = nowNs - startedNs <= spec.timeoutNs();
        if (!isInTime)
        {
            timeouts.incrementAndGet();
            timeoutsInARow = timeoutsInARow + 1;
            if (timeoutsInARow >= MOST_TIMEOUTS && canLeave && !demoted)
            {
                demoted = true;
                attention.run();
            }
        }
        else if (timeoutsInARow > 0)
        {
            timeoutsInARow = 0;
        }
        if (!isBatched)
        {
            tell(isDone && isInTime, nowNs);
        }
        else
        {
            // A worker may be telling how a batch went.
            synchronized (breaker)
            {
                tell(isDone && isInTime, nowNs);
            }
        }
    }

    private void tell(final boolean isWell, final long nowNs)
    {
        if (isWell)
        {
            breaker.onSuccess(nowNs);
        }
        else
        {
            breaker.onFailure(nowNs);
        }
    }

    /** Watch: a call does not return. */
    void onHung()
    {
        timeouts.incrementAndGet();
        hung.incrementAndGet();
        if (canLeave)
        {
            demoted = true;
        }
        attention.run();
    }

    /** Fenced thread: the call has returned after all. */
    void onReturned(final long nowNs)
    {
        synchronized (breaker)
        {
            breaker.onFailure(nowNs);
        }
        hung.decrementAndGet();
        attention.run();
    }

    /** Any thread: would its breaker let a call through? A look, not a permit. */
    boolean isCallable(final long nowNs)
    {
        return breaker.state() == BreakerState.CLOSED || nowNs >= breaker.nextCallNs();
    }

    /** Whoever has the right to call: may the handler be called now? */
    boolean mayCall(final long nowNs)
    {
        return !isBatched ? breaker.tryCall(nowNs) : mayCallShared(nowNs);
    }

    /** A worker: may the handler be called now? */
    boolean mayCallShared(final long nowNs)
    {
        synchronized (breaker)
        {
            return breaker.tryCall(nowNs);
        }
    }

    /** A worker: a call that the breaker let through was not made. */
    void onNotCalled()
    {
        synchronized (breaker)
        {
            breaker.onCancelled();
        }
    }
}
