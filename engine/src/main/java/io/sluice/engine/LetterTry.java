package io.sluice.engine;

/** What came of the wish to hand a dead letter to its handler. */
enum LetterTry
{
    /** It is with its handler, or on the way there. */
    CALLED,
    /** The handler can't be called just now. */
    BUSY,
    /** Nobody handles its subscription, or that is paused. */
    UNHANDLED,
    /** It is not open any more. */
    GONE
}
