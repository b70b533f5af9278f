package io.sluice.engine.deadletter;

/**
 * A dead letter with the words of its last failure. Immutable.
 *
 * @param status    how it stands.
 * @param exception class of the last exception, empty if there was none.
 * @param message   of the last exception, empty if there was none; its beginning if it is long.
 */
public record DeadLetter(LetterStatus status, String exception, String message)
{
}
