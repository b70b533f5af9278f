package io.sluice.engine.deadletter;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.journal.RecordHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;

/**
 * What becomes of events that could not be handled: records them, asks the fixers, tells a person, and decides when
 * they are retried. Carries nothing out: whoever calls it hands events to handlers, and says how that went.
 *
 * <pre>
 *   handling failed ─► deadLetter ─► LetterDecision: retry at t ─► at t: retrying, event ─► handler ─► delivered
 *                                      │ wait for a person                                     └─► failedAgain ─► …
 * </pre>
 *
 * <p>Thread rule: the delivery thread only. Calls allocate and write to mapped files; they wait for no device. Each
 * that records something throws an {@link io.sluice.event.EventStorageException} if it could not, and may be repeated.
 */
public final class DeadLetterProcessor implements AutoCloseable
{
    private final DeadLetterJournal journal;
    private final DeadLetterPolicy policy;
    private final DeadLetterContext context;
    private final ErrorHandler errorHandler;
    private final Set<String> alerted = new HashSet<>();
    private long lastDecided;
    private int decidedGeneration;
    private long alerts;
    private long fixerErrors;
    private long alertErrors;

    private DeadLetterProcessor(final DeadLetterContext context)
    {
        this.context = context;
        journal = DeadLetterJournal.open(context);
        policy = new DeadLetterPolicy(context);
        errorHandler = context.errorHandler();
    }

    /**
     * Open the dead letters of a data directory; see {@link DeadLetterJournal#open}. Then call {@link #resume}.
     *
     * @param context of them; is concluded.
     * @return the processor.
     * @throws io.sluice.journal.DataDirectoryException if the directory can't be used.
     * @throws io.sluice.event.EventStorageException    if the journal is damaged.
     */
    public static DeadLetterProcessor open(final DeadLetterContext context)
    {
        return new DeadLetterProcessor(context);
    }

    /**
     * Decide about the letters that an earlier run left, once, before anything fails in this one. A letter that was
     * being retried when the process ended is retried again, of whatever kind it is, as long as it has retries left: it
     * may be what ended the process.
     *
     * @param decisions receives a decision about each letter to be retried.
     * @param nowNs     nanoseconds since 1970 UTC.
     */
    public void resume(final Consumer<LetterDecision> decisions, final long nowNs)
    {
        decideFurther(decisions, nowNs);
        for (final LetterStatus letter : journal.letters().held())
        {
            alertIfMany(letter, "", "");
        }
    }

    /**
     * An event has failed for good. Recorded, unless it has an open letter with this subscription already: then the
     * decision about that is given again.
     *
     * @param event   that failed, as it is in the journal of events.
     * @param failure how.
     * @param nowNs   nanoseconds since 1970 UTC.
     * @return what is to happen to the letter.
     */
    public LetterDecision deadLetter(final EventFlyweight event, final LetterFailure failure, final long nowNs)
    {
        final LetterStatus before = journal.open(failure.subscription(), event.sequence());
        final LetterStatus letter = journal.deadLetter(event, failure);
        final boolean isKnown = before != null && before.equals(letter);
        return decide(letter, failure.exception(), failure.message(), !isKnown, nowNs);
    }

    /**
     * The handler has failed with the event of a letter again.
     *
     * @param letter  number of it.
     * @param failure how.
     * @param nowNs   nanoseconds since 1970 UTC.
     * @return what is to happen to the letter; null if there is no open letter of that number.
     */
    public LetterDecision failedAgain(final long letter, final LetterFailure failure, final long nowNs)
    {
        return failedAgain(letter, null, failure, nowNs);
    }

    /**
     * The handler has failed with the event of a letter again.
     *
     * @param letter  number of it.
     * @param event   that was handed over, which takes the place of a copy that can't be read any more; or null.
     * @param failure how.
     * @param nowNs   nanoseconds since 1970 UTC.
     * @return what is to happen to the letter; null if there is no open letter of that number.
     */
    public LetterDecision failedAgain(
        final long letter, final EventFlyweight event, final LetterFailure failure, final long nowNs)
    {
        final LetterStatus status = journal.failedAgain(letter, event, failure);
        return status == null ? null : decide(status, failure.exception(), failure.message(), true, nowNs);
    }

    /**
     * The event of a letter is about to be handed to the handler.
     *
     * @param letter number of it.
     * @return false if there is no open letter of that number: then it must not be.
     */
    public boolean retrying(final long letter)
    {
        return journal.retried(letter);
    }

    /**
     * The handler has taken the event of a letter.
     *
     * @param letter number of it.
     * @return false if there is no open letter of that number.
     */
    public boolean delivered(final long letter)
    {
        return ended(journal.delivered(letter));
    }

    /**
     * A person gives a letter up.
     *
     * @param letter number of it.
     * @param reason for people.
     * @return false if there is no open letter of that number.
     */
    public boolean dropped(final long letter, final String reason)
    {
        return ended(journal.dropped(letter, reason));
    }

    /**
     * A person has repaired the event of a letter; see {@link DeadLetterJournal#fixed}.
     *
     * @param letter   number of it.
     * @param repaired the event.
     * @return false if there is no open letter of that number.
     * @throws EventValidationException if the event is not complete, or has another id.
     */
    public boolean fixed(final long letter, final EventBuilder repaired)
    {
        return journal.fixed(letter, repaired);
    }

    /**
     * Show the event of an open letter, repaired if it was, as it is to be handed to the handler.
     *
     * @param letter  number of it.
     * @param handler of the event; its view is valid until the handler returns.
     * @return false if there is no open letter of that number.
     */
    public boolean event(final long letter, final RecordHandler handler)
    {
        return journal.event(letter, handler);
    }

