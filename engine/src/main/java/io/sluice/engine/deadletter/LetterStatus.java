package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;

/**
 * How a dead letter stands after all that was recorded of it. Immutable.
 *
 * @param letter         its number: the sequence of its first record in the journal of dead letters.
 * @param state          what has become of it.
 * @param subscription   name of the subscription that failed.
 * @param sequence       of the event, in the journal of events.
 * @param kind           what can be done about it, as of the last failure.
 * @param cause          of the last failure.
 * @param attempts       calls of the handler up to the last failure.
 * @param failures       times that it was dead-lettered, 1 or more.
 * @param retries        retries since then and in between.
 * @param fixes          times that its event was repaired.
 * @param isFixed        true if its event was repaired after the last failure.
 * @param firstFailureNs when the first attempt failed, nanoseconds since 1970 UTC.
 * @param lastFailureNs  when the last attempt failed, nanoseconds since 1970 UTC.
 * @param changedNs      journal time of its last record, nanoseconds since 1970 UTC.
 * @param copySequence   in the journal of dead letters, of the last record that is a copy of the event.
 */
public record LetterStatus(
    long letter,
    LetterState state,
    String subscription,
    long sequence,
    FailureKind kind,
    FailureCause cause,
    int attempts,
    int failures,
    int retries,
    int fixes,
    boolean isFixed,
    long firstFailureNs,
    long lastFailureNs,
    long changedNs,
    long copySequence)
{
    /** @return the letter that begins with a record. */
    static LetterStatus first(final LetterRecord record, final long recordSequence, final long timeNs)
    {
        return new LetterStatus(
            record.letter(),
            LetterState.OPEN,
            record.subscription(),
            record.sequence(),
            record.kind(),
            record.cause(),
            record.attempts(),
            1,
            0,
            0,
            false,
            record.firstFailureNs(),
            record.lastFailureNs(),
            timeNs,
            recordSequence);
    }

    /** @return this letter after a further record. */
    LetterStatus after(final LetterRecord record, final long recordSequence, final long timeNs)
    {
        return switch (record.action())
        {
            case DEAD_LETTERED -> new LetterStatus(
                letter, LetterState.OPEN, subscription, sequence, record.kind(), record.cause(), record.attempts(),
                failures + 1, retries, fixes, false, firstFailureNs, record.lastFailureNs(), timeNs, recordSequence);
            case FIXED -> new LetterStatus(
                letter, state, subscription, sequence, kind, cause, attempts, failures, retries, fixes + 1, true,
                firstFailureNs, lastFailureNs, timeNs, recordSequence);
            case RETRIED -> with(LetterState.RETRYING, retries + 1, timeNs);
            case DELIVERED -> with(LetterState.DELIVERED, retries, timeNs);
            case DROPPED -> with(LetterState.DROPPED, retries, timeNs);
            case METADATA -> this;
        };
    }

    private LetterStatus with(final LetterState newState, final int newRetries, final long timeNs)
    {
        return new LetterStatus(
            letter, newState, subscription, sequence, kind, cause, attempts, failures, newRetries, fixes, isFixed,
            firstFailureNs, lastFailureNs, timeNs, copySequence);
    }
}
