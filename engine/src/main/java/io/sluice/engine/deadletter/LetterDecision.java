package io.sluice.engine.deadletter;

/**
 * What is to happen to a letter by itself. It replaces an earlier decision about the same letter. Immutable.
 *
 * @param letter  number of it.
 * @param isRetry true if its event is to be handed to the handler once more; false if it waits for a person, or for
 *                room in memory.
 * @param dueNs   when, nanoseconds since 1970 UTC; {@link Long#MAX_VALUE} without a retry.
 * @param isFixed true if its event was repaired after the last failure; {@link DeadLetterProcessor#event} gives what to
 *                hand over in any case.
 */
public record LetterDecision(long letter, boolean isRetry, long dueNs, boolean isFixed)
{
    static LetterDecision retry(final long letter, final long dueNs, final boolean isFixed)
    {
        return new LetterDecision(letter, true, dueNs, isFixed);
    }

    static LetterDecision none(final long letter)
    {
        return new LetterDecision(letter, false, Long.MAX_VALUE, false);
    }
}
