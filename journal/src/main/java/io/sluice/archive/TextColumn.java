package io.sluice.archive;

/**
 * Values of one field, or of one place in JSON, in the order of the rows; a row may have none or several. Values are
 * numbers of a {@link ValueTable}. Not thread-safe; used again for the next block.
 */
final class TextColumn
{
    /** Stands for a value where there is none. */
    static final int NONE = -1;

    private final IntColumn values = new IntColumn();
    private final IntColumn rows = new IntColumn();
    private final IntColumn firstByRow = new IntColumn();
    private final IntColumn keyByRow = new IntColumn();
    private int kind;
    private PartSet parts;
    private boolean isKeyed;
    private int keys;

    void start(final int newKind, final PartSet newParts)
    {
        kind = newKind;
        parts = newParts;
        values.clear();
        rows.clear();
        isKeyed = false;
    }

    /** @return kind of {@link JsonShape}. */
    int kind()
    {
        return kind;
    }

    PartSet parts()
    {
        return parts;
    }

    int count()
    {
        return values.count();
    }

    int value(final int index)
    {
        return values.get(index);
    }

    int row(final int index)
    {
        return rows.get(index);
    }

    /** Add a value, or a place for one that is not known yet. */
    void add(final int row, final int value)
    {
        rows.add(row);
        values.add(value);
    }

    /** Have one place in each of so many rows. */
    void takeRows(final int rowCount)
    {
        for (int row = 0; row < rowCount; row++)
        {
            add(row, NONE);
        }
    }

    void set(final int index, final int value)
    {
        values.set(index, value);
    }

    /** Let rows be asked for their values; all of them are known. */
    void index(final int rowCount)
    {
        firstByRow.fill(NONE, rowCount);
        for (int i = count() - 1; i >= 0; i--)
        {
            firstByRow.set(rows.get(i), values.get(i));
        }
    }

    /** @return first value of a row, or {@link #NONE}. */
    int ofRow(final int row)
    {
        return firstByRow.get(row);
    }

    /** Number the values of the rows, for those who use this column as a key. */
    void key(final int rowCount, final DistinctIndex distinct, final int valueCount)
    {
        if (isKeyed)
        {
            return;
        }
        distinct.clear(valueCount);
        keyByRow.fill(0, rowCount);
        for (int row = 0; row < rowCount; row++)
        {
            final int value = firstByRow.get(row);
            keyByRow.set(row, value == NONE ? 0 : distinct.add(value) + 1);
        }
        keys = distinct.count() + 1;
        isKeyed = true;
    }

    /** @return number of keys, the one of rows without a value included. */
    int keys()
    {
        return keys;
    }

    /** @return key of a row, from 0. */
    int keyOfRow(final int row)
    {
        return keyByRow.get(row);
    }
}
