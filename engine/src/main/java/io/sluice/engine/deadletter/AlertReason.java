package io.sluice.engine.deadletter;

/** Why a person should look at a dead letter. */
public enum AlertReason
{
    /** Its kind says that only a person can do something about it. */
    MANUAL,
    /** It may go well another time, but was retried as often as allowed. */
    RETRIES_USED_UP,
    /** A program may repair it, but none did. */
    NO_FIX,
    /** It was dead-lettered more than {@link DeadLetterContext#alertAfter()} times. */
    FAILED_AGAIN,
    /** Its subscription has more than {@link DeadLetterContext#alertAfter()} open letters. */
    MANY_LETTERS
}
