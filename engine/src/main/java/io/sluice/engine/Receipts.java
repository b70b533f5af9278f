package io.sluice.engine;

import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.EventFlyweight;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The receipts that asynchronous publishers wait for. Each is completed once, on the host's executor, whichever thread
 * gets to it first: the sequencing thread, or one that closes an engine whose threads are stuck.
 */
final class Receipts
{
    private final EngineCore core;
    private final AtomicInteger awaited = new AtomicInteger();

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
    void complete(final PriorityRing ring, final long position, final EventFlyweight event)
    {
        final CompletableFuture<Receipt> receipt = take(ring, position);
        if (receipt != null)
        {
            ring.wrap(position, event);
            final Receipt value = new Receipt(event.id(), event.sequence(), event.verdict(), event.originalSequence());
            execute(() -> receipt.complete(value));
        }
    }

    /** Nobody waits for a receipt that will not come. */
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
                final CompletableFuture<Receipt> receipt = take(ring, position);
                if (receipt != null)
                {
                    final PublishException refusal = new PublishException(result, core.failure());
                    execute(() -> receipt.completeExceptionally(refusal));
                }
            }
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

    @SuppressWarnings("unchecked")
    private CompletableFuture<Receipt> take(final PriorityRing ring, final long position)
    {
        final CompletableFuture<Receipt> receipt = (CompletableFuture<Receipt>)ring.detach(position);
        if (receipt != null)
        {
            awaited.decrementAndGet();
        }
        return receipt;
    }
}
