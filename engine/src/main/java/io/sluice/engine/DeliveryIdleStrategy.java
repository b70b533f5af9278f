package io.sluice.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Rests long where no subscription reads the journal, and short where one does: from 50 us on, doubled up to 1 ms while
 * there is nothing to do. Whoever has something to do for the thread wakes it.
 */
final class DeliveryIdleStrategy implements IdleStrategy
{
    static final long SHORTEST_NS = TimeUnit.MICROSECONDS.toNanos(50);
    static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    static final long UNUSED_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BooleanSupplier isInUse;
    private long pauseNs = SHORTEST_NS;

    /**
     * @param isInUse whether a subscription reads the journal.
     */
    DeliveryIdleStrategy(final BooleanSupplier isInUse)
    {
        this.isInUse = isInUse;
    }

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            reset();
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        LockSupport.parkNanos(nextPauseNs());
    }

    @Override
    public void reset()
    {
        pauseNs = SHORTEST_NS;
    }

    @Override
    public String alias()
    {
        return "delivery";
    }

    long nextPauseNs()
    {
        if (!isInUse.getAsBoolean())
        {
            return UNUSED_NS;
        }
        final long present = pauseNs;
        pauseNs = Math.min(2 * pauseNs, LONGEST_NS);
        return present;
    }
}
