package io.sluice.perf.chaos;

import io.sluice.engine.EventHandler;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The handler of one subscription in a child: writes down what it is handed, then misbehaves now and then. */
final class ChaosHandler implements EventHandler
{
    /** One event in so many is never handled by a subscription that may fail. */
    static final int POISON_ONE_IN = 400;

    private static final int THROW_ONE_IN = 50;
    private static final int SLOW_ONE_IN = 64;
    private static final int HANG_ONE_IN = 1500;
    private static final long SLOW_NS = 1_500_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private final ChaosSubscription subscription;
    private final LineLog log;
    private final ChildOrders orders;
    private final AtomicLong calls = new AtomicLong();

    ChaosHandler(final ChaosSubscription subscription, final LineLog log, final ChildOrders orders)
    {
        this.subscription = subscription;
        this.log = log;
        this.orders = orders;
    }

    /** @return whether a subscription never handles an event. */
    static boolean isPoison(final ChaosSubscription subscription, final long number)
    {
        return subscription != ChaosSubscription.PLAIN &&
            ChaosEvent.hash(number, 10 + subscription.ordinal()) % POISON_ONE_IN == 0;
    }

    @Override
    public void onEvent(final EventFlyweight event) throws IOException
    {
        final long number = ChaosEvent.numberOf(event);
        final long sequence = event.sequence();
        final int ordinal = subscription.ordinal();
        final boolean isRedelivered = (event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0;
        log.tell(LineLog.CALLED, ordinal, sequence, number + (isRedelivered ? " 1" : " 0"));
        if (isPoison(subscription, number))
        {
            final String message = "poison " + number;
            log.tell(LineLog.THREW, ordinal, sequence, message);
            throw new UnsupportedOperationException(message);
        }
        if (!orders.isFinish() && subscription != ChaosSubscription.PLAIN)
        {
            misbehave(ordinal, sequence, number);
        }
        log.tell(LineLog.DONE, ordinal, sequence);
    }

    private void misbehave(final int ordinal, final long sequence, final long number) throws IOException
    {
        final long chance = ChaosEvent.hash(orders.seed() + calls.incrementAndGet(), 100 + ordinal);
        if (chance % THROW_ONE_IN == 0)
        {
            final String message = "transient " + number;
            log.tell(LineLog.THREW, ordinal, sequence, message);
            throw new IOException(message);
        }
        if (chance % HANG_ONE_IN == 1)
        {
            log.tell(LineLog.HANGING, ordinal, sequence);
            pause(orders.hangMs() * NS_PER_MS);
        }
        else if (chance % SLOW_ONE_IN == 1)
        {
            pause(SLOW_NS);
        }
    }

    private static void pause(final long ns)
    {
        final long untilNs = System.nanoTime() + ns;
        for (long left = ns; left > 0; left = untilNs - System.nanoTime())
        {
            LockSupport.parkNanos(left);
        }
    }
}
