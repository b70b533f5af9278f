package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Calls the handler of a subscription that reads the journal, one event after the other. A subscription has as many of
 * these as calls may run at once. It occupies a thread only while it has events.
 *
 * <p>The delivery thread gives it events; one worker at a time runs it.
 */
final class DeliverySlot implements Runnable
{
    private static final int MOST_AT_A_TIME = 64;

    private final EngineCore core;
    private final Subscription subscription;
    private final DeliveryWorkers workers;
    private final OneToOneConcurrentArrayQueue<HandlerCall> queue =
        new OneToOneConcurrentArrayQueue<>(2 * DeliveryWindow.CAPACITY);
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final EpochNanoClock clock;
    private long given;
    private volatile long done;
    // Polled, and refused by the breaker: it comes first when the delivery thread schedules the slot again.
    private HandlerCall next;
    private volatile boolean isStopped;
    // What follows belongs to the worker until it is fenced, then to the delivery thread until the call has returned.
    private EventFlyweight event = new EventFlyweight();
    private CallGuard guard;
    private HandlerCall calling;
    private volatile HungHandlerException hung;
    private volatile boolean hasReturned;
    private boolean isFenced;

    DeliverySlot(final EngineCore core, final Subscription subscription, final DeliveryWorkers workers)
    {
        this.core = core;
        this.subscription = subscription;
        this.workers = workers;
        clock = core.clock();
        guard = newGuard();
    }

    /** Delivery thread: is there room for a call that no place in the window is kept for? */
    boolean hasRoomForRetry()
    {
        return load() < DeliveryWindow.CAPACITY;
    }

    /** Delivery thread; there is room for as many as the window holds, and as many that are tried again. */
    void give(final HandlerCall call)
    {
        given++;
        queue.offer(call);
        schedule();
    }

    /** Delivery thread: events that it has, the one that it calls the handler for included. */
    long load()
    {
        return given - done;
    }

    /**
     * Delivery thread: look whether the handler does not return, or has returned after all. What it was called for is
     * completed then as not done, and what waits behind it may be taken out with {@link #takeWaiting}.
     *
     * @return true if it does not return, and that is new.
     */
    boolean checkHung()
    {
        if (hung != null && !isFenced)
        {
            isFenced = true;
            workers.onHung();
            event.unwrap();
            calling.complete(hung, 0L, clock.nanoTime());
            calling = null;
            done = done + 1;
            return true;
        }
        if (isFenced && hasReturned)
        {
            isFenced = false;
            workers.onReturned();
            core.watch().remove(guard);
            guard = newGuard();
            event = new EventFlyweight();
            hung = null;
            hasReturned = false;
            isScheduled.set(false);
            resume();
        }
        return false;
    }

    /** Delivery thread: does the handler not return? */
    boolean isHung()
    {
        return isFenced;
    }

    /** Delivery thread, of one that is hung: the first call that waits, or null. */
    HandlerCall takeWaiting()
    {
        final HandlerCall call = queue.poll();
        given -= call == null ? 0 : 1;
        return call;
    }

    /** Any thread: call no more. */
    void stop()
    {
        isStopped = true;
    }

    /** Delivery thread, after {@link #stop} and at rest: what was not called will not be. */
    void close()
    {
        core.watch().remove(guard);
        if (next != null)
        {
            next.drop();
            next = null;
        }
        for (HandlerCall call = queue.poll(); call != null; call = queue.poll())
        {
            call.drop();
        }
    }

    /** Delivery thread: is no call in progress, but one that does not return? */
    boolean isAtRest()
    {
        return isFenced || !isScheduled.get();
    }

    @Override
    public void run()
    {
        for (int i = 0; i < MOST_AT_A_TIME && mayGoOn(); i++)
        {
            if (next == null)
            {
                next = queue.poll();
            }
            if (next == null || !subscription.calls().mayCallShared(clock.nanoTime()))
            {
                break;
            }
            calling = next;
            next = null;
            if (!WorkerCalls.call(core, subscription, calling, event, guard))
            {
                // Nothing else here is this thread's any more.
                hasReturned = true;
                core.raiseAttention();
                return;
            }
            done = done + 1;
        }
        final boolean isRefused = next != null;
        isScheduled.set(false);
        if (mayGoOn() && !isRefused && !queue.isEmpty())
        {
            schedule();
        }
    }

    /** Delivery thread: go on with what the breaker refused, or refuses still. */
    void resume()
    {
        if (load() > 0 && !isFenced)
        {
            schedule();
        }
    }

    // Nobody is called after the subscription has ended, whatever was read for it.
    private boolean mayGoOn()
    {
        return !isStopped && subscription.isActive();
    }

    private CallGuard newGuard()
    {
        return core.watch().newWorkerGuard(false, (fenced, report) ->
        {
            hung = report;
            core.raiseAttention();
        });
    }

    private void schedule()
    {
        if (isScheduled.compareAndSet(false, true))
        {
            workers.execute(this);
        }
    }
}
