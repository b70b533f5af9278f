package io.sluice.archive;

import java.util.Arrays;

/**
 * What the numbers of a column are measured from. Writer and reader run the same bases. Not thread-safe; used again.
 *
 * <ul>
 * <li>ZERO: the numbers stand as they are (and {@link NumberWriter} may write their differences).</li>
 * <li>EVENT_TIME: the event time of the row in a unit; for times in payloads.</li>
 * <li>KEYED: the number that the column had when the key column last had the value it has now; for counters and
 *     versions of many things.</li>
 * </ul>
 */
final class NumberBase
{
    static final int ZERO = 0;
    static final int EVENT_TIME = 1;
    static final int KEYED = 2;

    /** Nanoseconds of the units of event times. */
    static final long[] UNITS = {1, 1_000, 1_000_000, 1_000_000_000};

    private int kind;
    private long unit;
    private LongColumn eventTimes;
    private TextColumn key;
    private long[] lastByKey = new long[16];

    void startZero()
    {
        kind = ZERO;
    }

    void startEventTime(final LongColumn times, final long unitNs)
    {
        kind = EVENT_TIME;
        eventTimes = times;
        unit = unitNs;
    }

    void startKeyed(final TextColumn newKey)
    {
        kind = KEYED;
        key = newKey;
        if (lastByKey.length < key.keys())
        {
            lastByKey = new long[key.keys() * 2];
        }
        Arrays.fill(lastByKey, 0, key.keys(), 0);
    }

    /** @return the base of the next number, which is in this row. */
    long base(final int row)
    {
        switch (kind)
        {
            case EVENT_TIME:
                return Math.floorDiv(eventTimes.get(row), unit);
            case KEYED:
                return lastByKey[key.keyOfRow(row)];
            default:
                return 0;
        }
    }

    /** Tell the number that was coded. */
    void learn(final int row, final long number)
    {
        if (kind == KEYED)
        {
            lastByKey[key.keyOfRow(row)] = number;
        }
    }
}
