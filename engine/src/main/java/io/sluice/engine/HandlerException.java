package io.sluice.engine;

import io.sluice.event.EventStreamException;

/** What a handler threw, with the name of its subscription. */
final class HandlerException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    HandlerException(final String subscription, final Throwable cause)
    {
        super("handler of subscription '" + subscription + "' threw " + cause, cause);
    }
}
