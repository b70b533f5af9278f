package io.sluice.archive;

/** Numbers in the order of the rows; a row may have none or several. Not thread-safe; used again. */
final class NumberColumn
{
    private final LongColumn numbers = new LongColumn();
    private final IntColumn rows = new IntColumn();

    void clear()
    {
        numbers.clear();
        rows.clear();
    }

    void add(final int row, final long number)
    {
        rows.add(row);
        numbers.add(number);
    }

    /** Have the rows of another column, and no numbers yet. */
    void takeRows(final TextColumn column)
    {
        clear();
        for (int i = 0; i < column.count(); i++)
        {
            rows.add(column.row(i));
        }
    }

    /** Have one number in each of so many rows, none of them known yet. */
    void takeRows(final int rowCount)
    {
        clear();
        for (int row = 0; row < rowCount; row++)
        {
            rows.add(row);
        }
    }

    int count()
    {
        return rows.count();
    }

    int row(final int index)
    {
        return rows.get(index);
    }

    LongColumn numbers()
    {
        return numbers;
    }
}
