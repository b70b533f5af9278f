package io.sluice.engine;

import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.admission.MemoryUser;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the batches of subscriptions, and the windows of those that the journal serves, hold. They reserve before they
 * grow; where there is no memory, events wait in the journal. Thread-safe.
 */
final class DeliveryMemory implements MemoryUser
{
    private final MemoryBudget budget;
    private final AtomicLong used = new AtomicLong();
    private volatile int shortages;

    DeliveryMemory(final MemoryBudget budget)
    {
        this.budget = budget;
        budget.addGrowing(this);
    }

    /** @return false if there is not so much left. */
    boolean tryReserve(final long bytes)
    {
        final boolean isReserved = budget.tryReserve(bytes);
        if (isReserved)
        {
            used.addAndGet(bytes);
        }
        return isReserved;
    }

    void release(final long bytes)
    {
        used.addAndGet(-bytes);
        budget.release(bytes);
    }

    @Override
    public String name()
    {
        return "events on their way to handlers";
    }

    @Override
    public long used()
    {
        return used.get();
    }

    /** @return how often memory was found to be short: when that changes, windows give back what they can spare. */
    int shortages()
    {
        return shortages;
    }

    /** Only the delivery thread knows what is spare: it gives it back the next time that it serves a subscription. */
    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    public long trim()
    {
        shortages++;
        return 0L;
    }
}
