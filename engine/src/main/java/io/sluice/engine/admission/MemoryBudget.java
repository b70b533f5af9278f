package io.sluice.engine.admission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the engine may hold on the heap and beside it, and who holds it. What grows asks before; when a part of the
 * limit is used, those who can give something back are asked to.
 *
 * <p>Thread-safe, lock-free. To reserve allocates nothing.
 */
public final class MemoryBudget
{
    private final long limit;
    private final long cleanUpFrom;
    private final AtomicLong growing = new AtomicLong();
    private final List<MemoryUser> users = new CopyOnWriteArrayList<>();
    private volatile MemoryUser promisedTo = MemoryUser.fixed("nobody", 0L);
    private volatile long promised;
    private volatile Runnable releaseListener = () ->
    {
    };
    private volatile long fixed;
    private volatile long trimmed;

    /**
     * @param limit       in bytes.
     * @param cleanUpFrom bytes from which users are asked to give something back.
     */
    public MemoryBudget(final long limit, final long cleanUpFrom)
    {
        this.limit = limit;
        this.cleanUpFrom = cleanUpFrom;
    }

    /**
     * A user that holds what it holds from now on, and asks for nothing more.
     *
     * @param user to count.
     */
    public synchronized void addFixed(final MemoryUser user)
    {
        fixed += user.used();
        users.add(user);
    }

    /**
     * A user that reserves before it grows.
     *
     * @param user to count.
     */
    public void addGrowing(final MemoryUser user)
    {
        users.add(user);
    }

    /**
     * A user that is no more.
     *
     * @param user that has given back what it reserved.
     */
    public void remove(final MemoryUser user)
    {
        users.remove(user);
    }

    /**
     * A user that reserves before it grows, but for what is kept free for it, whatever the others take; there is one at
     * most.
     *
     * @param user  to count.
     * @param bytes that it takes without asking, and does not give back.
     */
    public synchronized void addPromised(final MemoryUser user, final long bytes)
    {
        promised = bytes;
        promisedTo = user;
        growing.addAndGet(bytes);
        users.add(user);
    }

    /**
     * @param listener told when something may be reserved that could not be before; any thread, must not block.
     */
    public void onRelease(final Runnable listener)
    {
        releaseListener = listener;
    }

    /**
     * Ask for more.
     *
     * @param bytes to grow by.
     * @return false if that would exceed the limit.
     */
    public boolean tryReserve(final long bytes)
    {
        while (true)
        {
            final long now = growing.get();
            if (fixed + now + bytes > limit)
            {
                return false;
            }
            if (growing.compareAndSet(now, now + bytes))
            {
                return true;
            }
        }
    }

    /**
     * Take what can't be done without, whether there is so much left or not.
     *
     * @param bytes to grow by, few.
     */
    public void take(final long bytes)
    {
        growing.addAndGet(bytes);
    }

    /**
     * Give back what was reserved.
     *
     * @param bytes to shrink by.
     */
    public void release(final long bytes)
    {
        growing.addAndGet(-bytes);
        releaseListener.run();
    }

    /** Ask those who can to give something back, if so much is used; telemetry only. */
    public synchronized void cleanUp()
    {
        if (used() > cleanUpFrom)
        {
            long sum = 0;
            for (final MemoryUser user : users)
            {
                sum += user.trim();
            }
            trimmed += sum;
            // While a user looks for what it can give back, others may not have got what they had room for.
            releaseListener.run();
        }
    }

    /** @return bytes held. */
    public long used()
    {
        return fixed + growing.get() - Math.max(0L, promised - promisedTo.used());
    }

    /** @return bytes that may be held. */
    public long limit()
    {
        return limit;
    }

    /** @return bytes that were given back so far because memory was short. */
    public long trimmed()
    {
        return trimmed;
    }

    /** @return bytes by user. */
    public Map<String, Long> byUser()
    {
        final Map<String, Long> bytes = new LinkedHashMap<>();
        users.forEach((user) -> bytes.put(user.name(), user.used()));
        return bytes;
    }
}
