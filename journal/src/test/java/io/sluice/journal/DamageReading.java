package io.sluice.journal;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a journal that may be damaged and takes down how that ends. A record that is not the very next of those that
 * were written, byte for byte, fails the test at once; so does anything that is thrown and has no name of ours.
 */
final class DamageReading
{
    /** A way to get the tailer to read with. */
    interface Opening
    {
        JournalTailer open();
    }

    private final NavigableMap<Long, byte[]> records;
    private final Random random;
    private final UnsafeBuffer expected = new UnsafeBuffer(0, 0);
    private Iterator<Map.Entry<Long, byte[]>> next;
    private long served;
    private long lastServed;
    private long nextSequence;
    private EventException failure;
    private final List<long[]> lost = new ArrayList<>();

    DamageReading(final NavigableMap<Long, byte[]> records, final Random random)
    {
        this.records = records;
        this.random = random;
    }

    /**
     * Read to the end.
     *
     * @param from    sequence at which the first record must lie, or behind which; with {@code isSetBack} it may lie
     *                before.
     * @param opening of the tailer.
     * @return this.
     */
    DamageReading run(final long from, final boolean isSetBack, final Opening opening)
    {
        served = 0;
        lastServed = 0;
        nextSequence = 0;
        failure = null;
        next = isSetBack ? null : records.tailMap(from).entrySet().iterator();
        try (JournalTailer tailer = opening.open())
        {
            int polls = 0;
            while (tailer.poll((event) -> check(event, from), 1 + random.nextInt(200)) > 0)
            {
                if (++polls > records.size() + 10)
                {
                    throw new AssertionError("the reader does not come to an end");
                }
            }
            nextSequence = tailer.nextSequence();
        }
        catch (final EventException ex)
        {
            failure = ex;
        }
        return this;
    }

    /** A repair wrote sequences off: they need not be served any more. */
    void onLost(final long first, final long last)
    {
        lost.add(new long[]{first, last});
    }

    /** @return true if every record from there on was served. */
    boolean isWhole()
    {
        return failure == null && (next == null || !next.hasNext());
    }

    /** @return what was thrown, or null. */
    EventException failure()
    {
        return failure;
    }

    long served()
    {
        return served;
    }

    long lastServed()
    {
        return lastServed;
    }

    long nextSequence()
    {
        return nextSequence;
    }

    @Override
    public String toString()
    {
        return served + " records up to " + lastServed + (failure == null ? "" : ", then " + failure);
    }

    private boolean isLost(final long sequence)
    {
        return lost.stream().anyMatch((range) -> range[0] <= sequence && sequence <= range[1]);
    }

    private void check(final EventFlyweight event, final long from)
    {
        final long sequence = event.sequence();
        if (next == null)
        {
            if (sequence > records.tailMap(from).firstKey())
            {
                throw new AssertionError("began with " + sequence + " instead of " + from + " or before");
            }
            next = records.tailMap(sequence).entrySet().iterator();
        }
        if (!next.hasNext())
        {
            throw new AssertionError("served " + sequence + ", which was never written");
        }
        Map.Entry<Long, byte[]> entry = next.next();
        while (entry.getKey() < sequence && isLost(entry.getKey()) && next.hasNext())
        {
            entry = next.next();
        }
        if (entry.getKey() != sequence)
        {
            throw new AssertionError("served " + sequence + " where " + entry.getKey() + " is due");
        }
        expected.wrap(entry.getValue());
        final UnsafeBuffer actual = new UnsafeBuffer(event.buffer(), event.offset(), event.recordLength());
        if (!actual.equals(expected))
        {
            throw new AssertionError("sequence " + sequence + " is not what was written");
        }
        served++;
        lastServed = sequence;
    }
}
