package io.sluice.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;

/**
 * The threads that are parked until an event is journaled or synced. None of them polls: each is woken once, when its
 * own event has come so far.
 *
 * <pre>
 *   await ──► unsequenced ──sequencing thread, after a batch──► journaled: woken
 *                 │                                              synced:   force asked for ──► unsynced
 *                 └──sequence known already──────────────────────────────────────────────────────┤
 *                                                             woken ◄──after the force that covers it──┘
 * </pre>
 *
 * <p>No wake-up is missed: a waiter first adds itself, then looks once more, and only then parks; the waking thread
 * first moves the watermark, then looks who is there. The sequence is taken down as soon as it is known, so a ticket
 * may be forgotten by its ring while the device takes its time.
 *
 * <p>Allocates nothing but the place of each further thread that waits at the same time. Where more than {@link
 * WaiterSet#CAPACITY} do, the rest polls.
 */
final class AckWaiters
{
    /** Neither acknowledged nor refused so far. */
    static final long PENDING = 0L;

    // A place is claimed for some instructions only, unless the claimer loses its processor.
    private static final long CLAIM_PARK_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long POLL_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    // Who asks again now and then finds out where nothing is forced any more.
    private static final long LONGEST_PARK_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongUnaryOperator sequences;
    private final Watermarks watermarks;
    private final LongConsumer syncRequest;
    private final AtomicReferenceArray<Waiter> places = new AtomicReferenceArray<>(WaiterSet.CAPACITY);
    private final WaiterSet free = new WaiterSet();
    private final WaiterSet unsequenced = new WaiterSet();
    private final WaiterSet unsynced = new WaiterSet();
    private final WakeTree journaledTree = new WakeTree();
    private final WakeTree syncedTree = new WakeTree();
    private volatile long ended = PENDING;

    /**
     * @param sequences   gives the sequence of a ticket, or a result of {@link PublishResult}.
     * @param watermarks  of the journal.
     * @param syncRequest asks for a force that covers a sequence.
     */
    AckWaiters(final LongUnaryOperator sequences, final Watermarks watermarks, final LongConsumer syncRequest)
    {
        this(sequences, watermarks, syncRequest, WaiterSet.CAPACITY);
    }

    AckWaiters(
        final LongUnaryOperator sequences,
        final Watermarks watermarks,
        final LongConsumer syncRequest,
        final int capacity)
    {
        this.sequences = sequences;
        this.watermarks = watermarks;
        this.syncRequest = syncRequest;
        for (int number = 0; number < capacity; number++)
        {
            free.add(number);
        }
    }

    /**
     * Has an event come so far?
     *
     * @param ticket        of the event.
     * @param forSynced     true for the force, false for the journal.
     * @param knownSequence of the event, or 0.
     * @return its sequence, a result of {@link PublishResult}, or {@link #PENDING}.
     */
    long look(final long ticket, final boolean forSynced, final long knownSequence)
    {
        final long sequence = knownSequence > 0 ? knownSequence : sequenceOf(ticket);
        final long covered = forSynced ? watermarks.synced() : watermarks.journaled();
        return sequence != PublishResult.NOT_SEQUENCED && sequence <= covered ? sequence : ended;
    }

    /**
     * Park until an event has come so far. An interrupt is kept for later.
     *
     * @param ticket     of the event.
     * @param forSynced  true for the force, false for the journal.
     * @param deadlineNs by {@link System#nanoTime()}.
     * @return its sequence, or a result of {@link PublishResult}.
     */
    long await(final long ticket, final boolean forSynced, final long deadlineNs)
    {
        final int number = free.takeLowest();
        if (number < 0)
        {
            return poll(ticket, forSynced, deadlineNs);
        }
        Waiter waiter = places.get(number);
        if (waiter == null)
        {
            waiter = new Waiter(number);
            places.set(number, waiter);
        }
        final long sequence = forSynced ? Math.max(0L, sequenceOf(ticket)) : 0L;
        waiter.arm(ticket, forSynced, sequence);
        if (sequence > 0)
        {
            unsynced.add(number);
            syncRequest.accept(sequence);
        }
        else
        {
            unsequenced.add(number);
        }
        return park(waiter, deadlineNs);
    }

    /** Sequencing thread, after the watermark has moved. One volatile read where nobody waits. */
    void onJournaled()
    {
        if (!unsequenced.isEmpty())
        {
            wakeJournaled();
        }
    }

    /** The thread that forces, after the watermark has moved. */
    synchronized void onSynced()
    {
        if (!unsynced.isEmpty())
        {
            claimDone(unsynced, syncedTree);
            syncedTree.wake();
        }
    }

    /**
     * Release everybody, now and later, whose event has not come so far.
     *
     * @param result that they get.
     */
    synchronized void end(final long result)
    {
        ended = result;
        claimDone(unsequenced, syncedTree);
        claimDone(unsynced, syncedTree);
        syncedTree.wake();
    }

