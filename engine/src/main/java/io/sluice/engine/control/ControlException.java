package io.sluice.engine.control;

import io.sluice.event.EventException;

/** An engine could not be asked over its control channel, or did not answer. */
public final class ControlException extends EventException
{
    private static final long serialVersionUID = 1L;

    private final ControlFailure failure;

    ControlException(final ControlFailure failure, final String message)
    {
        this(failure, message, null);
    }

    ControlException(final ControlFailure failure, final String message, final Throwable cause)
    {
        super(message, cause);
        this.failure = failure;
    }

    /** @return why. */
    public ControlFailure failure()
    {
        return failure;
    }
}
