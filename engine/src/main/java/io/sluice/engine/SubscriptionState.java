package io.sluice.engine;

/** Where a subscription stands. */
public enum SubscriptionState
{
    /** It gets events as they come. */
    RUNNING,
    /** It reads from the journal what it has not had, and gets events as they come after that. */
    CATCHING_UP,
    /** It gets nothing until it is resumed. */
    PAUSED,
    /** Its handler does not return. It gets nothing until it does. */
    HUNG,
    /** It is durable, and nobody handles it in this run. What it has not had is kept for it, so it holds retention. */
    ORPHANED,
    /** It was unsubscribed. */
    ENDED
}
