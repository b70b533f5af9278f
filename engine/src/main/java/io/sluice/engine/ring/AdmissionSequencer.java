package io.sluice.engine.ring;

import com.lmax.disruptor.AbstractSequencer;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A multi-producer Disruptor sequencer whose claims carry their own limit: how many events may be in the ring, counted
 * from the claimed one back to the last handled one. The limit is exact whatever the number of publishers, need not be
 * a power of two, and may differ between callers (a host's thread, an engine thread with its reserve).
 *
 * <p>Thread rule: claims and publishes from any thread; the consumed position is advanced by one thread. Claims never
 * block and allocate nothing. A claimed sequence must be published by its claimer, or every later one stays invisible.
 */
final class AdmissionSequencer extends AbstractSequencer
{
    private static final VarHandle AVAILABLE = MethodHandles.arrayElementVarHandle(int[].class);
    private static final long FULL = -1L;

    private final Sequence consumed = new Sequence(-1L);
    private final Sequence consumedCache = new Sequence(-1L);
    private final int[] available;
    private final int mask;
    private final int shift;
    private volatile boolean sealed;

    /**
     * @param size of the ring, a power of two.
     */
    AdmissionSequencer(final int size)
    {
        super(size, new YieldingWaitStrategy());
        available = new int[size];
        Arrays.fill(available, -1);
        mask = size - 1;
        shift = Integer.numberOfTrailingZeros(size);
        addGatingSequences(consumed);
    }

    /** @return the position up to which slots may be used again. */
    Sequence consumed()
    {
        return consumed;
    }

    /**
     * Claim the next sequence if at most {@code limit} events are then in the ring.
     *
     * @param limit 1 to the size of the ring.
     * @return the sequence, or -1 if the ring holds that many already.
     */
    long tryClaim(final int limit)
    {
        return tryClaim(limit, 1);
    }

    /**
     * Claim consecutive sequences if at most {@code limit} events are then in the ring: all or none.
     *
     * @param limit 1 to the size of the ring.
     * @param count of sequences, 1 or more.
     * @return the first one, or -1 if there is no room for all.
     */
    long tryClaim(final int limit, final int count)
    {
        while (true)
        {
            final long current = cursor.get();
            final long next = current + count;
            if (sealed)
            {
                return FULL;
            }
            final long mustBeConsumed = next - limit;
            if (mustBeConsumed > consumedCache.get())
            {
                // The cache saves publishers a shared cache line; a stale value is only ever too low.
                final long now = consumed.get();
                consumedCache.set(now);
                if (mustBeConsumed > now)
                {
                    return FULL;
                }
            }
            if (cursor.compareAndSet(current, next))
            {
                return current + 1;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Let no further claim succeed. Claims one last slot, so that a claimer that looked before the seal finds the
     * cursor moved.
     *
     * @return the slot, to be published void, or -1 if the ring is full; then call again.
     */
    long trySeal()
    {
        sealed = true;
        while (true)
        {
            final long current = cursor.get();
            final long next = current + 1;
            if (next - bufferSize > consumed.get())
            {
                return FULL;
            }
            if (cursor.compareAndSet(current, next))
            {
                return next;
            }
        }
    }

    /** Let claims succeed again. */
    void unseal()
    {
        sealed = false;
    }

    @Override
    public void publish(final long sequence)
    {
        AVAILABLE.setRelease(available, (int)sequence & mask, (int)(sequence >>> shift));
    }

    @Override
    public void publish(final long lo, final long hi)
    {
        for (long sequence = lo; sequence <= hi; sequence++)
        {
            publish(sequence);
        }
    }

    @Override
    public boolean isAvailable(final long sequence)
    {
        return (int)AVAILABLE.getAcquire(available, (int)sequence & mask) == (int)(sequence >>> shift);
    }

    @Override
    public long getHighestPublishedSequence(final long lowerBound, final long availableSequence)
    {
        for (long sequence = lowerBound; sequence <= availableSequence; sequence++)
        {
            if (!isAvailable(sequence))
            {
                return sequence - 1;
            }
        }
        return availableSequence;
    }

    @Override
    public boolean hasAvailableCapacity(final int requiredCapacity)
    {
        return remainingCapacity() >= requiredCapacity;
    }

    @Override
    public long remainingCapacity()
    {
        return getBufferSize() - (cursor.get() - consumed.get());
    }

    @Override
    public long tryNext() throws InsufficientCapacityException
    {
        final long sequence = tryClaim(bufferSize);
        if (sequence == FULL)
        {
            throw InsufficientCapacityException.INSTANCE;
        }
        return sequence;
    }

    @Override
    public long tryNext(final int n)
    {
        throw new UnsupportedOperationException("events are claimed one by one");
    }

    @Override
    public long next()
    {
        throw new UnsupportedOperationException("no claim of the engine blocks: use tryClaim");
    }

    @Override
    public long next(final int n)
    {
        return next();
    }

    @Override
    public void claim(final long sequence)
    {
        throw new UnsupportedOperationException("the cursor is moved by claims alone");
    }
}
