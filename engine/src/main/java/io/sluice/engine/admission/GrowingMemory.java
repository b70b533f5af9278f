package io.sluice.engine.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One user of the engine's memory that reserves before it grows, and does with less where it gets none. Thread-safe,
 * lock-free; to reserve allocates nothing.
 */
public final class GrowingMemory implements MemoryUser
{
    private final String name;
    private final MemoryBudget budget;
    private final AtomicLong used = new AtomicLong();
    private volatile int shortages;
    private volatile boolean isClosed;

    /**
     * @param name   of the user, for people.
     * @param budget to take from, which counts it from now on.
     */
    public GrowingMemory(final String name, final MemoryBudget budget)
    {
        this.name = name;
        this.budget = budget;
        budget.addGrowing(this);
    }

    /**
     * Ask for more.
     *
     * @param bytes to grow by.
     * @return false if there is not so much left.
     */
    public boolean tryReserve(final long bytes)
    {
        if (isClosed || !budget.tryReserve(bytes))
        {
            return false;
        }
        used.addAndGet(bytes);
        return true;
    }

    /**
     * Take what can't be done without, whether there is so much left or not.
     *
     * @param bytes to grow by, few.
     */
    public void take(final long bytes)
    {
        budget.take(bytes);
        used.addAndGet(bytes);
    }

    /**
     * Give back what was reserved.
     *
     * @param bytes to shrink by.
     */
    public void release(final long bytes)
    {
        if (!isClosed)
        {
            used.addAndGet(-bytes);
            budget.release(bytes);
        }
    }

    /** The user is no more, and gets nothing from now on; all that it had is given back. */
    public void close()
    {
        isClosed = true;
        budget.release(used.getAndSet(0L));
        budget.remove(this);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public long used()
    {
        return used.get();
    }

    /** @return how often memory was found to be short: when that changes, the user gives back what it can spare. */
    public int shortages()
    {
        return shortages;
    }

    /** Only the thread that uses it knows what is spare: it gives it back the next time that it looks. */
    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    public long trim()
    {
        shortages++;
        return 0L;
    }
}
