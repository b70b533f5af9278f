package io.sluice.archive;

/**
 * Writes the values of a column that have not been seen before: as whole texts, or as patterns and fields if few
 * patterns make many of the values or most of the text is hashes and ids. Not thread-safe; used again.
 */
final class NewValueWriter
{
    private final PatternFields fields = new PatternFields();
    private final PatternSplitter splitter = new PatternSplitter(fields);
    private final ValueTable patterns = new ValueTable();
    private final LongColumn patternOfValue = new LongColumn();
    private final LongColumn lengths = new LongColumn();
    private final ByteSink text = new ByteSink(1 << 12);
    private final NumberWriter numbers;

    NewValueWriter(final NumberWriter numbers)
    {
        this.numbers = numbers;
    }

    /**
     * @param table      holds the values.
     * @param values     to write.
     * @param rows       of each of them.
     * @param eventTimes by row.
     * @param parts      to count them as.
     * @param out        gets them.
     */
    void write(
        final ValueTable table,
        final IntColumn values,
        final IntColumn rows,
        final LongColumn eventTimes,
        final PartSet parts,
        final SegmentWriter out)
    {
        if (values.count() == 0)
        {
            return;
        }
        if (split(table, values, rows, eventTimes))
        {
            out.plan().put(1).varint(patterns.count());
            patternOfValue.write(parts.choice(), numbers, out);
            writeTexts(patterns, null, parts, out);
            fields.write(parts, numbers, out);
        }
        else
        {
            out.plan().put(0);
            writeTexts(table, values, parts, out);
        }
    }

    private boolean split(
        final ValueTable table, final IntColumn values, final IntColumn rows, final LongColumn eventTimes)
    {
        patterns.clear();
        patternOfValue.clear();
        fields.clear();
        long digits = 0;
        long bytes = 0;
        for (int i = 0; i < values.count(); i++)
        {
            final int value = values.get(i);
            splitter.split(
                table.bytes(), table.offset(value), table.length(value), eventTimes.get(rows.get(i)));
            digits += splitter.randomDigits();
            bytes += table.length(value);
            patternOfValue.add(patterns.intern(splitter.pattern().array(), 0, splitter.pattern().length()));
        }
        return patterns.count() * 2L <= values.count() || digits * 3 >= bytes && digits > 0;
    }

    private void writeTexts(
        final ValueTable table, final IntColumn values, final PartSet parts, final SegmentWriter out)
    {
        final int count = values == null ? table.count() : values.count();
        lengths.clear();
        text.clear();
        for (int i = 0; i < count; i++)
        {
            final int value = values == null ? i : values.get(i);
            lengths.add(table.length(value));
            text.put(table.bytes(), table.offset(value), table.length(value));
        }
        lengths.write(parts.text(), numbers, out);
        out.put(text, parts.text());
    }
}
