package io.sluice.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The wish to have a durable subscription go on elsewhere. Made by any thread, ended by the delivery thread. */
final class SubscriptionSeek
{
    private final long sequence;
    private final SubscriptionSeek before;
    private final CompletableFuture<Long> outcome = new CompletableFuture<>();

    /**
     * @param sequence of the event with which it is to go on.
     * @param before   a wish that this one takes the place of, or null.
     */
    SubscriptionSeek(final long sequence, final SubscriptionSeek before)
    {
        this.sequence = sequence;
        this.before = before;
    }

    long sequence()
    {
        return sequence;
    }

    /** @return completes with the sequence when it stands there. */
    CompletionStage<Long> outcome()
    {
        return outcome.minimalCompletionStage();
    }

    /** It stands there. Whoever wished something else before is told as well: that wish is over. */
    void complete()
    {
        for (SubscriptionSeek seek = this; seek != null; seek = seek.before)
        {
            seek.outcome.complete(sequence);
        }
    }

    /** The engine was closed, or has failed, before that. */
    void close(final String name)
    {
        for (SubscriptionSeek seek = this; seek != null; seek = seek.before)
        {
            if (!seek.outcome.isDone())
            {
                seek.outcome.completeExceptionally(new IllegalStateException(
                    "the engine was closed, or failed, before subscription '" + name + "' went to " + seek.sequence +
                    ": it stays where it was"));
            }
        }
    }
}
