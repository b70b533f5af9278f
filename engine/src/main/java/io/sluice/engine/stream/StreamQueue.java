package io.sluice.engine.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buffer of one stream: a bounded queue that its writer, the feed, can also take the oldest from. Lock-free: writer
 * and reader take from the head by compare-and-set, and the index of the head only grows, so whoever loses has touched
 * nothing.
 *
 * <p>Where the writer took nodes away, the reader learns it exactly there: the smallest and greatest sequence of a run
 * of dropped nodes stand at the index of the node behind it. The writer puts them there before it moves the head; the
 * reader reads them before it moves the head, and believes them only if it then moves it, and only if the index is not
 * the one behind the node that it took last.
 */
final class StreamQueue
{
    private static final VarHandle HEAD;
    private static final VarHandle BYTES;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(StreamQueue.class, "head", long.class);
            BYTES = lookup.findVarHandle(StreamQueue.class, "bytes", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final int limit;
    private final int mask;
    private final AtomicReferenceArray<StreamNode> nodes;
    private final long[] gapFirst;
    private final long[] gapLast;
    private volatile long head;
    private volatile long tail;
    private volatile long bytes;
    // The writer's.
    private long lastDropped = -2;
    private volatile long dropped;
    // The reader's.
    private long expected;
    private long missedCount;
    private long missedFirst;
    private long missedLast;

    StreamQueue(final int limit)
    {
        this.limit = limit;
        final int slots = slots(limit);
        mask = slots - 1;
        nodes = new AtomicReferenceArray<>(slots);
        gapFirst = new long[slots];
        gapLast = new long[slots];
    }

    /** @return bytes that a queue itself takes. */
    static long footprint(final int limit)
    {
        // A reference and two sequences for each slot.
        return slots(limit) * (Long.BYTES + 2L * Long.BYTES);
    }

    int limit()
    {
        return limit;
    }

    int size()
    {
        final long first = head;
        return (int)Math.max(0, tail - first);
    }

    /** @return bytes of the nodes in it and of those that the reader has not released. */
    long bytes()
    {
        return bytes;
    }

    /** By the writer, when there is room. */
    void offer(final StreamNode node)
    {
        BYTES.getAndAdd(this, (long)node.footprint());
        final long index = tail;
        nodes.setRelease((int)index & mask, node);
        // Volatile, so that the writer sees a reader that went to sleep before it could see the node.
        tail = index + 1;
    }

    /**
     * Take the oldest away, by the writer.
     *
     * @return false if there is none.
     */
    boolean drop()
    {
        while (true)
        {
            final long index = head;
            if (index == tail)
            {
                return false;
            }
            final StreamNode node = nodes.getAcquire((int)index & mask);
            final int from = (int)index & mask;
            final int to = (int)(index + 1) & mask;
            final boolean goesOn = lastDropped == index - 1;
            gapFirst[to] = goesOn ? Math.min(gapFirst[from], node.sequence()) : node.sequence();
            gapLast[to] = goesOn ? Math.max(gapLast[from], node.sequence()) : node.sequence();
            if (HEAD.compareAndSet(this, index, index + 1))
            {
                lastDropped = index;
                if (node.hasEvent())
                {
                    dropped++;
                }
                release(node);
                return true;
            }
            // The reader took it. What was written is of no account: there is no gap behind a node that was read.
        }
    }

    /** @return events that the writer took away; any thread. */
    long dropped()
    {
        return dropped;
    }

    /** @return the oldest, to be released, or null; by the reader. */
    StreamNode poll()
    {
        while (true)
        {
            final long index = head;
            if (index >= tail)
            {
                return null;
            }
            final int slot = (int)index & mask;
            final StreamNode node = nodes.getAcquire(slot);
            final long first = gapFirst[slot];
            final long last = gapLast[slot];
            if (HEAD.compareAndSet(this, index, index + 1))
            {
                missedCount = index - expected;
                missedFirst = first;
                missedLast = last;
                expected = index + 1;
                return node;
            }
        }
    }

    /** @return nodes that were dropped right before the one that was polled last. */
    long missedCount()
    {
        return missedCount;
    }

    long missedFirst()
    {
        return missedFirst;
    }

    long missedLast()
    {
        return missedLast;
    }

    void release(final StreamNode node)
    {
        BYTES.getAndAdd(this, -(long)node.footprint());
        node.release();
    }

    /** Release everything; any thread, once there is no reader any more. */
    void clear()
    {
        while (true)
        {
            final long index = head;
            if (index >= tail)
            {
                return;
            }
            final StreamNode node = nodes.getAcquire((int)index & mask);
            if (HEAD.compareAndSet(this, index, index + 1))
            {
                release(node);
            }
        }
    }

    private static int slots(final int limit)
    {
        return limit == 1 ? 2 : Integer.highestOneBit(limit - 1) << 1;
    }
}
