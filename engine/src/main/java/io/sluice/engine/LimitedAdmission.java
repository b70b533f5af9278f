package io.sluice.engine;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.RateLimits;
import io.sluice.engine.admission.RoomQueue;
import io.sluice.engine.admission.TokenBucket;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Admission with limits of rate, and with other policies than to refuse what has no room. A class of its own, so that
 * an engine without them does not even ask.
 *
 * <p>Thread-safe, allocates nothing. Blocks threads of hosts where it is configured so, never one of the engine.
 */
final class LimitedAdmission extends Admission
{
    // To wake a publisher for each single slot would cost more than to fill it.
    private static final int WAKE_PART = 16;
    private static final int MOST_TO_WAKE = 64;
    // Who waits for a token finds out in time that the engine is closed.
    private static final long LONGEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final PublisherShares shares;
    private final RateLimits rates;
    private final OverflowPolicy[] policies = new OverflowPolicy[Priority.COUNT];
    private final AtomicIntegerArray waiting = new AtomicIntegerArray(Priority.COUNT);
    private final AtomicIntegerArray spilling = new AtomicIntegerArray(Priority.COUNT);
    private final AtomicLongArray spilled = new AtomicLongArray(Priority.COUNT);
    private final Object bytesTurn = new Object();
    private final EpochNanoClock clock;
    private final long blockTimeoutNs;
    private final boolean isBlocking;
    private final boolean isHostDriven;

    LimitedAdmission(
        final PriorityRing[] rings,
        final EventArena arena,
        final PublisherShares shares,
        final Receipts receipts,
        final EngineContext context)
    {
        super(rings, arena, shares, receipts, context.maxEventLength());
        this.shares = shares;
        rates = shares.rates();
        clock = context.clock();
        blockTimeoutNs = context.admission().blockTimeoutNs();
        isBlocking = context.admission().isBlocking();
        isHostDriven = context.threadingMode() == ThreadingMode.INVOKER;
        for (final Priority priority : Priority.values())
        {
            policies[priority.code()] = context.admission().overflow(priority);
        }
    }

    @Override
    void hosts(final long result)
    {
        super.hosts(result);
        wakeAll();
    }

