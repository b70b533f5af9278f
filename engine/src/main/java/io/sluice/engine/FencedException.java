package io.sluice.engine;

/**
 * Ends a thread of the engine whose handler returned after others had gone on without it: passes through everything
 * that it was in the middle of, none of which is its own any more. An error, so that nobody takes it for a failure of
 * his.
 */
final class FencedException extends Error
{
    private static final long serialVersionUID = 1L;

    FencedException()
    {
        super("the thread was fenced", null, false, false);
    }
}
