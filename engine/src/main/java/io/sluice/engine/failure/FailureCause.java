package io.sluice.engine.failure;

/** Why an event is not done. */
public enum FailureCause
{
    /** The handler threw. */
    THREW(1),
    /** The handler did not return in time. */
    TIMED_OUT(2),
    /** The handler was not called, because its circuit breaker was open. */
    BREAKER_OPEN(3),
    /** The event could not be decoded. */
    UNDECODABLE(4);

    private static final FailureCause[] CAUSES = values();

    private final int code;

    FailureCause(final int code)
    {
        this.code = code;
    }

    /** @return number that stands for it in files; never changes. */
    public int code()
    {
        return code;
    }

    /**
     * @param code of a cause.
     * @return the cause, or null if there is none with that code.
     */
    static FailureCause of(final int code)
    {
        return code >= 1 && code <= CAUSES.length ? CAUSES[code - 1] : null;
    }
}
