package io.sluice.perf.measure;

/** Waits for threads that were told to end. */
public final class ThreadEnd
{
    private ThreadEnd()
    {
    }

    /**
     * Wait until a thread has ended, whoever interrupts; the interrupt is kept.
     *
     * @param thread that was told to end.
     */
    public static void await(final Thread thread)
    {
        boolean isInterrupted = false;
        while (thread.isAlive())
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException e)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }
}
