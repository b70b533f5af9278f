package io.sluice.engine;

import io.sluice.event.EventStreamException;

/** An event was refused, or was not acknowledged in time, or its engine failed before it was journaled. */
public final class PublishException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    private final long result;

    PublishException(final long result, final Throwable cause)
    {
        super(
            PublishResult.describe(result) + ": " + (result == PublishResult.TIMED_OUT ?
                "the event is not acknowledged yet and may still be journaled" : "the event was not journaled"),
            cause);
        this.result = result;
    }

    /** @return one of {@link PublishResult}. */
    public long result()
    {
        return result;
    }
}
