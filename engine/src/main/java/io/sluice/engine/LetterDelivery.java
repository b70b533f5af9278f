package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterProcessor;
import io.sluice.engine.deadletter.LetterDecision;
import io.sluice.engine.deadletter.LetterFailure;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventFlyweight;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The dead letters of an engine: written when no attempt is left, handed to their handlers when they are due, with a
 * note of what came of it. Delivery thread only.
 *
 * <p>A letter that can't be read or written just now is put off, and holds up no other.
 */
final class LetterDelivery
{
    private static final int MOST_PER_CYCLE = 64;
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ABSENT_NS = TimeUnit.SECONDS.toNanos(10);

    private final EngineCore core;
    private final Supplier<DeadLetterProcessor> opener;
    private final LetterRuns runs;
    private final Map<Long, LetterDecision> decisions = new HashMap<>();
    private final PriorityQueue<LetterDecision> due =
        new PriorityQueue<>(Comparator.comparingLong(LetterDecision::dueNs));
    private final Set<Long> repairedMeanwhile = new HashSet<>();
    private DeadLetterProcessor letters;
    private long workAfterNs = Long.MIN_VALUE;

    /**
     * @param core       of the engine.
     * @param retries    whom letters belong to.
     * @param opener     of the dead letters; called when there is one to write, or one was there.
     * @param hasLetters whether there are dead letters of an earlier run.
     */
    LetterDelivery(
        final EngineCore core,
        final Retries retries,
        final Supplier<DeadLetterProcessor> opener,
        final boolean hasLetters)
    {
        this.core = core;
        this.opener = opener;
        runs = new LetterRuns(core, retries);
        if (hasLetters)
        {
            letters = opener.get();
        }
    }

    /** @return the dead letters, or null if there never was one. */
    DeadLetterProcessor letters()
    {
        return letters;
    }

    /** Before any thread is started: what an earlier run left. */
    void recover(final long nowNs)
    {
        if (letters != null)
        {
            letters.resume(this::decide, nowNs);
        }
    }

    /** An event has failed for good. */
    void bury(final EventFlyweight event, final LetterFailure failure, final long nowNs)
    {
        if (letters == null)
        {
            letters = opener.get();
        }
        decide(letters.deadLetter(event, failure, nowNs));
    }

    /** Hand a letter to its handler now. */
    void retryNow(final long letter)
    {
        decide(new LetterDecision(letter, true, core.nowNs(), false));
    }

    /** Hand a letter to its handler now; where a call began before its event was repaired, after that. */
    void retryRepaired(final long letter)
    {
        if (runs.isInFlight(letter))
        {
            repairedMeanwhile.add(letter);
        }
        else
        {
            retryNow(letter);
        }
    }

    /** Hand letters to their handlers, one after the other. */
    void run(final DeadLetterRetry run)
    {
        runs.start(run);
    }

    /** @return whether a letter may become due without anybody saying so. */
    boolean isWaiting()
    {
        return !due.isEmpty() || runs.isAny();
    }

    int doWork(final long nowNs)
    {
        int count = runs.doWork(nowNs);
        for (int i = 0; i < MOST_PER_CYCLE && !due.isEmpty() && due.peek().dueNs() <= nowNs; i++)
        {
            final LetterDecision decision = due.remove();
            decisions.remove(decision.letter());
            retry(decision, nowNs);
            count++;
        }
        return count + bringIn(nowNs);
    }

    /** Note what came of a call for a letter; one that throws is to be repeated. */
    void ended(final RetryCall call)
    {
        if (!call.wasCalled())
        {
            decide(new LetterDecision(call.letter(), true, core.nowNs() + AGAIN_NS, false));
        }
        else if (call.failure() == null)
        {
            letters.delivered(call.letter());
        }
        else
        {
            failed(call);
        }
        runs.onEnded(call);
        if (repairedMeanwhile.remove(call.letter()) && call.failure() != null)
        {
            // It failed with the event as it was before.
            retryNow(call.letter());
        }
    }

    /** Nobody waits any longer for the end of what is begun. */
    void closeRuns()
    {
        runs.close();
    }

    void close()
    {
        if (letters != null)
        {
            letters.close();
        }
    }

    private void failed(final RetryCall call)
    {
        final FailureKind kind = FailureRecorder.classify(
            call.subscription().spec().classifier(), call.event(), call.failure(), call.attempt());
        final LetterFailure failure = LetterFailure.of(
            call.subscription().name(),
            call.attempt(),
            FailureRecorder.causeOf(call.failure()),
            kind,
            call.failure(),
            call.firstFailureNs(),
            call.endedNs());
        final LetterDecision decision =
            letters.failedAgain(call.letter(), call.event(), failure, call.endedNs());
        if (decision != null)
        {
            decide(decision);
        }
    }

    private int bringIn(final long nowNs)
    {
        if (letters == null || nowNs < workAfterNs)
        {
            return 0;
        }
        try
        {
            return letters.doWork(this::decide, nowNs);
        }
        catch (final RuntimeException ex)
        {
            core.onError(ex);
            workAfterNs = nowNs + PAUSE_NS;
            return 0;
        }
    }

    private void decide(final LetterDecision decision)
    {
        final LetterDecision before = decisions.remove(decision.letter());
        if (before != null)
        {
            due.remove(before);
        }
        if (decision.isRetry())
        {
            decisions.put(decision.letter(), decision);
            due.add(decision);
        }
    }

    private void retry(final LetterDecision decision, final long nowNs)
    {
        LetterTry outcome = LetterTry.BUSY;
        try
        {
            outcome = runs.tryLetter(decision.letter(), nowNs);
        }
        catch (final RuntimeException ex)
        {
            core.onError(ex);
        }
        if (outcome == LetterTry.BUSY || outcome == LetterTry.UNHANDLED)
        {
            decide(new LetterDecision(decision.letter(), true, nowNs + ABSENT_NS, decision.isFixed()));
        }
    }
}
