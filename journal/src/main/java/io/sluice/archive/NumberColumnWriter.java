package io.sluice.archive;

import java.util.List;

/** Writes number columns of payloads and the like: finds the base that leaves least. Not thread-safe; used again. */
final class NumberColumnWriter
{
    private static final int MAX_SAMPLE = 2048;
    private static final int MAX_KEYS = 40;

    private final NumberBase base = new NumberBase();
    private final DistinctIndex distinct = new DistinctIndex();
    private final NumberWriter numbers;
    private long[] rests = new long[MAX_SAMPLE];

    NumberColumnWriter(final NumberWriter numbers)
    {
        this.numbers = numbers;
    }

    /**
     * @param column     to write.
     * @param eventTimes by row.
     * @param rowCount   of the block.
     * @param coded      text columns, all written before.
     * @param valueCount of the block.
     * @param part       to count it as.
     * @param out        gets it.
     */
    void write(
        final NumberColumn column,
        final LongColumn eventTimes,
        final int rowCount,
        final List<TextColumn> coded,
        final int valueCount,
        final Part part,
        final SegmentWriter out)
    {
        final int count = column.count();
        if (count == 0)
        {
            return;
        }
        if (rests.length < count)
        {
            rests = new long[count];
        }
        final int sample = Math.min(count, MAX_SAMPLE);
        int kind = NumberBase.ZERO;
        int argument = 0;
        base.startZero();
        double least = estimate(column, sample);
        for (int unit = 0; unit < NumberBase.UNITS.length && least > 0; unit++)
        {
            base.startEventTime(eventTimes, NumberBase.UNITS[unit]);
            final double bits = estimate(column, sample);
            if (bits < least)
            {
                least = bits;
                kind = NumberBase.EVENT_TIME;
                argument = unit;
            }
        }
        for (int key = 0; key < Math.min(coded.size(), MAX_KEYS) && least > 0; key++)
        {
            coded.get(key).key(rowCount, distinct, valueCount);
            final int keys = coded.get(key).keys();
            if (keys > 2 && keys <= coded.get(key).count())
            {
                base.startKeyed(coded.get(key));
                final double bits = estimate(column, sample);
                if (bits < least)
                {
                    least = bits;
                    kind = NumberBase.KEYED;
                    argument = key;
                }
            }
        }
        out.plan().varint(kind).varint(argument);
        start(kind, argument, eventTimes, coded);
        takeRests(column, count);
        numbers.write(rests, count, part, out);
    }

    private void start(
        final int kind, final int argument, final LongColumn eventTimes, final List<TextColumn> coded)
    {
        switch (kind)
        {
            case NumberBase.EVENT_TIME:
                base.startEventTime(eventTimes, NumberBase.UNITS[argument]);
                break;
            case NumberBase.KEYED:
                base.startKeyed(coded.get(argument));
                break;
            default:
                base.startZero();
                break;
        }
    }

    private double estimate(final NumberColumn column, final int sample)
    {
        takeRests(column, sample);
        return numbers.estimate(rests, sample);
    }

    private void takeRests(final NumberColumn column, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int row = column.row(i);
            final long number = column.numbers().get(i);
            rests[i] = number - base.base(row);
            base.learn(row, number);
        }
    }
}
