package io.sluice.engine;

import io.sluice.event.EventStreamException;

/** An asynchronous publish was refused or its engine failed before the event was journaled. */
public final class PublishException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    private final long result;

    PublishException(final long result, final Throwable cause)
    {
        super(PublishResult.describe(result) + ": the event was not journaled", cause);
        this.result = result;
    }

    /** @return one of {@link PublishResult}. */
    public long result()
    {
        return result;
    }
}
