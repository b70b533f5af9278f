package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.failure.RetryEntry;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.collections.LongArrayList;

/**
 * Dead letters that are handed to their handlers again, one after the other: the next one when the one before was
 * delivered or has failed. So a stop, by failures or by hand, leaves all others as they are.
 *
 * <p>Methods may be called by any thread; none blocks.
 */
public final class DeadLetterRetry
{
    private final long id;
    private final long[] letters;
    private final int stopAfterFailures;
    private final Runnable attention;
    private final CompletableFuture<DeadLetterRetryProgress> outcome = new CompletableFuture<>();
    private volatile boolean isStopRequested;
    private volatile DeadLetterRetryProgress progress;
    // Delivery thread.
    private int next;
    private int failedInARow;
    private boolean isInFlight;
    private long notBeforeNs = Long.MIN_VALUE;
    private long delivered;
    private long failed;
    private long gone;
    private long unhandled;
    private long lastFailed;
    private String lastFailure = "";

    DeadLetterRetry(final long id, final long[] letters, final int stopAfterFailures, final Runnable attention)
    {
        this.id = id;
        this.letters = letters;
        this.stopAfterFailures = stopAfterFailures;
        this.attention = attention;
        progress = snapshot(DeadLetterRetryState.RUNNING);
    }

    /** Find the letters, on the calling thread. */
    static DeadLetterRetry select(
        final Path directory, final DeadLetterSelection selection, final long id, final Runnable attention)
    {
        final LongArrayList numbers = new LongArrayList();
        try (DeadLetters open = DeadLetters.open(directory))
        {
            open.forEach(selection.query(), (letter, event) -> numbers.addLong(letter.status().letter()));
        }
        return new DeadLetterRetry(id, numbers.toLongArray(), selection.stopAfterFailures(), attention);
    }

    /** @return number of this attempt, unique in the engine. */
    public long id()
    {
        return id;
    }

    /** @return how far it has come; a snapshot, one volatile read. */
    public DeadLetterRetryProgress progress()
    {
        return progress;
    }

    /**
     * Take no further letter. The one that is with its handler comes to its end; {@link #outcome()} tells when.
     */
    public void stop()
    {
        isStopRequested = true;
        attention.run();
    }

    /**
     * @return completes at its end, on the delivery thread, which must not be held up: hang what may block on it with
     *         an executor.
     */
    public CompletionStage<DeadLetterRetryProgress> outcome()
    {
        return outcome.minimalCompletionStage();
    }

    boolean isEnded()
    {
        return progress.state() != DeadLetterRetryState.RUNNING;
    }

    /** Delivery thread: number of the letter whose turn it is; 0 if it is at its end, which is noted then. */
    long turn()
    {
        if (isStopRequested && !isInFlight)
        {
            end(DeadLetterRetryState.STOPPED);
        }
        else if (next == letters.length)
        {
            end(DeadLetterRetryState.DONE);
        }
        return isEnded() ? 0L : letters[next];
    }

    boolean isInFlight()
    {
        return isInFlight;
    }

    boolean isDue(final long nowNs)
    {
        return !isInFlight && nowNs >= notBeforeNs;
    }

    void onCalled()
    {
        isInFlight = true;
    }

    /** The handler can't be called just now, or was not: the letter keeps its turn. */
    void onBusy(final long dueNs)
    {
        isInFlight = false;
        notBeforeNs = dueNs;
    }

    void onGone()
    {
        gone++;
        onTurnOver();
    }

    void onUnhandled()
    {
        unhandled++;
        onTurnOver();
    }

    void onDelivered()
    {
        delivered++;
        failedInARow = 0;
        onTurnOver();
    }

    void onFailed(final Throwable failure)
    {
        failed++;
        failedInARow++;
        lastFailed = letters[next];
        lastFailure = RetryEntry.textOf(failure);
        onTurnOver();
        if (failedInARow == stopAfterFailures && next < letters.length)
        {
            end(DeadLetterRetryState.STOPPED_BY_FAILURES);
        }
    }

    /** Once. */
    void end(final DeadLetterRetryState state)
    {
        if (!isEnded())
        {
            progress = snapshot(state);
            outcome.complete(progress);
        }
    }

    private void onTurnOver()
    {
        isInFlight = false;
        next++;
        progress = snapshot(DeadLetterRetryState.RUNNING);
    }

    private DeadLetterRetryProgress snapshot(final DeadLetterRetryState state)
    {
        return new DeadLetterRetryProgress(
            state, letters.length, delivered, failed, gone, unhandled, letters.length - next, lastFailed, lastFailure);
    }
}
