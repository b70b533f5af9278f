package io.sluice.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A receipt that a publisher waits for. Lies with the event in its ring, and then, if for the force, in a queue. */
final class AwaitedReceipt
{
    private final CompletableFuture<Receipt> future = new CompletableFuture<>();
    private final boolean forSynced;
    private Receipt value;

    AwaitedReceipt(final boolean forSynced)
    {
        this.forSynced = forSynced;
    }

    CompletionStage<Receipt> stage()
    {
        return future;
    }

    /** @return true if it waits for the force, false if for the journal. */
    boolean isForSynced()
    {
        return forSynced;
    }

    /** Sequencing thread: what it will say. */
    void value(final Receipt receipt)
    {
        value = receipt;
    }

    long sequence()
    {
        return value.sequence();
    }

    void complete()
    {
        future.complete(value);
    }

    void refuse(final PublishException refusal)
    {
        future.completeExceptionally(refusal);
    }
}
