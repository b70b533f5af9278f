package io.sluice.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what a {@link TextColumnWriter} wrote. Not thread-safe; used again for the next block. */
final class TextColumnReader
{
    private final ByteSink steps = new ByteSink(1 << 13);
    private final ByteSink otherSteps = new ByteSink(1 << 13);
    private final LongColumn gaps = new LongColumn();
    private final LongColumn ownIndices = new LongColumn();
    private final LongColumn blockNumbers = new LongColumn();
    private final IntColumn newRows = new IntColumn();
    private final DistinctIndex own = new DistinctIndex();
    private final DistinctIndex distinct = new DistinctIndex();
    private final List<Predictor> predictors = new ArrayList<>();
    private final NumberReader numbers;
    private final NewValueReader newValues;
    private int nextNew;
    private int nextOwn;
    private int nextBlockNumber;

    TextColumnReader(final NumberReader numbers)
    {
        this.numbers = numbers;
        newValues = new NewValueReader(numbers);
        for (int i = 0; i < TextColumnWriter.MAX_PREDICTORS; i++)
        {
            predictors.add(new Predictor());
        }
    }

    /**
     * @param column    knows its rows, gets its values.
     * @param rowCount  of the block.
     * @param coded     columns read before.
     * @param table     gets the new values.
     * @param mostBytes that all values may have together.
     * @param times     event times by row.
     * @param in        holds it.
     */
    void read(
        final TextColumn column,
        final int rowCount,
        final List<TextColumn> coded,
        final ValueTable table,
        final int mostBytes,
        final LongColumn times,
        final SegmentReader in)
    {
        if (column.count() > 0)
        {
            newRows.clear();
            final int form = in.plan().get();
            if (form == TextColumnWriter.CONSTANT)
            {
                readConstant(column, table, mostBytes, times, in);
            }
            else
            {
                readSteps(column, rowCount, coded, form, table, mostBytes, times, in);
            }
        }
        column.index(rowCount);
    }

    private void readConstant(
        final TextColumn column,
        final ValueTable table,
        final int mostBytes,
        final LongColumn times,
        final SegmentReader in)
    {
        int value = in.plan().count(table.count()) - 1;
        if (value < 0)
        {
            value = table.count();
            newRows.add(column.row(0));
            newValues.read(table, mostBytes, newRows, times, in);
        }
        for (int i = 0; i < column.count(); i++)
        {
            column.set(i, value);
        }
    }

    private void readSteps(
        final TextColumn column,
        final int rowCount,
        final List<TextColumn> coded,
        final int form,
        final ValueTable table,
        final int mostBytes,
        final LongColumn times,
        final SegmentReader in)
    {
        final int count = column.count();
        final int predictorCount = in.plan().count(TextColumnWriter.MAX_PREDICTORS);
        for (int i = 0; i < predictorCount; i++)
        {
            startPredictor(predictors.get(i), column, rowCount, coded, table.count(), in);
        }
        if (form == TextColumnWriter.SPARSE_STEPS)
        {
            readSparse(count, in);
        }
        else if (form == TextColumnWriter.STEPS)
        {
            in.read(steps, count);
        }
        else
        {
            throw new MalformedException("a column of form " + form);
        }
        countSteps(column, predictorCount, in);
        nextNew = table.count();
        newValues.read(table, mostBytes, newRows, times, in);
        own.clear(table.count());
        nextOwn = 0;
        nextBlockNumber = 0;
        for (int i = 0; i < count; i++)
        {
            final int row = column.row(i);
            final int value = value(steps.array()[i], row, predictorCount, table.count());
            own.add(value);
            column.set(i, value);
            for (int p = 0; p < predictorCount; p++)
            {
                predictors.get(p).learn(row, value);
            }
        }
    }

    private int value(final int step, final int row, final int predictorCount, final int valueCount)
    {
        // Every predictor guesses, also where its guess is not asked for: it goes on row by row.
        int guess = TextColumn.NONE;
        for (int p = 0; p < predictorCount; p++)
        {
            final int next = predictors.get(p).guess(row);
            guess = p == step ? next : guess;
        }
        if (step < predictorCount)
        {
            return ensureBelow(guess, valueCount);
        }
        if (step == predictorCount)
        {
            return own.value((int)ensureBelow(ownIndices.get(nextOwn++), own.count()));
        }
        if (step == predictorCount + 1)
        {
            return (int)ensureBelow(blockNumbers.get(nextBlockNumber++), valueCount);
        }
        return nextNew++;
    }

    private void startPredictor(
        final Predictor predictor,
        final TextColumn column,
        final int rowCount,
        final List<TextColumn> coded,
        final int valueCount,
        final SegmentReader in)
    {
        final int kind = in.plan().count(Predictor.PREVIOUS);
        final int source = in.plan().count(coded.size());
        final int key = in.plan().count(Math.max(0, coded.size() - 1));
        final boolean own = source == coded.size();
        if (kind == Predictor.SAME_ROW && own || kind == Predictor.LAST && coded.isEmpty())
        {
            throw new MalformedException("a column predicts itself");
        }
        final TextColumn keyColumn = kind == Predictor.LAST ? coded.get(key) : null;
        if (keyColumn != null)
        {
            keyColumn.key(rowCount, distinct, valueCount);
        }
        predictor.start(kind, own ? column : coded.get(source), keyColumn, own);
    }

    private void readSparse(final int count, final SegmentReader in)
    {
        final int others = in.plan().count(count);
        gaps.read(others, numbers, in);
        in.read(otherSteps, others);
        steps.clear();
        steps.length(count);
        Arrays.fill(steps.array(), 0, count, (byte)0);
        long at = -1;
        for (int i = 0; i < others; i++)
        {
            at += gaps.get(i) + 1;
            if (gaps.get(i) < 0 || at >= count)
            {
                throw new MalformedException("a step beyond the end of its column");
            }
            steps.array()[(int)at] = otherSteps.array()[i];
        }
    }

    private void countSteps(final TextColumn column, final int predictorCount, final SegmentReader in)
    {
        int ownCount = 0;
        int blockCount = 0;
        for (int i = 0; i < column.count(); i++)
        {
            final int step = steps.array()[i] - predictorCount;
            if (step > 2 || steps.array()[i] < 0)
            {
                throw new MalformedException("a step " + steps.array()[i]);
            }
            ownCount += step == 0 ? 1 : 0;
            blockCount += step == 1 ? 1 : 0;
            if (step == 2)
            {
                newRows.add(column.row(i));
            }
        }
        ownIndices.read(ownCount, numbers, in);
        blockNumbers.read(blockCount, numbers, in);
    }

    private static int ensureBelow(final int number, final int limit)
    {
        return (int)ensureBelow((long)number, limit);
    }

    private static long ensureBelow(final long number, final int limit)
    {
        if (number < 0 || number >= limit)
        {
            throw new MalformedException("value " + number + " of " + limit);
        }
        return number;
    }
}
