package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.util.Arrays;

/**
 * The terms of the events of one file under one policy: how many events have each, and when the last one was journaled.
 * Terms are few, files have many events. Not thread-safe.
 */
final class RetentionTerms
{
    private final RetentionPolicy policy;
    private long[] termsNs = new long[4];
    private long[] counts = new long[4];
    private long[] lastTimes = new long[4];
    private int size;

    RetentionTerms(final RetentionPolicy policy)
    {
        this.policy = policy;
    }

    /** Allocates nothing but for new terms. */
    void add(final EventFlyweight event)
    {
        add(policy.termNs(event), 1, event.journalTime());
    }

    /** @return events. */
    long count()
    {
        return Arrays.stream(counts, 0, size).sum();
    }

    /** @return events of terms that are over for all their events. */
    long countDue(final long nowNs)
    {
        long count = 0;
        for (int i = 0; i < size; i++)
        {
            count += isDue(i, nowNs) ? counts[i] : 0;
        }
        return count;
    }

    /** @return true if a term is over for all events of the file that have it. */
    boolean isDue(final long termNs, final long nowNs)
    {
        for (int i = 0; i < size; i++)
        {
            if (termsNs[i] == termNs)
            {
                return isDue(i, nowNs);
            }
        }
        return false;
    }

    /** @return as one word: {@code term:count:time,…}. */
    String text()
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++)
        {
            text.append(i == 0 ? "" : ",")
                .append(termsNs[i]).append(':').append(counts[i]).append(':').append(lastTimes[i]);
        }
        return text.toString();
    }

    static RetentionTerms parse(final RetentionPolicy policy, final String text)
    {
        final RetentionTerms terms = new RetentionTerms(policy);
        for (final String entry : text.split(",", -1))
        {
            final String[] values = entry.split(":", -1);
            terms.add(Long.parseLong(values[0]), Long.parseLong(values[1]), Long.parseLong(values[2]));
        }
        return terms;
    }

    private boolean isDue(final int index, final long nowNs)
    {
        return termsNs[index] != Long.MAX_VALUE && nowNs - lastTimes[index] >= termsNs[index];
    }

    private void add(final long termNs, final long count, final long timeNs)
    {
        int i = 0;
        while (i < size && termsNs[i] != termNs)
        {
            i++;
        }
        if (i == size)
        {
            if (size == termsNs.length)
            {
                termsNs = Arrays.copyOf(termsNs, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
                lastTimes = Arrays.copyOf(lastTimes, 2 * size);
            }
            termsNs[size] = termNs;
            lastTimes[size] = timeNs;
            counts[size] = 0;
            size++;
        }
        counts[i] += count;
        lastTimes[i] = Math.max(lastTimes[i], timeNs);
    }
}
