package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The receipts that asynchronous publishers wait for. Each is completed once, on the host's executor, whichever thread
 * gets to it first: the sequencing thread, the one that forces, or one that closes an engine whose threads are stuck.
 *
 * <pre>
 *   with the event in its ring ──journaled──► completed, or, for SYNCED, in the queue ──forced──► completed
 * </pre>
 */
final class Receipts
{
    private final EngineCore core;
    private final AtomicInteger awaited = new AtomicInteger();
    // In the order of the journal but for the events of one batch, which one force covers or the next one does.
    private final Queue<AwaitedReceipt> unsynced = new ConcurrentLinkedQueue<>();
    private final Object taking = new Object();
    private long syncWanted;

    Receipts(final EngineCore core)
    {
        this.core = core;
    }

    /** Publishing thread, before the event is visible. */
    void await(final PriorityRing ring, final long position, final Object receipt)
    {
        awaited.incrementAndGet();
        ring.attach(position, receipt);
    }

    boolean isAnyAwaited()
    {
        return awaited.get() > 0;
    }

    /** Sequencing thread: the event is journaled. */
    void onJournaled(final PriorityRing ring, final long position, final EventFlyweight event)
    {
        final AwaitedReceipt receipt = take(ring, position);
        if (receipt == null)
        {
            return;
        }
        ring.wrap(position, event);
        receipt.value(new Receipt(event.id(), event.sequence(), event.verdict(), event.originalSequence()));
        if (receipt.isForSynced())
        {
            syncWanted = Math.max(syncWanted, receipt.sequence());
            unsynced.add(receipt);
        }
        else
        {
            execute(receipt::complete);
        }
    }

    /** Sequencing thread, after a batch: have those forced that wait for it. */
    void onBatchEnd()
    {
        if (syncWanted > 0)
        {
            core.requestSync(syncWanted);
            syncWanted = 0L;
            // The force may have been faster than this thread, and then has not found them.
            onSynced(core.syncedSequence());
        }
    }

    /** Sequencing thread, when there is nothing to do: find out where nothing is forced any more. */
    void onIdle()
    {
        final AwaitedReceipt first = unsynced.peek();
        if (first != null)
        {
            core.requestSync(first.sequence());
        }
    }

    /** Any thread: everything up to here is on the device. */
    void onSynced(final long sequence)
    {
        final List<AwaitedReceipt> covered = takeUnsynced(sequence);
        if (covered.size() == 1)
        {
            execute(covered.get(0)::complete);
        }
        else if (!covered.isEmpty())
        {
            // To hand over hundreds takes time that the next force must not wait for.
            execute(() -> covered.forEach(receipt -> execute(receipt::complete)));
        }
    }

    /** Nobody waits for a receipt of an event that will not be journaled. */
    void refuse(final long result)
    {
        if (!isAnyAwaited())
        {
            return;
        }
        for (final PriorityRing ring : core.rings())
        {
            for (long position = ring.sequenced().get() + 1; ring.isPublished(position); position++)
            {
                refuse(take(ring, position), result);
            }
        }
    }

    /** Nobody waits for a receipt of an event that will not be forced. */
    void refuseUnsynced(final long result)
    {
        onSynced(core.syncedSequence());
        takeUnsynced(Long.MAX_VALUE).forEach(receipt -> refuse(receipt, result));
    }

    private void refuse(final AwaitedReceipt receipt, final long result)
    {
        if (receipt != null)
        {
            final PublishException refusal = new PublishException(result, core.failure());
            execute(() -> receipt.refuse(refusal));
        }
    }

    // An executor that its host has shut down must neither stop the engine nor leave anybody waiting.
    private void execute(final Runnable completion)
    {
        try
        {
            core.context().completionExecutor().execute(completion);
        }
        catch (final RejectedExecutionException ex)
        {
            core.onError(ex);
            ForkJoinPool.commonPool().execute(completion);
        }
    }

    private List<AwaitedReceipt> takeUnsynced(final long upToSequence)
    {
        if (unsynced.isEmpty())
        {
            return List.of();
        }
        final List<AwaitedReceipt> taken = new ArrayList<>();
        synchronized (taking)
        {
            AwaitedReceipt first = unsynced.peek();
            while (first != null && first.sequence() <= upToSequence)
            {
                taken.add(unsynced.remove());
                first = unsynced.peek();
            }
        }
        return taken;
    }

    private AwaitedReceipt take(final PriorityRing ring, final long position)
    {
        final AwaitedReceipt receipt = (AwaitedReceipt)ring.detach(position);
        if (receipt != null)
        {
            awaited.decrementAndGet();
        }
        return receipt;
    }
}
