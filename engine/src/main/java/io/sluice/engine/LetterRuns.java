package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterProcessor;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Hands dead letters to their handlers: one by one, and those of a {@link DeadLetterRetry}. Delivery thread only. */
final class LetterRuns
{
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EngineCore core;
    private final Retries retries;
    private final List<DeadLetterRetry> runs = new ArrayList<>();
    private final Set<Long> inFlight = new HashSet<>();

    LetterRuns(final EngineCore core, final Retries retries)
    {
        this.core = core;
        this.retries = retries;
    }

    void start(final DeadLetterRetry run)
    {
        runs.add(run);
    }

    boolean isAny()
    {
        return !runs.isEmpty();
    }

    /** Give each the next turn, if it is due. */
    int doWork(final long nowNs)
    {
        int count = 0;
        for (int i = runs.size() - 1; i >= 0; i--)
        {
            final DeadLetterRetry run = runs.get(i);
            final long letter = run.turn();
            if (letter == 0)
            {
                runs.remove(i);
                count++;
            }
            else if (run.isDue(nowNs))
            {
                take(run, letter, nowNs);
                count++;
            }
        }
        return count;
    }

    /**
     * Hand a letter to its handler now, if that can be called.
     *
     * @return what came of it.
     */
    LetterTry tryLetter(final long number, final long nowNs)
    {
        final DeadLetterProcessor letters = retries.letters();
        final LetterStatus letter = letters == null ? null : letters.find(number);
        if (letter == null)
        {
            return LetterTry.GONE;
        }
        if (inFlight.contains(number))
        {
            return LetterTry.CALLED;
        }
        final Subscription subscription = retries.dispatch().find(letter.subscription());
        if (subscription == null || subscription.isPaused())
        {
            return LetterTry.UNHANDLED;
        }
        // Before it is noted that it is tried again, which each attempt that comes to nothing would do.
        if (!retries.dispatch().canCall(subscription))
        {
            return LetterTry.BUSY;
        }
        letters.event(number, event -> call(letters, subscription, event, letter));
        return inFlight.contains(number) ? LetterTry.CALLED : LetterTry.BUSY;
    }

    /** @return whether a letter is with its handler, or on the way there. */
    boolean isInFlight(final long letter)
    {
        return inFlight.contains(letter);
    }

    /** A call that was made for a letter is over, and what came of it is noted. */
    void onEnded(final RetryCall call)
    {
        inFlight.remove(call.letter());
        for (final DeadLetterRetry run : runs)
        {
            if (!run.isInFlight() || run.turn() != call.letter())
            {
                continue;
            }
            if (!call.wasCalled())
            {
                run.onBusy(core.nowNs() + AGAIN_NS);
            }
            else if (call.failure() == null)
            {
                run.onDelivered();
            }
            else
            {
                run.onFailed(call.failure());
            }
        }
    }

    void close()
    {
        runs.forEach(run -> run.end(DeadLetterRetryState.CLOSED));
        runs.clear();
    }

    private void call(
        final DeadLetterProcessor letters,
        final Subscription subscription,
        final EventFlyweight event,
        final LetterStatus letter)
    {
        final RetryCall call = new RetryCall(
            subscription,
            event,
            letter.sequence(),
            letter.letter(),
            letter.attempts() + 1,
            letter.firstFailureNs(),
            retries::ended);
        if (retries.dispatch().hasRoom(call) && letters.retrying(letter.letter()) && retries.dispatch().call(call))
        {
            inFlight.add(letter.letter());
        }
    }

    private void take(final DeadLetterRetry run, final long letter, final long nowNs)
    {
        try
        {
            switch (tryLetter(letter, nowNs))
            {
                case CALLED -> run.onCalled();
                case BUSY -> run.onBusy(nowNs + AGAIN_NS);
                case UNHANDLED -> run.onUnhandled();
                case GONE -> run.onGone();
            }
        }
        catch (final RuntimeException ex)
        {
            // Its copy can't be read, or nothing can be written: it stays open.
            core.onError(ex);
            run.onFailed(ex);
        }
    }
}
