package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events of one subscription that were read from the journal and are not completed yet, in journal order. Completed
 * in any order, taken out in order: the position of the subscription is before the first one that is not completed.
 *
 * <pre>
 *   taken out │ completed │ being called │ completed │ waiting │ free
 *   ──────────┴───────────┴──────────────┴───────────┴─────────┴──────►
 *             head                                             tail
 * </pre>
 *
 * <p>The delivery thread puts in and takes out; whoever called the handler completes. Memory for a record is kept with
 * its place and used again.
 */
final class DeliveryWindow
{
    static final int CAPACITY = 1024;
    static final long MAX_BYTES = 8L << 20;

    private static final int MASK = CAPACITY - 1;
    private static final int SMALLEST = 512;

    /** One event. Written by the delivery thread before a slot gets it, then by that slot until it is completed. */
    static final class Entry implements HandlerCall
    {
        private final AtomicBoolean completed = new AtomicBoolean();
        private final UnsafeBuffer buffer = new UnsafeBuffer();
        private int length;
        private long sequence;
        private long key;
        private boolean isRedelivered;
        private Throwable failure;
        private long endedNs;

        @Override
        public UnsafeBuffer buffer()
        {
            return buffer;
        }

        long sequence()
        {
            return sequence;
        }

        long key()
        {
            return key;
        }

        @Override
        public boolean isRedelivered()
        {
            return isRedelivered;
        }

        /** @return what the handler threw, or null. */
        Throwable failure()
        {
            return failure;
        }

        long endedNs()
        {
            return endedNs;
        }

        @Override
        public void complete(final Throwable thrown, final long startedNs, final long ns)
        {
            failure = thrown;
            endedNs = ns;
            completed.set(true);
        }

        @Override
        public void drop()
        {
            // The position stays before it: whoever goes on from there gets the event.
        }

        boolean isCompleted()
        {
            return completed.get();
        }
    }

    private final Entry[] entries = new Entry[CAPACITY];
    private long head;
    private long tail;
    private final DeliveryMemory memory;
    private long bytes;
    private long reserved;

    /**
     * @param memory to reserve from before it grows.
     */
    DeliveryWindow(final DeliveryMemory memory)
    {
        this.memory = memory;
    }

    boolean isEmpty()
    {
        return head == tail;
    }

    /** @return whether a record may be put in. One of any length has room where there is no other. */
    boolean hasRoom(final int length)
    {
        return tail - head < CAPACITY && (head == tail || bytes + length <= MAX_BYTES) && hasMemory(length);
    }

    private boolean hasMemory(final int length)
    {
        final int capacity = capacity((int)tail & MASK);
        final int growth = mustChange(capacity, length) ? Math.max(SMALLEST, length) - capacity : 0;
        if (growth > 0)
        {
            if (!memory.tryReserve(growth))
            {
                return head == tail;
            }
            reserved += growth;
        }
        entry((int)tail & MASK, length);
        return true;
    }

    private int capacity(final int at)
    {
        return entries[at] == null ? 0 : entries[at].buffer.capacity();
    }

    private static boolean mustChange(final int capacity, final int length)
    {
        return capacity < length || capacity > SMALLEST && capacity / 4 > length;
    }

    /** Give back what was reserved; nothing is read from it any more. */
    void close()
    {
        memory.release(reserved);
        reserved = 0;
    }

    private Entry entry(final int at, final int length)
    {
        if (entries[at] == null)
        {
            entries[at] = new Entry();
        }
        final Entry entry = entries[at];
        final int capacity = entry.buffer.capacity();
        if (mustChange(capacity, length))
        {
            final int next = Math.max(SMALLEST, length);
            entry.buffer.wrap(ByteBuffer.allocateDirect(next).order(ByteOrder.nativeOrder()));
            final long given = Math.min(reserved, capacity - next);
            if (given > 0)
            {
                reserved -= given;
                memory.release(given);
            }
        }
        return entry;
    }

    Entry add(final EventFlyweight event, final long key, final boolean isRedelivered)
    {
        final int length = event.recordLength();
        final Entry entry = entry((int)tail++ & MASK, length);
        entry.buffer.putBytes(0, event.buffer(), event.offset(), length);
        entry.length = length;
        entry.sequence = event.sequence();
        entry.key = key;
        entry.isRedelivered = isRedelivered;
        entry.completed.set(false);
        bytes += length;
        return entry;
    }

    /** @return the first event if it is completed, else null. */
    Entry peekCompleted()
    {
        if (head == tail)
        {
            return null;
        }
        final Entry entry = entries[(int)head & MASK];
        return entry.isCompleted() ? entry : null;
    }

    /** Take the first event out. */
    void remove()
    {
        bytes -= entries[(int)head & MASK].length;
        head++;
    }

    /** Hand out the events that are completed; they stay in. */
    void forEachCompleted(final Consumer<Entry> consumer)
    {
        for (long at = head; at < tail; at++)
        {
            final Entry entry = entries[(int)at & MASK];
            if (entry.isCompleted())
            {
                consumer.accept(entry);
            }
        }
    }
}
