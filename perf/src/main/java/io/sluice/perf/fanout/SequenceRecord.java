package io.sluice.perf.fanout;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one durable subscription was handed: which sequences, whether any twice, whether in the order of its priority,
 * whether by one thread at a time. Written by whoever calls the handler, one thread at a time; the count may be asked
 * for by any.
 */
final class SequenceRecord
{
    private final String name;
    private final AtomicBoolean isInCall = new AtomicBoolean();
    private final BitSet sequences = new BitSet();
    private final long[] last = new long[Priority.COUNT];
    private long repeated;
    private long disordered;
    private long overlapping;
    private final AtomicInteger count = new AtomicInteger();

    SequenceRecord(final String name)
    {
        this.name = name;
    }

    void onEvent(final EventFlyweight event)
    {
        add(event.sequence(), event.priorityCode());
    }

    void add(final long sequence, final int priorityCode)
    {
        final boolean isAlone = isInCall.compareAndSet(false, true);
        final int index = Math.toIntExact(sequence);
        overlapping += isAlone ? 0 : 1;
        repeated += sequences.get(index) ? 1 : 0;
        disordered += sequence < last[priorityCode] ? 1 : 0;
        last[priorityCode] = Math.max(last[priorityCode], sequence);
        sequences.set(index);
        count.setRelease(count.getPlain() + 1);
        if (isAlone)
        {
            isInCall.set(false);
        }
    }

    String name()
    {
        return name;
    }

    /** @return calls so far; any thread. */
    int count()
    {
        return count.getAcquire();
    }

    /** @return sequences from 1 on that did not come, of so many. */
    long lost(final long published)
    {
        return published - sequences.get(0, Math.toIntExact(published) + 1).cardinality();
    }

    long repeated()
    {
        return repeated;
    }

    long disordered()
    {
        return disordered;
    }

    long overlapping()
    {
        return overlapping;
    }
}
