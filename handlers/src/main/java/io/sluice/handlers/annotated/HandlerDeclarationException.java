package io.sluice.handlers.annotated;

import io.sluice.event.EventException;
import java.util.List;

/** Methods with {@link HandlesEvent} can't be subscribed as they stand. Nothing was subscribed. */
public final class HandlerDeclarationException extends EventException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param problems each with class, method, what is wrong and the remedy.
     */
    HandlerDeclarationException(final List<String> problems)
    {
        super(String.join("; ", problems));
    }

    /**
     * @param message with class, method, what is wrong and the remedy.
     * @param cause   of it.
     */
    HandlerDeclarationException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
