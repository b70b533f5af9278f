package io.sluice.archive;

/** Reads what a {@link NewValueWriter} wrote. Not thread-safe; used again. */
final class NewValueReader
{
    private final PatternFields fields = new PatternFields();
    private final PatternCounts counts = new PatternCounts();
    private final PatternJoiner joiner = new PatternJoiner(fields);
    private final LongColumn patternOfValue = new LongColumn();
    private final LongColumn lengths = new LongColumn();
    private final IntColumn ends = new IntColumn();
    private final ByteSink text = new ByteSink(1 << 12);
    private final NumberReader numbers;

    NewValueReader(final NumberReader numbers)
    {
        this.numbers = numbers;
    }

    /**
     * @param table      gets the values.
     * @param mostBytes  that all its values may have together.
     * @param rows       of each new value.
     * @param eventTimes by row.
     * @param in         holds them.
     */
    void read(
        final ValueTable table,
        final int mostBytes,
        final IntColumn rows,
        final LongColumn eventTimes,
        final SegmentReader in)
    {
        final int count = rows.count();
        if (count == 0)
        {
            return;
        }
        final ByteSink out = table.open();
        if (in.plan().get() == 0)
        {
            readTexts(count, in);
            for (int i = 0; i < count; i++)
            {
                out.put(text.array(), start(i), ends.get(i) - start(i));
                ensureRoom(out, mostBytes);
                table.close();
            }
            return;
        }
        final int patterns = in.plan().count(count);
        patternOfValue.read(count, numbers, in);
        readTexts(patterns, in);
        counts.clear();
        for (int i = 0; i < count; i++)
        {
            final int pattern = pattern(i, patterns);
            if (start(pattern) == ends.get(pattern))
            {
                throw new MalformedException("an empty pattern");
            }
            counts.add(text.array(), start(pattern), ends.get(pattern), mostBytes);
        }
        fields.read(counts, numbers, in);
        joiner.start();
        for (int i = 0; i < count; i++)
        {
            final int pattern = pattern(i, patterns);
            joiner.join(text.array(), start(pattern), ends.get(pattern), eventTimes.get(rows.get(i)), out);
            ensureRoom(out, mostBytes);
            table.close();
        }
    }

    private void readTexts(final int count, final SegmentReader in)
    {
        lengths.read(count, numbers, in);
        in.read(text);
        ends.clear();
        long end = 0;
        for (int i = 0; i < count; i++)
        {
            final long length = lengths.get(i);
            if (length < 0 || length > text.length() - end)
            {
                throw new MalformedException("a text of " + length + " bytes");
            }
            end += length;
            ends.add((int)end);
        }
    }

    private int start(final int index)
    {
        return index == 0 ? 0 : ends.get(index - 1);
    }

    private int pattern(final int index, final int patterns)
    {
        final long pattern = patternOfValue.get(index);
        if (pattern < 0 || pattern >= patterns)
        {
            throw new MalformedException("pattern " + pattern + " of " + patterns);
        }
        return (int)pattern;
    }

    private static void ensureRoom(final ByteSink out, final int mostBytes)
    {
        if (out.length() > mostBytes)
        {
            throw new MalformedException("texts have more than " + mostBytes + " bytes");
        }
    }
}
