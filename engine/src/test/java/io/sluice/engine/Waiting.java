package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for a condition, in bounded time and with a message. */
public final class Waiting
{
    /** Far more than is needed: where many share few processors, what takes a second here takes half a minute. */
    public static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

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
                fail(waitedFor(what));
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
                fail(waitedFor(what));
            }
        }
        catch (final InterruptedException ex)
        {
            fail("interrupted while waiting for " + what, ex);
        }
    }

    private static String waitedFor(final String what)
    {
        return "waited " + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NS) + " s for " + what;
    }
}
