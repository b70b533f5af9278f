package io.sluice.engine;

import io.sluice.engine.admission.GrowingMemory;
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
 * <p>The delivery thread puts in and takes out; whoever called the handler completes. Memory for a record is used again
 * by the next one: as much is held as was needed at once, at most {@link #MAX_BYTES} of it while nothing needs it.
 */
final class DeliveryWindow
{
    static final int CAPACITY = 1024;
    static final long MAX_BYTES = 8L << 20;

    private static final int MASK = CAPACITY - 1;
    private static final int SMALLEST = 512;
    private static final byte[] NOTHING = new byte[0];

    /** One event. Written by the delivery thread before a slot gets it, then by that slot until it is completed. */
    static final class Entry implements HandlerCall
    {
        private final AtomicBoolean completed = new AtomicBoolean();
        private final UnsafeBuffer buffer = new UnsafeBuffer();
        private int length;
        private long reserved;
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
    // The one that was in use last is used first: where few events are in at once, few have memory.
    private final Entry[] spare = new Entry[CAPACITY];
    private int spareCount;
    private int seenShortages;
    private long head;
    private long tail;
    private final GrowingMemory memory;
    private long bytes;
    private long reserved;

    /**
     * @param memory to reserve from before it grows.
     */
    DeliveryWindow(final GrowingMemory memory)
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
        if (spareCount == 0)
        {
            spare[spareCount++] = new Entry();
        }
        final Entry entry = spare[spareCount - 1];
        final int capacity = entry.buffer.capacity();
        final boolean isWasteful = capacity > SMALLEST && capacity / 4 > length && reserved > MAX_BYTES / 2;
        return capacity >= length && !isWasteful || resize(entry, Math.max(SMALLEST, length));
    }

    private boolean resize(final Entry entry, final int capacity)
    {
        final long growth = capacity - entry.reserved;
        if (growth > 0 && !memory.tryReserve(growth))
        {
            if (head != tail)
            {
                return false;
            }
            // There is always memory for one event: without it the subscription would stand still.
            release(entry);
        }
        else
        {
            if (growth < 0)
            {
                memory.release(-growth);
            }
            entry.reserved = capacity;
            reserved += growth;
        }
        entry.buffer.wrap(ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder()));
        return true;
    }

    private void release(final Entry entry)
    {
        reserved -= entry.reserved;
        memory.release(entry.reserved);
        entry.reserved = 0;
        entry.buffer.wrap(NOTHING);
    }

    /** Give back what no event needs now, but for what small ones need, if memory was short since the last time. */
    void trim()
    {
        final int shortages = memory.shortages();
        if (shortages != seenShortages)
        {
            seenShortages = shortages;
            for (int i = 0; i < spareCount; i++)
            {
                if (spare[i].reserved > SMALLEST)
                {
                    release(spare[i]);
                }
            }
        }
    }

    /** Give back what was reserved; nothing is read from it any more. */
    void close()
    {
        memory.release(reserved);
        reserved = 0;
    }

    /** Put in a record for which {@link #hasRoom} has just found room. */
    Entry add(final EventFlyweight event, final long key, final boolean isRedelivered)
    {
        final int length = event.recordLength();
        final Entry entry = spare[--spareCount];
        spare[spareCount] = null;
        entries[(int)tail++ & MASK] = entry;
        entry.buffer.putBytes(0, event.buffer(), event.offset(), length);
        entry.length = length;
        entry.sequence = event.sequence();
        entry.key = key;
        entry.isRedelivered = isRedelivered;
        entry.failure = null;
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
        final int at = (int)head++ & MASK;
        final Entry entry = entries[at];
        entries[at] = null;
        bytes -= entry.length;
        if (entry.failure instanceof HungHandlerException)
        {
            // The handler may look at the record yet: nobody else writes there.
            reserved -= entry.reserved;
            memory.release(entry.reserved);
            return;
        }
        if (reserved > MAX_BYTES || entry.reserved < entry.buffer.capacity())
        {
            release(entry);
        }
        spare[spareCount++] = entry;
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
