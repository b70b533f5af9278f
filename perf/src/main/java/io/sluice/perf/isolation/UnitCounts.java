package io.sluice.perf.isolation;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * Counts units, which are calls of one handler on one thread. For CRITICAL: calls of other classes that began when it
 * was journaled already. For each class: calls of others between two of its own, while it always has events waiting.
 * Not thread-safe.
 */
final class UnitCounts
{
    private static final int REMEMBERED = 1024;
    private static final int CRITICAL = Priority.CRITICAL.code();

    // Of the calls of other classes since the last CRITICAL one: the last journaled sequence when they began.
    private final long[] journaled = new long[REMEMBERED];
    private final long[] since = new long[Priority.COUNT];
    private final long[] longest = new long[Priority.COUNT];
    private final long[] judged = new long[Priority.COUNT];
    private final boolean[] wasJudging = new boolean[Priority.COUNT];
    private int others;
    private long mostBeforeCritical;
    private long criticalCalls;

    /** Another engine begins: its sequences and its classes have nothing to do with those before. */
    void begin()
    {
        others = 0;
        Arrays.fill(since, 0L);
        Arrays.fill(wasJudging, false);
    }

    /**
     * A call begins.
     *
     * @param code              of its priority.
     * @param sequence          of the event.
     * @param journaledSequence up to which everything is journaled just now.
     * @param isFlooded         whether every class has events waiting.
     */
    void onCall(final int code, final long sequence, final long journaledSequence, final boolean isFlooded)
    {
        if (code == CRITICAL)
        {
            int waited = 0;
            for (int i = others - 1; i >= Math.max(0, others - REMEMBERED); i--)
            {
                if (journaled[i % REMEMBERED] < sequence)
                {
                    break;
                }
                waited++;
            }
            mostBeforeCritical = Math.max(mostBeforeCritical, waited);
            criticalCalls++;
            others = 0;
        }
        else
        {
            journaled[others % REMEMBERED] = journaledSequence;
            others++;
        }
        for (int other = 0; other < Priority.COUNT; other++)
        {
            since[other]++;
        }
        if (isFlooded && wasJudging[code])
        {
            longest[code] = Math.max(longest[code], since[code] - 1);
            judged[code]++;
        }
        since[code] = 0;
        wasJudging[code] = isFlooded;
    }

    /** @return most calls of other classes that began between the journaling of a CRITICAL event and its call. */
    long mostBeforeCritical()
    {
        return mostBeforeCritical;
    }

    long criticalCalls()
    {
        return criticalCalls;
    }

    /** @return most calls of others between two of a class, under flood. */
    long longestGap(final Priority priority)
    {
        return longest[priority.code()];
    }

    /** @return gaps of a class that were looked at. */
    long gaps(final Priority priority)
    {
        return judged[priority.code()];
    }
}
