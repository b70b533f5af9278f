package io.sluice.engine.failure;

/** What becomes of later events while one waits for its retry. */
public enum RetryOrder
{
    /** They are delivered; the retry comes out of order. */
    SKIP_AHEAD,
    /** Those of the same key wait until the failed one is done, and come in order then; those of other keys pass. */
    HOLD_KEY
}
