package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureKind;

/**
 * Decides what is to happen to a letter by itself, from its kind and from what has happened:
 *
 * <pre>
 *   TRANSIENT ─► retries left?  yes ─► retry after a delay that doubles    no ─► alert RETRIES_USED_UP
 *   FIXABLE   ─► retries left?  yes ─► repaired, or do the fixers repair it?      no ─► alert RETRIES_USED_UP
 *                                        yes ─► retry at once          no ─► alert NO_FIX
 *   MANUAL    ─► alert MANUAL
 *   any, and the end of the process cut a retry short ─► retries left?  yes ─► retry      no ─► alert
 * </pre>
 *
 * Immutable; a pure function of its arguments. Allocates.
 */
public final class DeadLetterPolicy
{
    private static final int MAX_DOUBLINGS = 62;
    private static final int JITTER_PARTS = 1024;

    private final int maxRetries;
    private final long retryDelayNs;
    private final long maxRetryDelayNs;
    private final int alertAfter;

    /** What to do next. */
    enum Step
    {
        RETRY_LATER, RETRY_NOW, ASK_FIXERS, ALERT
    }

    /**
     * @param context of the letters, concluded.
     */
    public DeadLetterPolicy(final DeadLetterContext context)
    {
        maxRetries = context.maxRetries();
        retryDelayNs = context.retryDelayNs();
        maxRetryDelayNs = context.maxRetryDelayNs();
        alertAfter = context.alertAfter();
    }

    Step step(final LetterStatus letter)
    {
        if (letter.retries() >= maxRetries)
        {
            return Step.ALERT;
        }
        if (letter.kind() == FailureKind.TRANSIENT)
        {
            return Step.RETRY_LATER;
        }
        // Somebody decided on that retry, and nobody would know that nothing came of it.
        if (letter.state() == LetterState.RETRYING)
        {
            return Step.RETRY_NOW;
        }
        if (letter.kind() == FailureKind.MANUAL)
        {
            return Step.ALERT;
        }
        return letter.isFixed() ? Step.RETRY_NOW : Step.ASK_FIXERS;
    }

    /** Why nothing happens to a letter by itself, where no fixer repaired it. */
    AlertReason reason(final LetterStatus letter)
    {
        if (letter.kind() == FailureKind.MANUAL)
        {
            return AlertReason.MANUAL;
        }
        return letter.retries() >= maxRetries ? AlertReason.RETRIES_USED_UP : AlertReason.NO_FIX;
    }

    /** Was a letter dead-lettered too often? */
    boolean isFailingAgain(final LetterStatus letter)
    {
        return letter.failures() > alertAfter;
    }

    /** Does a subscription have too many letters? */
    boolean isMany(final int openLetters)
    {
        return openLetters > alertAfter;
    }

    /**
     * @param letter to be retried.
     * @return nanoseconds from its last failure to its next retry: twice as many for each retry that it had, up to the
     * greatest delay, less up to a quarter, which depends on the number of the letter and its retries.
     */
    public long delayNs(final LetterStatus letter)
    {
        final int doublings = Math.min(letter.retries(), MAX_DOUBLINGS);
        final long most = retryDelayNs > maxRetryDelayNs >> doublings ? maxRetryDelayNs : retryDelayNs << doublings;
        final long part = Math.floorMod(mix(letter.letter() * 31 + letter.retries()), JITTER_PARTS);
        return most - most / 4 / JITTER_PARTS * part;
    }

    // The finalizer of a well-known generator: neighbours in, strangers out.
    private static long mix(final long value)
    {
        final long first = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        final long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }
}
