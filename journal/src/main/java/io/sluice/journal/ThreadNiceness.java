package io.sluice.journal;

import com.sun.jna.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the calling thread step back behind others, where the system offers that. Java's own priorities do nothing on
 * Linux.
 */
public final class ThreadNiceness
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadNiceness.class);
    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;
    private static final int NICEST = 19;

    private ThreadNiceness()
    {
    }

    /** Step back as far as possible, for good. Where that is refused, the thread goes on as it is. */
    public static void lower()
    {
        try
        {
            final Object[] arguments = {PRIO_PROCESS, THIS_THREAD, NICEST};
            if (Function.getFunction("c", "setpriority").invokeInt(arguments) != 0)
            {
                LOGGER.debug("thread {} keeps its priority: setpriority was refused", Thread.currentThread().getName());
            }
        }
        catch (final RuntimeException | LinkageError ex)
        {
            LOGGER.debug("thread {} keeps its priority", Thread.currentThread().getName(), ex);
        }
    }
}
