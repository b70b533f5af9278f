package io.sluice.engine.failure;

/** What can be done about a failure. */
public enum FailureKind
{
    /** It may pass: the same event can succeed later. */
    TRANSIENT,
    /** The event is what is wrong: it can succeed when it is repaired. */
    FIXABLE,
    /** Somebody must look at it. */
    MANUAL
}
