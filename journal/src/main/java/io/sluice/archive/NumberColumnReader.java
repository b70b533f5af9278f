package io.sluice.archive;

import java.util.List;

/** Reads what a {@link NumberColumnWriter} wrote. Not thread-safe; used again. */
final class NumberColumnReader
{
    private final NumberBase base = new NumberBase();
    private final DistinctIndex distinct = new DistinctIndex();
    private final NumberReader numbers;

    NumberColumnReader(final NumberReader numbers)
    {
        this.numbers = numbers;
    }

    /**
     * @param column     knows its rows, gets its numbers.
     * @param eventTimes by row.
     * @param rowCount   of the block.
     * @param coded      text columns, all read before.
     * @param valueCount of the block.
     * @param in         holds it.
     */
    void read(
        final NumberColumn column,
        final LongColumn eventTimes,
        final int rowCount,
        final List<TextColumn> coded,
        final int valueCount,
        final SegmentReader in)
    {
        final int count = column.count();
        if (count == 0)
        {
            return;
        }
        switch (in.plan().count(NumberBase.KEYED))
        {
            case NumberBase.EVENT_TIME:
                base.startEventTime(eventTimes, NumberBase.UNITS[in.plan().count(NumberBase.UNITS.length - 1)]);
                break;
            case NumberBase.KEYED:
                final TextColumn key = coded.get(in.plan().count(coded.size() - 1));
                key.key(rowCount, distinct, valueCount);
                base.startKeyed(key);
                break;
            default:
                in.plan().count(0);
                base.startZero();
                break;
        }
        final LongColumn target = column.numbers();
        target.read(count, numbers, in);
        for (int i = 0; i < count; i++)
        {
            final int row = column.row(i);
            final long number = target.get(i) + base.base(row);
            target.set(i, number);
            base.learn(row, number);
        }
    }
}
