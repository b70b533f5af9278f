package io.sluice.engine;

import io.sluice.event.EventStreamException;
import java.util.concurrent.TimeUnit;

/** A handler does not return. Its stack is that of the thread which is in it. */
final class HungHandlerException extends EventStreamException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param subscription name.
     * @param timeoutNs    that has passed.
     * @param thread       name of the thread.
     * @param consequence  what follows.
     * @param stack        of the thread.
     */
    HungHandlerException(
        final String subscription,
        final long timeoutNs,
        final String thread,
        final String consequence,
        final StackTraceElement[] stack)
    {
        super("handler of subscription '" + subscription + "' has not returned for " +
            TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms on thread " + thread + ": " + consequence);
        setStackTrace(stack);
    }
}