    private void wakeJournaled()
    {
        long lowest = Long.MAX_VALUE;
        long highest = 0L;
        for (int number = unsequenced.next(0); number >= 0; number = unsequenced.next(number + 1))
        {
            final Waiter waiter = places.get(number);
            final long seen = waiter.state();
            final long sequence = Waiter.status(seen) == Waiter.WAITING ?
                sequenceOf(waiter.ticket()) : PublishResult.NOT_SEQUENCED;
            if (sequence != PublishResult.NOT_SEQUENCED && waiter.claim(seen))
            {
                unsequenced.remove(number);
                if (sequence < 0 || !waiter.isForSynced())
                {
                    waiter.result(sequence);
                    journaledTree.add(waiter);
                }
                else
                {
                    unsynced.add(number);
                    waiter.waitOn(sequence);
                    lowest = Math.min(lowest, sequence);
                    highest = Math.max(highest, sequence);
                }
            }
        }
        if (highest > 0)
        {
            syncRequest.accept(highest);
            // The force may have been faster than this thread, and then has found nobody.
            if (lowest <= watermarks.synced() || ended != PENDING)
            {
                claimDone(unsynced, journaledTree);
            }
        }
        journaledTree.wake();
    }

    private void claimDone(final WaiterSet set, final WakeTree tree)
    {
        for (int number = set.next(0); number >= 0; number = set.next(number + 1))
        {
            final Waiter waiter = places.get(number);
            final long seen = waiter.state();
            if (Waiter.status(seen) == Waiter.WAITING)
            {
                final long result = look(waiter.ticket(), waiter.isForSynced(), waiter.sequence());
                if (result != PENDING && waiter.claim(seen))
                {
                    set.remove(number);
                    waiter.result(result);
                    tree.add(waiter);
                }
            }
        }
    }

    private long park(final Waiter waiter, final long deadlineNs)
    {
        boolean interrupted = false;
        while (true)
        {
            final long seen = waiter.state();
            final int status = Waiter.status(seen);
            if (status == Waiter.WOKEN)
            {
                final long result = waiter.result();
                LockSupport.unpark(threadOf(waiter.left()));
                LockSupport.unpark(threadOf(waiter.right()));
                return leave(waiter, result, interrupted);
            }
            final long leftNs = deadlineNs - System.nanoTime();
            if (status == Waiter.CLAIMED)
            {
                LockSupport.parkNanos(this, CLAIM_PARK_NS);
            }
            else
            {
                final long result = look(waiter.ticket(), waiter.isForSynced(), waiter.sequence());
                if (result != PENDING || leftNs <= 0)
                {
                    if (waiter.claim(seen))
                    {
                        return leave(waiter, result == PENDING ? PublishResult.TIMED_OUT : result, interrupted);
                    }
                }
                else if (!takeDownSequence(waiter, seen))
                {
                    LockSupport.parkNanos(this, Math.min(leftNs, LONGEST_PARK_NS));
                    askAgain(waiter, seen);
                }
            }
            interrupted |= Thread.interrupted();
        }
    }

    private void askAgain(final Waiter waiter, final long seen)
    {
        // What belongs to a use changes only with its state.
        if (waiter.sequence() > 0 && waiter.state() == seen)
        {
            syncRequest.accept(waiter.sequence());
        }
    }

    // The sequencing thread does this for those that it sees; it may have passed before this one was there to be seen.
    private boolean takeDownSequence(final Waiter waiter, final long seen)
    {
        if (!waiter.isForSynced() || waiter.sequence() > 0)
        {
            return false;
        }
        final long sequence = sequenceOf(waiter.ticket());
        if (sequence < 0)
        {
            return false;
        }
        if (waiter.claim(seen))
        {
            unsequenced.remove(waiter.number());
            unsynced.add(waiter.number());
            waiter.waitOn(sequence);
            syncRequest.accept(sequence);
        }
        return true;
    }

    private long leave(final Waiter waiter, final long result, final boolean interrupted)
    {
        // Also what a claimer has removed: it may have come before this thread had added itself.
        unsequenced.remove(waiter.number());
        unsynced.remove(waiter.number());
        waiter.finish();
        free.add(waiter.number());
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    private long poll(final long ticket, final boolean forSynced, final long deadlineNs)
    {
        long sequence = 0L;
        while (true)
        {
            if (forSynced && sequence == 0)
            {
                sequence = Math.max(0L, sequenceOf(ticket));
                if (sequence > 0)
                {
                    syncRequest.accept(sequence);
                }
            }
            final long result = look(ticket, forSynced, sequence);
            if (result != PENDING)
            {
                return result;
            }
            final long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0)
            {
                return PublishResult.TIMED_OUT;
            }
            LockSupport.parkNanos(this, Math.min(leftNs, POLL_PARK_NS));
        }
    }

    // The watermark first: what it covers is visible in the rings to whoever has read it.
    private long sequenceOf(final long ticket)
    {
        return watermarks.journaled() < 0 ? PublishResult.NOT_SEQUENCED : sequences.applyAsLong(ticket);
    }

    private static Thread threadOf(final Waiter waiter)
    {
        return waiter == null ? null : waiter.thread();
    }
}