    @Override
    void wakeAll()
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            shares.wake(code, Integer.MAX_VALUE);
        }
    }

    @Override
    LimitedAdmission blocking()
    {
        return isBlocking ? this : null;
    }

    /** The thread that handles the priority: a slot is free. */
    void onRoom(final int code)
    {
        // The slot must be free to whoever is about to park before it is looked who is.
        VarHandle.fullFence();
        if (waiting.get(code) > 0)
        {
            final PriorityRing ring = rings()[code];
            shares.wake(code, ring.limit() - ring.depth());
        }
    }

    @Override
    void onBytesFreed()
    {
        // What one that waits took and gave back is no news: the others try one at a time, and did not miss it.
        if (isBlocking && !Thread.holdsLock(bytesTurn))
        {
            VarHandle.fullFence();
            // All priorities have them from the same arena.
            for (int code = 0; code < Priority.COUNT; code++)
            {
                if (waiting.get(code) > 0)
                {
                    shares.wakeForBytes(code);
                }
            }
        }
    }

    /** @return whether events of a priority are to go on from the journal, or do. */
    boolean isSpilling(final int code)
    {
        return spilling.get(code) != 0;
    }

    /** The thread that handles the priority: its ring was emptied. */
    void onSpilled(final int code, final int count)
    {
        spilled.addAndGet(code, count);
    }

    /**
     * The thread that handles the priority: nothing that was spilled is left. It goes on from the ring, but if somebody
     * waits for what is in there to leave it: whoever asked for that is parked, and does not ask again.
     *
     * @param next position of the first event that is in the ring, if there is one.
     */
    void onSpillEnded(final int code, final long next)
    {
        spilling.set(code, 0);
        // Who comes to wait after this look finds that nothing is spilled, and asks.
        VarHandle.fullFence();
        if (waiting.get(code) > 0 && rings()[code].claimed() >= next)
        {
            spilling.set(code, 1);
        }
    }

    @Override
    boolean isSpilling()
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (isSpilling(code))
            {
                return true;
            }
        }
        return false;
    }

    @Override
    long spilled(final int priorityCode)
    {
        return spilled.get(priorityCode);
    }

    /** @return threads that wait for room; a snapshot. */
    int waiting(final int code)
    {
        return waiting.get(code);
    }

    @Override
    long admit(
        final PublisherShare share,
        final PublishScratch scratch,
        final DirectBuffer record,
        final int offset,
        final int length,
        final int priorityCode,
        final long intendedNs,
        final Object attachment)
    {
        return admit(scratch, scratch.attempt().event(
            share, scratch.isInHandler(), record, offset, length, priorityCode, intendedNs, attachment));
    }

    @Override
    long admit(
        final PublisherShare share,
        final PublishScratch scratch,
        final EventBatchBuilder batch,
        final long intendedNs,
        final AwaitedReceipt[] receipts)
    {
        return admit(
            scratch, scratch.attempt().batch(share, scratch.isInHandler(), batch, intendedNs, receipts));
    }

    @Override
    long admitAtOnce(
        final PublisherShare share,
        final PublishScratch scratch,
        final boolean inHandler,
        final int length,
        final int priorityCode,
        final long intendedNs)
    {
        final PublishAttempt attempt = scratch.attempt().event(
            share, inHandler, scratch.buffer(), 0, length, priorityCode, intendedNs, null);
        return admit(scratch, attempt, false);
    }

    @Override
    long claim(
        final EventClaim claim,
        final PublisherShare share,
        final PublishScratch scratch,
        final Priority priority,
        final int maxLength)
    {
        final int code = priority.code();
        final TokenBucket bucket = share.bucket();
        if (bucket != null && bucket.take(1, clock.nanoTime(), false) == TokenBucket.REFUSED)
        {
            return refuse(code, PublishResult.RATE_LIMITED);
        }
        final boolean inHandler = scratch.isInHandler();
        final long result = !inHandler && isOthersTurn(share, code) ?
            PublishResult.BACK_PRESSURED : tryClaim(claim, share, inHandler, priority, maxLength);
        if (result >= 0)
        {
            claim.limits(this);
            return result;
        }
        if (bucket != null)
        {
            bucket.giveBack(1);
        }
        return refuse(code, overflow(result, code));
    }

    /** Take the token of the type of an event that was written into a claimed slot; a refusal is counted. */
    boolean takeTypeToken(final EventFlyweight event)
    {
        final TokenBucket bucket = rates.ofType(event);
        if (bucket == null || bucket.take(1, clock.nanoTime(), false) != TokenBucket.REFUSED)
        {
            return true;
        }
        refuse(event.priorityCode(), PublishResult.RATE_LIMITED);
        return false;
    }

    private long admit(final PublishScratch scratch, final PublishAttempt attempt)
    {
        return admit(scratch, attempt, !isHostDriven && !attempt.isInHandler() && !scratch.isEngineThread());
    }

    private long admit(final PublishScratch scratch, final PublishAttempt attempt, final boolean mayWait)
    {
        try
        {
            final long result = attempt.refusal() == 0 ?
                admitWithinRate(scratch, attempt, mayWait) : attempt.refusal();
            return result >= 0 ? result : refuse(attempt.priorityCode(), result, attempt.count());
        }
        finally
        {
            attempt.clear();
        }
    }

    private long admitWithinRate(final PublishScratch scratch, final PublishAttempt attempt, final boolean mayWait)
    {
        final long waitNs = takeTokens(attempt, mayWait);
        if (waitNs == TokenBucket.REFUSED)
        {
            return PublishResult.RATE_LIMITED;
        }
        final long result = waitNs > 0 && !awaitTokens(attempt.share(), waitNs) ?
            PublishResult.RATE_LIMITED : admitWhereThereIsRoom(scratch, attempt, mayWait);
        if (result < 0)
        {
            giveBack(attempt, attempt.count());
        }
        return result;
    }

    /** @return nanoseconds until all tokens are there, or {@link TokenBucket#REFUSED}. */
    private long takeTokens(final PublishAttempt attempt, final boolean mayWait)
    {
        final long nowNs = clock.nanoTime();
        final TokenBucket publisher = attempt.share().bucket();
        final int count = attempt.count();
        long waitNs = publisher == null ? 0L : publisher.take(count, nowNs, mayWait);
        if (waitNs == TokenBucket.REFUSED)
        {
            return waitNs;
        }
        for (int i = 0; i < count; i++)
        {
            final TokenBucket type = rates.ofType(attempt.event(i));
            final long typeWaitNs = type == null ? 0L : type.take(1, nowNs, mayWait);
            if (typeWaitNs == TokenBucket.REFUSED)
            {
                giveBack(attempt, i);
                return TokenBucket.REFUSED;
            }
            waitNs = Math.max(waitNs, typeWaitNs);
        }
        return waitNs;
    }

    private void giveBack(final PublishAttempt attempt, final int types)
    {
        final TokenBucket publisher = attempt.share().bucket();
        if (publisher != null)
        {
            publisher.giveBack(attempt.count());
        }
        for (int i = 0; i < types; i++)
        {
            final TokenBucket type = rates.ofType(attempt.event(i));
            if (type != null)
            {
                type.giveBack(1);
            }
        }
    }

    /** @return false if the thread was interrupted. */
    private boolean awaitTokens(final PublisherShare share, final long ns)
    {
        final long endNs = System.nanoTime() + ns;
        long leftNs = ns;
        while (leftNs > 0 && isOpen(share))
        {
            if (Thread.currentThread().isInterrupted())
            {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(leftNs, LONGEST_PARK_NS));
            leftNs = endNs - System.nanoTime();
        }
        return true;
    }

    private long admitWhereThereIsRoom(
        final PublishScratch scratch, final PublishAttempt attempt, final boolean mayWait)
    {
        final int code = attempt.priorityCode();
        final PublisherShare share = attempt.share();
        final long result = !attempt.isInHandler() && isOthersTurn(share, code) ?
            PublishResult.BACK_PRESSURED : attempt.run(this);
        if (isOverflow(result) && mayWait && isWaitedFor(code))
        {
            spill(code);
            return awaitRoom(attempt, share.queue(code), scratch.place());
        }
        return overflow(result, code);
    }

    private long awaitRoom(final PublishAttempt attempt, final RoomQueue queue, final RoomQueue.Place place)
    {
        final int code = attempt.priorityCode();
        final int wanted = Math.max(
            attempt.count(), Math.min(MOST_TO_WAKE, rings()[code].limit() / WAKE_PART));
        final long deadlineNs = System.nanoTime() + blockTimeoutNs;
        long result = PublishResult.BACK_PRESSURED;
        boolean isForBytes = false;
        waiting.incrementAndGet(code);
        queue.enter(place);
        try
        {
            while (true)
            {
                final long leftNs = deadlineNs - System.nanoTime();
                final boolean wasForBytes = isForBytes;
                if (queue.isFirst(place))
                {
                    queue.arm(isForBytes ? RoomQueue.FOR_BYTES : wanted);
                    result = isForBytes ? runInTurn(attempt) : attempt.run(this);
                    if (!isOverflow(result))
                    {
                        return result;
                    }
                    spill(code);
                    isForBytes = result == PublishResult.BYTES_LIMITED;
                }
                if (leftNs <= 0 || Thread.currentThread().isInterrupted())
                {
                    return result;
                }
                // It is not woken yet for what it did not get now.
                if (isForBytes == wasForBytes)
                {
                    queue.park(leftNs);
                }
            }
        }
        finally
        {
            queue.leave(place);
            waiting.decrementAndGet(code);
        }
    }

    // Those that wait for bytes would otherwise wake each other for ever with what they take, find too little, and give
    // back.
    private long runInTurn(final PublishAttempt attempt)
    {
        synchronized (bytesTurn)
        {
            return attempt.run(this);
        }
    }

    private boolean isOthersTurn(final PublisherShare share, final int code)
    {
        return isBlocking && !share.queue(code).isEmpty();
    }

    private boolean isWaitedFor(final int code)
    {
        return policies[code] == OverflowPolicy.BLOCK || policies[code] == OverflowPolicy.SPILL;
    }

    // Have the thread that handles the priority make room.
    private void spill(final int code)
    {
        if (policies[code] == OverflowPolicy.SPILL && spilling.get(code) == 0)
        {
            spilling.set(code, 1);
        }
    }

    private long overflow(final long result, final int code)
    {
        if (isOverflow(result))
        {
            spill(code);
        }
        return isOverflow(result) && policies[code] == OverflowPolicy.DROP_NEWEST ? PublishResult.DROPPED : result;
    }

    private static boolean isOverflow(final long result)
    {
        return result <= PublishResult.BACK_PRESSURED && result >= PublishResult.BYTES_LIMITED;
    }
}
