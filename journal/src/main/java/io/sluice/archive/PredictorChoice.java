package io.sluice.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the predictors of a column: tries all that make sense on the first values, takes the best, then the one that is
 * right most often where the best is wrong, and so on. Not thread-safe; used again.
 */
final class PredictorChoice
{
    private static final int MAX_SAMPLE = 2048;
    private static final int WORDS = MAX_SAMPLE / 64;
    private static final int MAX_SOURCES = 3;
    private static final int MAX_TRACKED = 64;
    /**
     * The first columns have the most different values; what follows from none of them rarely follows from a later one.
     */
    private static final int MAX_KEYS = 40;

    private final List<long[]> hits = new ArrayList<>();
    private final IntColumn kinds = new IntColumn();
    private final IntColumn sources = new IntColumn();
    private final IntColumn keys = new IntColumn();
    private final IntColumn chosen = new IntColumn();
    private final List<Predictor> predictors = new ArrayList<>();
    private final Predictor trial = new Predictor();
    private final DistinctIndex distinct = new DistinctIndex();
    private final long[] covered = new long[WORDS];
    private final int[] shared = new int[MAX_TRACKED];
    private long[] columnsOfValue = new long[1 << 10];
    private int candidates;

    PredictorChoice()
    {
        for (int i = 0; i < TextColumnWriter.MAX_PREDICTORS; i++)
        {
            predictors.add(new Predictor());
        }
    }

    /** Begin a block. */
    void start(final int valueCount)
    {
        if (columnsOfValue.length < valueCount)
        {
            columnsOfValue = new long[valueCount];
        }
        Arrays.fill(columnsOfValue, 0, valueCount, 0);
    }

    /** Know the values of a column that was coded as the {@code order}-th. */
    void learn(final TextColumn column, final int order)
    {
        if (order < MAX_TRACKED)
        {
            for (int i = 0; i < column.count(); i++)
            {
                columnsOfValue[column.value(i)] |= 1L << order;
            }
        }
    }

    /** @return predictors of a column, the best first, ready to guess; valid until the next call. */
    List<Predictor> choose(
        final TextColumn column, final int rowCount, final List<TextColumn> coded, final int valueCount)
    {
        final int sample = Math.min(column.count(), MAX_SAMPLE);
        candidates = 0;
        kinds.clear();
        sources.clear();
        keys.clear();
        chosen.clear();
        for (int key = 0; key < Math.min(coded.size(), MAX_KEYS); key++)
        {
            coded.get(key).key(rowCount, distinct, valueCount);
        }
        tryKeys(column, sample, coded, coded.size());
        for (int i = 0; i < MAX_SOURCES; i++)
        {
            final int source = mostShared(column, sample, coded.size(), i == 0);
            if (source < 0)
            {
                break;
            }
            attempt(Predictor.SAME_ROW, source, 0, column, sample, coded);
            tryKeys(column, sample, coded, source);
        }
        take(sample);
        for (int i = 0; i < chosen.count(); i++)
        {
            start(predictors.get(i), chosen.get(i), column, coded);
        }
        return predictors.subList(0, chosen.count());
    }

    /** Write what the reader needs to make the same predictors. */
    void describe(final ByteSink plan)
    {
        plan.varint(chosen.count());
        for (int i = 0; i < chosen.count(); i++)
        {
            final int candidate = chosen.get(i);
            plan.varint(kinds.get(candidate)).varint(sources.get(candidate)).varint(keys.get(candidate));
        }
    }

    private void tryKeys(final TextColumn column, final int sample, final List<TextColumn> coded, final int source)
    {
        attempt(Predictor.PREVIOUS, source, 0, column, sample, coded);
        for (int key = 0; key < Math.min(coded.size(), MAX_KEYS); key++)
        {
            // One value throughout says nothing, and one that never comes again neither.
            final int count = coded.get(key).keys();
            if (count > 2 && count <= coded.get(key).count())
            {
                attempt(Predictor.LAST, source, key, column, sample, coded);
            }
        }
    }

    private void attempt(
        final int kind,
        final int source,
        final int key,
        final TextColumn column,
        final int sample,
        final List<TextColumn> coded)
    {
        kinds.add(kind);
        sources.add(source);
        keys.add(key);
        if (hits.size() == candidates)
        {
            hits.add(new long[WORDS]);
        }
        final long[] bits = hits.get(candidates);
        Arrays.fill(bits, 0);
        start(trial, candidates++, column, coded);
        for (int i = 0; i < sample; i++)
        {
            if (trial.guess(column.row(i)) == column.value(i))
            {
                bits[i >>> 6] |= 1L << i;
            }
            trial.learn(column.row(i), column.value(i));
        }
    }

    private void start(
        final Predictor predictor, final int candidate, final TextColumn column, final List<TextColumn> coded)
    {
        final int source = sources.get(candidate);
        final boolean own = source == coded.size();
        predictor.start(
            kinds.get(candidate),
            own ? column : coded.get(source),
            kinds.get(candidate) == Predictor.LAST ? coded.get(keys.get(candidate)) : null,
            own);
    }

    private void take(final int sample)
    {
        Arrays.fill(covered, 0);
        final int least = Math.max(4, sample / 128);
        while (chosen.count() < TextColumnWriter.MAX_PREDICTORS)
        {
            int best = -1;
            int most = least - 1;
            for (int i = 0; i < candidates; i++)
            {
                int gain = 0;
                final long[] bits = hits.get(i);
                for (int word = 0; word < WORDS; word++)
                {
                    gain += Long.bitCount(bits[word] & ~covered[word]);
                }
                if (gain > most)
                {
                    most = gain;
                    best = i;
                }
            }
            if (best < 0)
            {
                return;
            }
            chosen.add(best);
            final long[] bits = hits.get(best);
            for (int word = 0; word < WORDS; word++)
            {
                covered[word] |= bits[word];
            }
        }
    }

    /** @return the coded column that shares most values with this one, each column once; -1 if none shares any. */
    private int mostShared(final TextColumn column, final int sample, final int codedCount, final boolean isFirst)
    {
        final int tracked = Math.min(codedCount, MAX_TRACKED);
        if (isFirst)
        {
            Arrays.fill(shared, 0);
            for (int i = 0; i < sample; i++)
            {
                for (long bits = columnsOfValue[column.value(i)]; bits != 0; bits &= bits - 1)
                {
                    shared[Long.numberOfTrailingZeros(bits)]++;
                }
            }
        }
        int best = -1;
        int most = Math.max(3, sample / 64);
        for (int i = 0; i < tracked; i++)
        {
            if (shared[i] > most)
            {
                most = shared[i];
                best = i;
            }
        }
        if (best >= 0)
        {
            shared[best] = 0;
        }
        return best;
    }
}
