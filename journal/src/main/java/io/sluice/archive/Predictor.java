package io.sluice.archive;

import java.util.Arrays;

/**
 * Guesses the next value of a column from what has been coded before. Writer and reader run the same guesses.
 *
 * <ul>
 * <li>SAME_ROW: the value of another column in the same row; a subject may be the path in the payload.</li>
 * <li>LAST: the value that a column had when the key column last had the value it has now; a session may follow from
 *     the correlation id.</li>
 * <li>PREVIOUS: the last value of a column; a cause may be the id of the event before.</li>
 * </ul>
 *
 * Not thread-safe; used again.
 */
final class Predictor
{
    static final int SAME_ROW = 0;
    static final int LAST = 1;
    static final int PREVIOUS = 2;

    private int kind;
    private TextColumn source;
    private TextColumn key;
    private boolean isOwn;
    private int scanned;
    private int[] lastByKey = new int[16];

    /**
     * @param newKind one of the constants here.
     * @param newSource column whose value is the guess: complete, unless it is the column that is coded.
     * @param newKey    for LAST, complete and keyed.
     * @param own       true if the source is the column that is coded.
     */
    void start(final int newKind, final TextColumn newSource, final TextColumn newKey, final boolean own)
    {
        kind = newKind;
        source = newSource;
        key = newKey;
        isOwn = own;
        scanned = 0;
        final int keys = kind == LAST ? key.keys() : 1;
        if (lastByKey.length < keys)
        {
            lastByKey = new int[keys * 2];
        }
        Arrays.fill(lastByKey, 0, keys, TextColumn.NONE);
    }

    /** @return the guess for a row, or {@link TextColumn#NONE}. */
    int guess(final int row)
    {
        if (kind == SAME_ROW)
        {
            return source.ofRow(row);
        }
        if (!isOwn)
        {
            for (; scanned < row; scanned++)
            {
                final int value = source.ofRow(scanned);
                if (value != TextColumn.NONE)
                {
                    lastByKey[keyOf(scanned)] = value;
                }
            }
        }
        return lastByKey[keyOf(row)];
    }

    /** Tell the value that was coded, row by row. */
    void learn(final int row, final int value)
    {
        if (isOwn)
        {
            lastByKey[keyOf(row)] = value;
        }
    }

    private int keyOf(final int row)
    {
        return kind == LAST ? key.keyOfRow(row) : 0;
    }
}
