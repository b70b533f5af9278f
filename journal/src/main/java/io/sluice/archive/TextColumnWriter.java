package io.sluice.archive;

import java.util.Arrays;
import java.util.List;

/**
 * Writes text columns. Each value is a guess that came true, a value seen before in this column or in another one, or a
 * new value. Not thread-safe; used again for the next block.
 *
 * <pre>
 *   plan of a column: form │ for each predictor: kind, source, key
 *   steps:  0 … p-1   guess of that predictor          then apart from each other:
 *           p         value of this column by its index    indices, numbers,
 *           p + 1     value of the block by its number     new values
 *           p + 2     new value
 * </pre>
 */
final class TextColumnWriter
{
    static final int MAX_PREDICTORS = 3;
    /** All values of a column are the same. */
    static final int CONSTANT = 0;
    static final int STEPS = 1;
    /** Only the steps that are not 0 stand there, and how far they are apart. */
    static final int SPARSE_STEPS = 2;

    private final ByteSink steps = new ByteSink(1 << 13);
    private final ByteSink otherSteps = new ByteSink(1 << 13);
    private final LongColumn gaps = new LongColumn();
    private final LongColumn ownIndices = new LongColumn();
    private final LongColumn blockNumbers = new LongColumn();
    private final IntColumn newValues = new IntColumn();
    private final IntColumn newRows = new IntColumn();
    private final DistinctIndex own = new DistinctIndex();
    private final NumberWriter numbers;
    private final NewValueWriter newValueWriter;
    private final PredictorChoice choice = new PredictorChoice();
    private int[] codedNumbers = new int[1 << 10];
    private int codedCount;

    TextColumnWriter(final NumberWriter numbers)
    {
        this.numbers = numbers;
        newValueWriter = new NewValueWriter(numbers);
    }

    /** Begin a block. */
    void start(final int valueCount)
    {
        if (codedNumbers.length < valueCount)
        {
            codedNumbers = new int[valueCount];
        }
        Arrays.fill(codedNumbers, 0, valueCount, -1);
        codedCount = 0;
        choice.start(valueCount);
    }

    /**
     * @param column   to write.
     * @param rowCount of the block.
     * @param coded    columns written before.
     * @param table    holds the values.
     * @param times    event times by row.
     * @param out      gets it.
     */
    void write(
        final TextColumn column,
        final int rowCount,
        final List<TextColumn> coded,
        final ValueTable table,
        final LongColumn times,
        final SegmentWriter out)
    {
        if (column.count() > 0)
        {
            newValues.clear();
            newRows.clear();
            if (isConstant(column))
            {
                writeConstant(column, table, times, out);
            }
            else
            {
                writeSteps(column, rowCount, coded, table, times, out);
            }
        }
        column.index(rowCount);
        choice.learn(column, coded.size());
    }

    private void writeConstant(
        final TextColumn column, final ValueTable table, final LongColumn times, final SegmentWriter out)
    {
        final int value = column.value(0);
        out.plan().put(CONSTANT).varint(codedNumbers[value] + 1);
        if (codedNumbers[value] < 0)
        {
            addNew(value, column.row(0));
        }
        newValueWriter.write(table, newValues, newRows, times, column.parts(), out);
    }

    private void writeSteps(
        final TextColumn column,
        final int rowCount,
        final List<TextColumn> coded,
        final ValueTable table,
        final LongColumn times,
        final SegmentWriter out)
    {
        final List<Predictor> predictors = choice.choose(column, rowCount, coded, table.count());
        steps.clear();
        ownIndices.clear();
        blockNumbers.clear();
        own.clear(table.count());
        for (int i = 0; i < column.count(); i++)
        {
            steps.put(step(column.row(i), column.value(i), predictors));
        }
        final boolean isSparse = takeSparse();
        out.plan().put(isSparse ? SPARSE_STEPS : STEPS);
        choice.describe(out.plan());
        if (isSparse)
        {
            out.plan().varint(gaps.count());
            gaps.write(column.parts().choice(), numbers, out);
            out.put(otherSteps, column.parts().choice());
        }
        else
        {
            out.put(steps, column.parts().choice());
        }
        ownIndices.write(column.parts().choice(), numbers, out);
        blockNumbers.write(column.parts().choice(), numbers, out);
        newValueWriter.write(table, newValues, newRows, times, column.parts(), out);
    }

    private int step(final int row, final int value, final List<Predictor> predictors)
    {
        final int count = predictors.size();
        int step = count + 2;
        for (int i = count - 1; i >= 0; i--)
        {
            if (predictors.get(i).guess(row) == value)
            {
                step = i;
            }
        }
        if (step == count + 2)
        {
            final int index = own.find(value);
            if (index >= 0)
            {
                step = count;
                ownIndices.add(index);
            }
            else if (codedNumbers[value] >= 0)
            {
                step = count + 1;
                blockNumbers.add(codedNumbers[value]);
            }
            else
            {
                addNew(value, row);
            }
        }
        own.add(value);
        for (int i = 0; i < count; i++)
        {
            predictors.get(i).learn(row, value);
        }
        return step;
    }

    private void addNew(final int value, final int row)
    {
        codedNumbers[value] = codedCount++;
        newValues.add(value);
        newRows.add(row);
    }

    /** Worth it where most guesses come true: a compressor takes a bit or so for each step, however sure it is. */
    private boolean takeSparse()
    {
        gaps.clear();
        otherSteps.clear();
        int last = -1;
        for (int i = 0; i < steps.length(); i++)
        {
            if (steps.array()[i] != 0)
            {
                gaps.add(i - last - 1);
                otherSteps.put(steps.array()[i]);
                last = i;
            }
        }
        return gaps.count() * 4 < steps.length();
    }

    private static boolean isConstant(final TextColumn column)
    {
        for (int i = 1; i < column.count(); i++)
        {
            if (column.value(i) != column.value(0))
            {
                return false;
            }
        }
        return true;
    }
}
