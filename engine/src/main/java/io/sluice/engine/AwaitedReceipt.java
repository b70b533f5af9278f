package io.sluice.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

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

    /** @return completes with all, in their order, or as the first one that failed. */
    static CompletionStage<List<Receipt>> all(final AwaitedReceipt[] receipts)
    {
        final CompletableFuture<?>[] futures = new CompletableFuture<?>[receipts.length];
        Arrays.setAll(futures, (i) -> receipts[i].future);
        return CompletableFuture.allOf(futures).thenApply((done) -> Arrays.stream(receipts)
            .map((receipt) -> receipt.value)
            .collect(Collectors.toUnmodifiableList()));
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
