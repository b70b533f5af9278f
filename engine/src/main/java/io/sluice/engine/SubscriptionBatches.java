package io.sluice.engine;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.engine.batch.BatchAccumulator;
import io.sluice.engine.batch.ModeSelector;
import io.sluice.engine.batch.ProcessingMode;
import io.sluice.engine.batch.SealedBatch;
import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The batches of one subscription: what was taken from the rings or from the journal and is not handled yet.
 *
 * <pre>
 *   handling threads ─┐ offer                  ┌─► {@link BatchRunner} ─► batch handler
 *                     ├──────► accumulator ────┤
 *   delivery thread ──┘ offer, flush, onTime   └─► {@link BatchRunner}, as many as may run at once
 * </pre>
 *
 * <p>Whoever has the right to call feeds; while the journal serves the subscription, that is the delivery thread. An
 * event in here is not done: {@link #limit} says how far a position may go.
 */
final class SubscriptionBatches
{
    private static final int MOST_RETRIES = DeliveryWindow.CAPACITY;

    private final BatchAccumulator accumulator;
    // One for each lane; null where every event is batched.
    private final ModeSelector[] selectors;
    private final boolean isFollowingLoad;
    // Of each priority: sequence of the last event that was offered, once the ring serves it no more.
    private final long[] leftAt = new long[Priority.COUNT];
    private final boolean[] followed = new boolean[Subscription.LANES];
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final Queue<RetryCall> retries = new ArrayDeque<>();
    private final Runnable waker;
    private boolean isHurried;
    private int openRetries;
    private int running;
    private boolean isRetrying;
    private boolean wasRetry;

    /**
     * @param spec   of the subscription.
     * @param memory to reserve from before it grows.
     * @param waker  wakes the delivery thread.
     */
    SubscriptionBatches(final SubscriptionSpec spec, final GrowingMemory memory, final Runnable waker)
    {
        this.waker = waker;
        accumulator = new BatchAccumulator(spec.batches(), memory::tryReserve, memory::release);
        isFollowingLoad = spec.batches().followLoad();
        selectors = spec.mode() == DeliveryMode.AUTO ? new ModeSelector[Subscription.LANES] : null;
        for (int lane = 0; selectors != null && lane < Subscription.LANES; lane++)
        {
            selectors[lane] = new ModeSelector(spec.modes());
        }
    }

    /**
     * Feeder: is an event to go into a batch? One that would overtake others in a batch is.
     *
     * @param lane  of the thread.
     * @param event to be handled.
     * @param load  of the engine, 0 to 1.
     */
    boolean isBatched(final int lane, final EventFlyweight event, final double load)
    {
        isHurried = false;
        if (isFollowingLoad)
        {
            accumulator.load(load);
        }
        if (selectors == null || selectors[lane].select(event, load) == ProcessingMode.BATCHED)
        {
            return true;
        }
        isHurried = accumulator.isPending(event);
        return isHurried;
    }

    /**
     * Feeder, after {@link #isBatched}: take an event.
     *
     * @return false if there is no room for it.
     */
    boolean offer(final EventFlyweight event, final long nowNs)
    {
        final boolean wasIdle = accumulator.pending() == 0;
        final int waiting = accumulator.waiting();
        final boolean isTaken = accumulator.offer(event, nowNs);
        if (isTaken && isHurried)
        {
            accumulator.flush(nowNs);
        }
        // Whatever opens a batch sets a time that the delivery thread has to keep, and a sealed one is to be called.
        if (wasIdle || accumulator.waiting() > waiting)
        {
            waker.run();
        }
        return isTaken;
    }

    /** Feeder: seal what is due, or everything. */
    int seal(final boolean isEverything, final long nowNs)
    {
        return isEverything ? accumulator.flush(nowNs) : accumulator.onTime(nowNs);
    }

    /** Any thread: has {@link #seal} something to do? */
    boolean isDue(final long nowNs)
    {
        return accumulator.nearestDeadlineNs() <= nowNs;
    }

    /** Handling thread: the ring does not serve that priority any more. */
    void leftAt(final int priorityCode, final long sequence)
    {
        leftAt[priorityCode] = Math.max(leftAt[priorityCode], sequence);
    }

    /** Delivery thread, before the rings serve it: what the journal feed took, which may be more than the rings did. */
    void fedUpTo(final long sequence)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            leftAt(code, sequence);
        }
    }

    /** Handling thread: is its position to be moved from now on? True the first time. */
    boolean follow(final int lane)
    {
        final boolean isNew = !followed[lane];
        followed[lane] = true;
        return isNew;
    }

    /**
     * How far a position may go.
     *
     * @param priorityCode of events.
     * @param fed          sequence up to which they were offered, or looked at.
     * @return sequence up to which they are handled.
     */
    long limit(final int priorityCode, final long fed)
    {
        return Math.min(fed, accumulator.lowestPending(priorityCode) - 1);
    }

    /** As {@link #limit(int, long)}, for events of all priorities. */
    long limit(final long fed)
    {
        long lowest = fed;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            lowest = limit(code, lowest);
        }
        return lowest;
    }

    /**
     * Delivery thread, once no ring serves the subscription: hand over everything.
     *
     * @return true if all of it is handled; the position says so then.
     */
    boolean tryEmpty(final DeliveryPosition position, final long nowNs)
    {
        accumulator.flush(nowNs);
        if (accumulator.pending() > 0)
        {
            return false;
        }
        for (int code = 0; code < Priority.COUNT; code++)
        {
            position.advance(code, leftAt[code]);
        }
        return true;
    }

    /** @return events that were taken and are not handled. */
    long pending()
    {
        return accumulator.pending();
    }

    /** @return most events that are pending at a time. */
    int capacity()
    {
        return accumulator.policy().batches() * accumulator.policy().maxBatchSize();
    }

    /** Delivery thread: nothing more will be taken. */
    void close()
    {
        accumulator.releaseMemory();
        for (RetryCall call = takeRetry(); call != null; call = takeRetry())
        {
            call.drop();
        }
    }

    /** Delivery thread: try an event again on its own, between two batches; false if too many such calls wait. */
    synchronized boolean retry(final RetryCall call)
    {
        if (openRetries == MOST_RETRIES)
        {
            return false;
        }
        openRetries++;
        return retries.add(call);
    }

    /** Delivery thread: is there room for a call that is tried again? */
    synchronized boolean hasRoomForRetry()
    {
        return openRetries < MOST_RETRIES;
    }

    /** @return whether an event is to be tried again. */
    synchronized boolean isRetryOpen()
    {
        return openRetries > 0;
    }

    /** A worker: the next event to be tried again, if no batch is being handled. */
    synchronized RetryCall beginRetry()
    {
        // They take turns where both wait.
        if (running > 0 || isRetrying || wasRetry && accumulator.waiting() > 0)
        {
            return null;
        }
        final RetryCall call = retries.poll();
        isRetrying = call != null;
        wasRetry |= isRetrying;
        return call;
    }

    synchronized void endRetry()
    {
        isRetrying = false;
        openRetries--;
    }

    /** A worker: the next batch to handle, or null if none is to be handled just now. */
    synchronized SealedBatch beginBatch()
    {
        if (isRetrying || !retries.isEmpty() && !wasRetry)
        {
            return null;
        }
        final SealedBatch batch = accumulator.poll();
        if (batch != null)
        {
            running++;
            wasRetry = false;
        }
        return batch;
    }

    /** A worker: a batch is handled, and what failed of it is recorded. */
    void endBatch(final SealedBatch batch)
    {
        accumulator.complete(batch);
        synchronized (this)
        {
            running--;
        }
        waker.run();
    }

    /** A worker: what became of a batch. */
    void onCalled(final int size, final int failed)
    {
        delivered.addAndGet(size - failed);
        errors.addAndGet(failed);
        batches.incrementAndGet();
        events.addAndGet(size);
    }

    /** @return whether a worker has something to do. */
    boolean isWaiting()
    {
        return accumulator.waiting() > 0 || isRetryOpen();
    }

    /** @return events that were handed over in batches and did not fail. */
    long delivered()
    {
        return delivered.get();
    }

    /** @return events that failed in a batch. */
    long errors()
    {
        return errors.get();
    }

    /** @return batches that were handed over. */
    long batches()
    {
        return batches.get();
    }

    /** @return events in them. */
    long events()
    {
        return events.get();
    }

    private synchronized RetryCall takeRetry()
    {
        return retries.poll();
    }
}