    /**
     * Bring in letters that had no room in memory, some at a time.
     *
     * @param decisions receives a decision about each letter to be retried.
     * @param nowNs     nanoseconds since 1970 UTC.
     * @return 0 if there was nothing to do.
     */
    public int doWork(final Consumer<LetterDecision> decisions, final long nowNs)
    {
        final int work = journal.doWork();
        // Letters come in from the journal here, and where it had to be opened anew.
        if (decidedGeneration != journal.letters().generation())
        {
            decideFurther(decisions, nowNs);
        }
        return work;
    }

    /**
     * @param letter number of it.
     * @return how an open letter stands, also one that has no room in memory: then the journal is read; null if there
     *         is no open letter of that number.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public LetterStatus find(final long letter)
    {
        return journal.open(letter);
    }

    /** @return the journal of the letters. */
    public DeadLetterJournal journal()
    {
        return journal;
    }

    /** @return alerts given so far. */
    public long alerts()
    {
        return alerts;
    }

    /** @return exceptions of fixers, and repairs that were none. */
    public long fixerErrors()
    {
        return fixerErrors;
    }

    /** @return exceptions of alerts. */
    public long alertErrors()
    {
        return alertErrors;
    }

    /** Force everything to the device and release it. Idempotent. */
    @Override
    public void close()
    {
        journal.close();
    }

    /** Letters are held in the order of their numbers, so what came in is behind what was there. */
    private void decideFurther(final Consumer<LetterDecision> decisions, final long nowNs)
    {
        decidedGeneration = journal.letters().generation();
        final LetterStatus[] letters = journal.letters().held().stream()
            .filter((letter) -> letter.letter() > lastDecided)
            .toArray(LetterStatus[]::new);
        for (final LetterStatus letter : letters)
        {
            final boolean isCutShort = letter.state() == LetterState.RETRYING;
            final LetterDecision decision = decide(letter, "", "", isCutShort, nowNs);
            if (decision.isRetry())
            {
                decisions.accept(decision);
            }
        }
    }

    private LetterDecision decide(
        final LetterStatus letter,
        final String exception,
        final String message,
        final boolean isNews,
        final long nowNs)
    {
        if (journal.letters().get(letter.letter()) == null)
        {
            // It has no room in memory. Its turn comes when it is brought in; a person may hear of it before.
            alertIfMany(letter, exception, message);
            return LetterDecision.none(letter.letter());
        }
        lastDecided = Math.max(lastDecided, letter.letter());
        LetterDecision decision = LetterDecision.none(letter.letter());
        switch (policy.step(letter))
        {
            case RETRY_LATER -> decision = LetterDecision.retry(
                letter.letter(), Math.max(nowNs, letter.lastFailureNs() + policy.delayNs(letter)), false);
            case RETRY_NOW -> decision = LetterDecision.retry(letter.letter(), nowNs, letter.isFixed());
            case ASK_FIXERS -> decision = isFixed(letter, exception, message) ?
                LetterDecision.retry(letter.letter(), nowNs, true) : decision;
            case ALERT ->
            {
                // Nothing happens by itself.
            }
        }
        if (isNews)
        {
            if (!decision.isRetry())
            {
                alert(policy.reason(letter), letter, exception, message);
            }
            else if (policy.isFailingAgain(letter))
            {
                alert(AlertReason.FAILED_AGAIN, letter, exception, message);
            }
            alertIfMany(letter, exception, message);
        }
        return decision;
    }

    private boolean isFixed(final LetterStatus letter, final String exception, final String message)
    {
        final DeadLetter subject = new DeadLetter(letter, exception, message);
        for (final DeadLetterFixer fixer : context.fixers())
        {
            final EventBuilder repaired = repairedBy(fixer, subject);
            if (repaired != null && isRecorded(letter, repaired))
            {
                return true;
            }
        }
        return false;
    }

    private EventBuilder repairedBy(final DeadLetterFixer fixer, final DeadLetter letter)
    {
        final EventBuilder[] repaired = {null};
        journal.event(letter.status().letter(), (event) ->
        {
            try
            {
                repaired[0] = fixer.fix(letter, event);
            }
            catch (final Throwable ex)
            {
                fixerErrors++;
                report("a fixer of dead letters failed with letter " + letter.status().letter(), ex);
            }
        });
        return repaired[0];
    }

    private boolean isRecorded(final LetterStatus letter, final EventBuilder repaired)
    {
        try
        {
            return journal.fixed(letter.letter(), repaired);
        }
        catch (final EventValidationException ex)
        {
            fixerErrors++;
            report("what a fixer made of dead letter " + letter.letter() + " is no event", ex);
            return false;
        }
    }

    private void alertIfMany(final LetterStatus letter, final String exception, final String message)
    {
        if (policy.isMany(journal.letters().count(letter.subscription())) && alerted.add(letter.subscription()))
        {
            alert(AlertReason.MANY_LETTERS, letter, exception, message);
        }
    }

    private void alert(
        final AlertReason reason, final LetterStatus letter, final String exception, final String message)
    {
        alerts++;
        try
        {
            context.alert().onAlert(
                reason,
                new DeadLetter(letter, exception, message),
                journal.letters().count(letter.subscription()));
        }
        catch (final Throwable ex)
        {
            alertErrors++;
            report("the alert about dead letter " + letter.letter() + " failed", ex);
        }
    }

    private boolean ended(final boolean isEnded)
    {
        if (isEnded)
        {
            alerted.removeIf((subscription) -> !policy.isMany(journal.letters().count(subscription)));
        }
        return isEnded;
    }

    private void report(final String what, final Throwable cause)
    {
        errorHandler.onError(new EventException(what + ": " + cause, cause));
    }
}
