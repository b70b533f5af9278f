package io.sluice.handlers.log;

import io.sluice.engine.PublishResult;
import io.sluice.event.EventException;

/** Events were not logged. The message says why, and what to do. */
public final class EventLogException extends EventException
{
    private static final long serialVersionUID = 1L;

    private final long result;

    /**
     * @param result  one of {@link PublishResult}.
     * @param message what happened and what to do next.
     */
    EventLogException(final long result, final String message)
    {
        super(message);
        this.result = result;
    }

    /** @return the reason, one of {@link PublishResult}. */
    public long result()
    {
        return result;
    }

    /** @return true if the same call may succeed a little later. */
    public boolean isTransient()
    {
        return PublishResult.isTransient(result);
    }
}
