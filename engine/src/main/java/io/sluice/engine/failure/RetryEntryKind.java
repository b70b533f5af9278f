package io.sluice.engine.failure;

/** What an entry of the retry log says. */
public enum RetryEntryKind
{
    /** An event was not handled and is due again later. */
    FAILED(1),
    /** An event waits until an earlier one of its key is done. */
    HELD(2),
    /** An event is done with, one way or another. */
    CLOSED(3),
    /** A subscription was removed, and everything of it is done with. */
    FORGOTTEN(4);

    private static final RetryEntryKind[] KINDS = values();

    private final int code;

    RetryEntryKind(final int code)
    {
        this.code = code;
    }

    /** @return number that stands for it in files; never changes. */
    public int code()
    {
        return code;
    }

    /**
     * @param code of a kind.
     * @return the kind, or null if there is none with that code.
     */
    static RetryEntryKind of(final int code)
    {
        return code >= 1 && code <= KINDS.length ? KINDS[code - 1] : null;
    }
}
