package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for a condition, in bounded time and with a message. */
public final class Waiting
{
    public static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(90);

    private Waiting()
    {
    }

    public static void until(final String what, final BooleanSupplier condition)
    {
        final long deadline = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadline > 0)
            {
                fail("waited 90 s for " + what);
            }
            Thread.yield();
        }
    }

    public static void on(final CountDownLatch latch, final String what)
    {
        try
        {
            if (!latch.await(LIMIT_NS, TimeUnit.NANOSECONDS))
            {
                fail("waited 90 s for " + what);
            }
        }
        catch (final InterruptedException ex)
        {
            fail("interrupted while waiting for " + what, ex);
        }
    }
}
