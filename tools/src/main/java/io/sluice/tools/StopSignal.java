package io.sluice.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a command to come to an orderly end. Thread-safe. */
public final class StopSignal
{
    private final CountDownLatch latch = new CountDownLatch(1);

    /** Ask. Idempotent. */
    public void request()
    {
        latch.countDown();
    }

    /** @return true once asked. */
    public boolean isRequested()
    {
        return latch.getCount() == 0;
    }

    /**
     * Wait until asked.
     *
     * @param timeoutNs nanoseconds to wait at most.
     * @return true once asked.
     */
    public boolean await(final long timeoutNs)
    {
        try
        {
            return latch.await(timeoutNs, TimeUnit.NANOSECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
