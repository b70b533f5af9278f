package io.sluice.engine;

import io.sluice.event.EventException;

/**
 * The JVM was started without the flags that journal and rings need. The message lists exactly those that are
 * missing.
 */
public final class MissingJvmFlagsException extends EventException
{
    private static final long serialVersionUID = 1L;

    MissingJvmFlagsException(final String flags)
    {
        super("the JVM lacks flags that Sluice needs; add: " + flags + " (all of them are in docs/jvm.args)");
    }
}
