package io.sluice.engine;

import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.failure.BreakerState;
import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A subscription of an engine and its statistics, which any thread may read.
 *
 * <p>Calls to the handler never overlap, unless it was made concurrent: where two handling threads meet, one leaves the
 * event for its next duty cycle.
 *
 * <p>{@link #pause()} and {@link #resume()} may be called by any thread at any time, also from the handler; they return
 * at once, and take effect between two events. Nothing is lost or repeated by them: what comes while the subscription
 * is paused is read from the journal later.
 */
public final class Subscription
{
    /** Lane of the thread that handles CRITICAL events beside another. */
    static final int CRITICAL_LANE = 1;
    /** Lane of the delivery thread, which reads the journal. */
    static final int JOURNAL_LANE = 2;
    static final int LANES = 3;
    /** Nobody has routed an event to it yet, see {@link #since}. */
    static final long NOT_ROUTED = Long.MAX_VALUE;

    private static final VarHandle BUSY;

    static
    {
        try
        {
            BUSY = MethodHandles.lookup().findVarHandle(Subscription.class, "busy", boolean.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final long id;
    private final String name;
    private final SubscriptionSpec spec;
    private final LiveGate gate;
    private final DeliveryPosition position;
    private final EventFilter[] filters = new EventFilter[LANES];
    private final Runnable attention;
    private final long retryId;
    private final SubscriptionCalls calls;
    // Null where no event is batched.
    private final SubscriptionBatches batches;
    private final AtomicReference<SubscriptionSeek> seek = new AtomicReference<>();
    private volatile boolean awayWanted;
    private volatile boolean active = true;
    private volatile boolean paused;
    private int generation;
    private volatile long since;
    private volatile long routedWithout = NOT_ROUTED;
    // Delivery thread: it has the right to call until the rings serve the subscription again.
    private boolean heldByFeed;
    private Subscription before;
    private volatile boolean released;
    private volatile boolean criticalWaits;
    @SuppressWarnings("unused")
    private boolean busy;

    /**
     * @param id        unique in the engine.
     * @param name      unique among those that have a handler.
     * @param retryId   names it in the retry log, over restarts.
     * @param spec      what it wants.
     * @param isLive    whether it begins on the rings.
     * @param position  what it has had; null in an engine without a journal.
     * @param attention wakes the delivery thread.
     * @param batches   of its events; null if they are not batched.
     */
    Subscription(
        final long id,
        final String name,
        final long retryId,
        final SubscriptionSpec spec,
        final boolean isLive,
        final DeliveryPosition position,
        final Runnable attention,
        final SubscriptionBatches batches)
    {
        this.id = id;
        this.name = name;
        this.batches = batches;
        this.spec = spec;
        this.position = position;
        this.attention = attention;
        this.retryId = retryId;
        calls = new SubscriptionCalls(
            spec, spec.mode() != DeliveryMode.TAILING && position != null, batches != null, attention);
        gate = new LiveGate(isLive);
        if (spec.filter() != null)
        {
            for (int lane = 0; lane < LANES; lane++)
            {
                filters[lane] = spec.filter().copy();
            }
        }
    }

    /** @return id, unique in the engine. */
    public long id()
    {
        return id;
    }

    /** @return name of the subscription, unique among those that have a handler; see {@link SubscriptionSpec#name}. */
    public String name()
    {
        return name;
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

    /** @return calls that returned normally; in batches, events that did not fail. */
    public long delivered()
    {
        return calls.delivered() + (batches == null ? 0L : batches.delivered());
    }

    /** @return calls that threw; in batches, events that failed. */
    public long errors()
    {
        return calls.errors() + (batches == null ? 0L : batches.errors());
    }

    /** @return end of the last call, nanoseconds since 1970 UTC; 0 if there was none. */
    public long lastDeliveredNs()
    {
        return calls.lastDeliveredNs();
    }

    /** @return where it stands; a snapshot. */
    public SubscriptionState state()
    {
        if (!active)
        {
            return SubscriptionState.ENDED;
        }
        if (paused)
        {
            return SubscriptionState.PAUSED;
        }
        if (calls.hung() >= spec.concurrency())
        {
            return SubscriptionState.HUNG;
        }
        return spec.mode() == DeliveryMode.TAILING || gate.phase() == LiveGate.LIVE ?
            SubscriptionState.RUNNING : SubscriptionState.CATCHING_UP;
    }

    /**
     * Hand it no more events until it is resumed. A call in progress ends, and with {@link DeliveryMode#TAILING} so do
     * the calls for events that were handed to its threads already.
     *
     * @throws IllegalStateException in an engine without a journal, from which it could go on.
     */
    public void pause()
    {
        if (position == null)
        {
            throw new IllegalStateException(
                "subscription " + name + " can't be paused: without a journal there is nothing to go on from");
        }
        paused = true;
        attention.run();
    }

    /** Go on with the event after the last one. Does nothing if it is not paused. */
    public void resume()
    {
        paused = false;
        attention.run();
    }

    /** @return events that became dead letters in this run. */
    public long deadLetters()
    {
        return calls.deadLetters();
    }

    /** @return calls that took longer than {@link SubscriptionSpec#timeoutNs}. */
    public long timeouts()
    {
        return calls.timeouts();
    }

    /** @return events whose payload its handler could not decode, in this run. */
    public long undecodable()
    {
        return calls.undecodable();
    }

    /** @return state of its breaker. */
    public BreakerState breakerState()
    {
        return calls.breaker().state();
    }

    /** @return whether it is served from the journal because its calls took too long. */
    public boolean isDemoted()
    {
        return calls.isDemoted();
    }

    /** Let the rings serve it again, after calls that took too long. Any thread. */
    public void promote()
    {
        calls.promote();
    }

    /** @return whether it was paused. */
    public boolean isPaused()
    {
        return paused;
    }

    SubscriptionStats stats(final EngineCore core)
    {
        final long sequence = position == null ? 0L :
            gate.phase() == LiveGate.LIVE && !keepsPosition() ? core.positions().lowest() : position.lowest();
        return new SubscriptionStats(
            id,
            name,
            spec.subscriber(),
            spec.pattern().text(),
            spec.filter() == null ? "" : spec.filter().text(),
            spec.minimumPriority().label(),
            spec.mode().name().toLowerCase(Locale.ROOT),
            spec.isDurable(),
            state(),
            delivered(),
            errors(),
            deadLetters(),
            timeouts(),
            undecodable(),
            breakerState(),
            lastDeliveredNs(),
            sequence,
            position == null ? 0L : Math.max(0L, core.journaledSequence() - sequence),
            batches == null ? 0L : batches.batches(),
            batches == null ? 0L : batches.events());
    }

    LiveGate gate()
    {
        return gate;
    }

    /** @return what it has had, or null without a journal. */
    DeliveryPosition position()
    {
        return position;
    }

    /** @return its batches, or null if its events are not batched. */
    SubscriptionBatches batches()
    {
        return batches;
    }

    /** @return whether its position is its own also while the rings serve it: what they handed over is not all done. */
    boolean keepsPosition()
    {
        return batches != null && spec.isDurable();
    }

    /** @return whether it goes on with the journal when its breaker is open; else events become dead letters. */
    boolean waitsForBreaker()
    {
        return batches != null || spec.isDurable();
    }

    /** @return number of the change of the table with which routes began to know it. */
    int generation()
    {
        return generation;
    }

    void generation(final int value)
    {
        generation = value;
    }

    /** @return sequence up to which it is not there for rules that name it. */
    long since()
    {
        return since;
    }

    void since(final long value)
    {
        since = value;
    }

    /** Routing thread, which knows it from now on: no event after this one was routed without it. */
    void routedAfter(final long sequence)
    {
        if (since == NOT_ROUTED)
        {
            since = sequence;
        }
        if (routedWithout == NOT_ROUTED)
        {
            routedWithout = sequence;
        }
    }

    /** @return sequence after which no event was routed without it; {@link #NOT_ROUTED} if that is not known yet. */
    long routedWithout()
    {
        return routedWithout;
    }

    /** Lane: is it an event that the filter lets pass? */
    boolean wants(final int lane, final EventFlyweight event)
    {
        final EventFilter filter = filters[lane];
        return filter == null || filter.matches(event);
    }

    /** Before it is known to any thread: one with the same position that was unsubscribed. */
    void before(final Subscription subscription)
    {
        before = subscription;
    }

    /** Delivery thread: does another one still use the position? */
    boolean hasToWait()
    {
        if (before != null && before.released)
        {
            before = null;
        }
        return before != null;
    }

    /** Delivery thread: it will not touch its position any more. */
    void release()
    {
        released = true;
    }

    boolean isHeldByFeed()
    {
        return heldByFeed;
    }

    void heldByFeed(final boolean value)
    {
        heldByFeed = value;
    }

    /** Lane: it does not wait for the right to call any more. */
    void stopWaiting(final int lane)
    {
        if (lane == CRITICAL_LANE)
        {
            criticalWaits = false;
        }
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

    /** @return what came of its calls, and whether another may be made. */
    SubscriptionCalls calls()
    {
        return calls;
    }

    long retryId()
    {
        return retryId;
    }

    /** Any thread: have it served from the journal until it has caught up. */
    void wantAway()
    {
        if (!awayWanted)
        {
            awayWanted = true;
            attention.run();
        }
    }

    /** Delivery thread: should the rings not serve it? */
    boolean isAwayWanted()
    {
        return awayWanted || calls.isDemoted();
    }

    /** Delivery thread: it is away. */
    void onAway()
    {
        awayWanted = false;
    }

    /** Any thread: have a durable one go on with an event. */
    SubscriptionSeek seek(final long sequence)
    {
        final SubscriptionSeek wish = seek.updateAndGet(before -> new SubscriptionSeek(sequence, before));
        attention.run();
        return wish;
    }

    /** Delivery thread: where it is to go, or null. */
    SubscriptionSeek seek()
    {
        return seek.get();
    }

    /** Delivery thread: it stands there. */
    void sought(final SubscriptionSeek wish)
    {
        seek.compareAndSet(wish, null);
        wish.complete();
    }

    void deactivate()
    {
        active = false;
        attention.run();
    }
}
