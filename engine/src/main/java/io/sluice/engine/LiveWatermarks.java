package io.sluice.engine;

import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far the events of the priorities of one handling thread have come, and how much of that may be forgotten: where a
 * subscription that is not durable reads the journal for a while, the pipeline's watermark stays at its position, so
 * that after the end of the process redelivery reaches what it has not had.
 *
 * <p>One handling thread only.
 */
final class LiveWatermarks
{
    private final PipelinePositions positions;
    private final int priorities;
    private final FailureRecorder failures;
    private final long[] passed = new long[Priority.COUNT];
    private final List<Subscription> held = new ArrayList<>();
    private final List<Subscription> followed = new ArrayList<>();
    private int unsettled;

    /**
     * @param positions    of the pipeline.
     * @param priorities   bit p is set for priority p of the thread.
     * @param lastSequence of the journal that was recovered: no event up to there comes from the rings.
     * @param failures     of the thread; what is not recorded holds the watermarks back. Null without a journal.
     */
    LiveWatermarks(
        final PipelinePositions positions,
        final int priorities,
        final long lastSequence,
        final FailureRecorder failures)
    {
        this.priorities = priorities;
        this.failures = failures;
        this.positions = positions;
        Arrays.fill(passed, lastSequence);
    }

    /** @return sequence of the last event of the priority that has left the ring, or a later one where it is empty. */
    long passed(final int priorityCode)
    {
        return passed[priorityCode];
    }

    void passed(final int priorityCode, final long sequence)
    {
        passed[priorityCode] = sequence;
        if (held.isEmpty())
        {
            final boolean isFree = failures == null || failures.isFlushed();
            positions.watermark(priorityCode, isFree ? sequence : heldBack(priorityCode, sequence));
        }
        else
        {
            unsettled |= 1 << priorityCode;
        }
    }

    /** An event of an earlier run has been handed out again. */
    void watermark(final int priorityCode, final long sequence)
    {
        final boolean isFree = held.isEmpty() && (failures == null || failures.isFlushed());
        positions.watermark(priorityCode, isFree ? sequence : heldBack(priorityCode, sequence));
    }

    /** Once in a duty cycle: as far as those that are waited for have come by now. */
    void settle()
    {
        for (int code = 0; unsettled != 0 && code < Priority.COUNT; code++)
        {
            if ((unsettled & 1 << code) != 0)
            {
                final long sequence = heldBack(code, passed[code]);
                positions.watermark(code, sequence);
                unsettled &= sequence < passed[code] ? -1 : ~(1 << code);
            }
        }
        for (int i = followed.size() - 1; i >= 0; i--)
        {
            final Subscription subscription = followed.get(i);
            if (isOver(subscription))
            {
                followed.remove(i);
            }
            else
            {
                advance(subscription);
            }
        }
    }

    /** An event goes into a batch of it, which is not handled when the event leaves the ring. */
    void follow(final Subscription subscription)
    {
        if (subscription.keepsPosition())
        {
            followed.add(subscription);
        }
        else
        {
            hold(subscription);
        }
    }

    /**
     * Wait for a subscription until it is live again or gone; for a durable one, until its own position says for every
     * priority what it has had.
     */
    void hold(final Subscription subscription)
    {
        if (!held.contains(subscription))
        {
            held.add(subscription);
        }
    }

    /** When the rings begin to be served: wait for those that left while an earlier run's events were redelivered. */
    void holdAway(final Subscription[] subscriptions)
    {
        for (final Subscription subscription : subscriptions)
        {
            if (subscription.gate().phase() == LiveGate.LIVE && !isServed(subscription) &&
                !subscription.spec().isDurable())
            {
                hold(subscription);
            }
        }
    }

    private long heldBack(final int priorityCode, final long sequence)
    {
        long lowest = failures == null ? sequence : Math.min(sequence, failures.firstUnrecorded() - 1);
        for (int i = held.size() - 1; i >= 0; i--)
        {
            final Subscription subscription = held.get(i);
            if (isOver(subscription))
            {
                held.remove(i);
            }
            else if (!isServed(subscription, priorityCode))
            {
                lowest = Math.min(lowest, subscription.position().of(priorityCode));
            }
            else if (subscription.batches() != null)
            {
                lowest = Math.min(lowest, subscription.batches().limit(priorityCode, sequence));
            }
        }
        return Math.max(lowest, positions.watermark(priorityCode));
    }

    // What it was handed is known before it is asked what of that is handled.
    private void advance(final Subscription subscription)
    {
        final long recorded = failures == null ? Long.MAX_VALUE : failures.firstUnrecorded() - 1;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if ((priorities & 1 << code) != 0 && isServed(subscription, code))
            {
                final long limit = subscription.batches().limit(code, passed[code]);
                subscription.position().advance(code, Math.min(limit, recorded));
            }
        }
    }

    // It may have left the ring without being asked to.
    private static boolean isServed(final Subscription subscription, final int priorityCode)
    {
        return subscription.gate().phase() == LiveGate.LIVE && subscription.gate().isLive(priorityCode);
    }

    private boolean isOver(final Subscription subscription)
    {
        if (subscription.batches() != null)
        {
            return !subscription.isActive() && subscription.batches().pending() == 0;
        }
        return subscription.spec().isDurable() ?
            !subscription.position().isLive() : !subscription.isActive() || isServed(subscription);
    }

    private boolean isServed(final Subscription subscription)
    {
        boolean isServed = true;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            isServed &= (priorities & 1 << code) == 0 || isServed(subscription, code);
        }
        return isServed;
    }
}
