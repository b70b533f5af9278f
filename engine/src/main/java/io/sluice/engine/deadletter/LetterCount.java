package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureKind;

/**
 * How many dead letters of a kind a subscription has. Immutable.
 *
 * @param subscription name of it.
 * @param kind         of the last failure.
 * @param open         letters of which nothing has become.
 * @param retrying     letters whose event is on the way to the handler.
 * @param delivered    letters whose event the handler has taken after all.
 * @param dropped      letters that were given up.
 */
public record LetterCount(
    String subscription, FailureKind kind, long open, long retrying, long delivered, long dropped)
{
    LetterCount plus(final LetterState state)
    {
        return new LetterCount(
            subscription,
            kind,
            open + (state == LetterState.OPEN ? 1 : 0),
            retrying + (state == LetterState.RETRYING ? 1 : 0),
            delivered + (state == LetterState.DELIVERED ? 1 : 0),
            dropped + (state == LetterState.DROPPED ? 1 : 0));
    }
}
