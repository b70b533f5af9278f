package io.sluice.engine.failure;

import java.util.Objects;

/**
 * Keeps calls away from a handler that fails again and again.
 *
 * <pre>
 *              failures in a row                openNs later, tryCall
 *   CLOSED ────────────────────────►  OPEN  ──────────────────────────►  HALF_OPEN: one call at a time
 *      ▲                               ▲                                    │   │
 *      │                               └──────────── it fails ──────────────┘   │
 *      └─────────────────────── as many as probes succeed ──────────────────────┘
 * </pre>
 *
 * Ask {@link #tryCall} before each call and say how it went, by {@link #onSuccess}, {@link #onFailure} or {@link
 * #onCancelled}. One caller at a time; what hands over between callers must order memory, as a lock or a queue does.
 * The getters may be called by any thread. Allocates nothing and never blocks.
 */
public final class CircuitBreaker
{
    private final BreakerPolicy policy;
    private final BreakerListener listener;
    private boolean isProbing;
    private int probesSucceeded;
    private volatile BreakerState state = BreakerState.CLOSED;
    private volatile int failuresInARow;
    private volatile long openedAtNs;
    private volatile long timesOpened;

    /**
     * @param policy   when it opens and closes.
     * @param listener told of changes.
     */
    public CircuitBreaker(final BreakerPolicy policy, final BreakerListener listener)
    {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Ask whether a call may be made.
     *
     * @param nowNs now, nanoseconds since 1970.
     * @return true if so; then its outcome must be told.
     */
    public boolean tryCall(final long nowNs)
    {
        final BreakerState current = state;
        if (current == BreakerState.CLOSED)
        {
            return true;
        }
        if (current == BreakerState.OPEN)
        {
            // A clock that was set back must not keep it open for longer.
            if (nowNs < openedAtNs)
            {
                openedAtNs = nowNs;
            }
            if (nowNs - openedAtNs < policy.openNs())
            {
                return false;
            }
            probesSucceeded = 0;
            isProbing = true;
            change(BreakerState.HALF_OPEN, nowNs);
            return true;
        }
        if (isProbing)
        {
            return false;
        }
        isProbing = true;
        return true;
    }

    /**
     * A call succeeded. Of one that began before the breaker opened, or that was told of as failed already, because it
     * took too long, nothing follows.
     *
     * @param nowNs now, nanoseconds since 1970.
     */
    public void onSuccess(final long nowNs)
    {
        final BreakerState current = state;
        if (current == BreakerState.CLOSED)
        {
            if (failuresInARow != 0)
            {
                failuresInARow = 0;
            }
        }
        else if (current == BreakerState.HALF_OPEN && isProbing)
        {
            isProbing = false;
            probesSucceeded++;
            if (probesSucceeded >= policy.probes())
            {
                failuresInARow = 0;
                change(BreakerState.CLOSED, nowNs);
            }
        }
    }

    /**
     * A call failed, or took too long.
     *
     * @param nowNs now, nanoseconds since 1970.
     */
    public void onFailure(final long nowNs)
    {
        if (failuresInARow < Integer.MAX_VALUE)
        {
            failuresInARow++;
        }
        final BreakerState current = state;
        final boolean isProbe = current == BreakerState.HALF_OPEN && isProbing;
        final boolean isEnough =
            current == BreakerState.CLOSED && policy.enabled() && failuresInARow >= policy.failures();
        if (isProbe || isEnough)
        {
            isProbing = false;
            openedAtNs = nowNs;
            timesOpened++;
            change(BreakerState.OPEN, nowNs);
        }
    }

    /** A call that was allowed was not made after all: another one may be. */
    public void onCancelled()
    {
        isProbing = false;
    }

    /**
     * Close it, whatever was before: somebody knows that the handler is well.
     *
     * @param nowNs now, nanoseconds since 1970.
     */
    public void reset(final long nowNs)
    {
        isProbing = false;
        failuresInARow = 0;
        if (state != BreakerState.CLOSED)
        {
            change(BreakerState.CLOSED, nowNs);
        }
    }

    /** @return the state; it is {@link BreakerState#OPEN} until the first call is asked for after its time. */
    public BreakerState state()
    {
        return state;
    }

    /** @return failures since the last success. */
    public int failuresInARow()
    {
        return failuresInARow;
    }

    /** @return when it opened last, nanoseconds since 1970; 0 if it never did. */
    public long openedAtNs()
    {
        return openedAtNs;
    }

    /** @return when the next call may be asked for, nanoseconds since 1970; 0 if it is not open. */
    public long nextCallNs()
    {
        return state == BreakerState.OPEN ? openedAtNs + policy.openNs() : 0;
    }

    /** @return how often it opened. */
    public long timesOpened()
    {
        return timesOpened;
    }

    /** @return the policy. */
    public BreakerPolicy policy()
    {
        return policy;
    }

    private void change(final BreakerState to, final long nowNs)
    {
        final BreakerState from = state;
        state = to;
        listener.onState(from, to, nowNs);
    }
}
