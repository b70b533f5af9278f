package io.sluice.engine.deadletter;

/** What has become of a dead letter. */
public enum LetterState
{
    /** Nobody has done anything about it, or a retry failed. */
    OPEN,
    /** Its event is on the way to the handler once more. */
    RETRYING,
    /** The handler has taken its event. The end. */
    DELIVERED,
    /** Given up by somebody who may do so. The end. */
    DROPPED;

    /** @return true if something may still become of it. */
    public boolean isOpen()
    {
        return this == OPEN || this == RETRYING;
    }
}
