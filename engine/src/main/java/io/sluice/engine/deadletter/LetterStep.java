package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;

/**
 * One record of the history of a dead letter. Immutable.
 *
 * @param action         what was done.
 * @param recordSequence of the record, in the journal of dead letters.
 * @param recordedNs     when it was recorded, nanoseconds since 1970 UTC.
 * @param attempts       calls of the handler up to then; 0 where the record does not say.
 * @param cause          of the failure; null where the record does not say.
 * @param kind           what can be done about it; null where the record does not say.
 * @param exception      class of it, may be empty.
 * @param message        of the exception, or why the letter was dropped; may be empty.
 */
public record LetterStep(
    LetterAction action,
    long recordSequence,
    long recordedNs,
    int attempts,
    FailureCause cause,
    FailureKind kind,
    String exception,
    String message)
{
    static LetterStep of(final LetterRecord record, final long recordSequence, final long recordedNs)
    {
        return new LetterStep(
            record.action(),
            recordSequence,
            recordedNs,
            record.attempts(),
            record.cause(),
            record.kind(),
            record.exception(),
            record.message());
    }
}
