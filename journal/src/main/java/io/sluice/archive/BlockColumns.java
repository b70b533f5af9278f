package io.sluice.archive;

import io.sluice.event.EventField;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;

/**
 * The columns of a block: those that every record has, and one for each place and kind of value in JSON. Writer and
 * reader number them alike, in the order in which they first appear. Not thread-safe; used again for the next block.
 */
final class BlockColumns implements PlaceColumns
{
    static final int TYPE = 0;
    static final int CODES = 1;
    static final int PAYLOAD = 2;
    static final int METADATA = 3;
    /** Columns up to this one tell which other columns there are. */
    static final int SHAPED = 4;
    static final int SOURCE = 4;
    static final int ID = 5;
    /** Columns that every block has. */
    static final int FIXED = 15;

    /** Where every payload has names of its own, columns would be no help. */
    static final int MOST = 256;

    private static final int NO_COLUMN = -1;
    private static final int[] FIELD_COLUMNS = {TYPE, SOURCE, PAYLOAD, ID, 6, 7, 8, 9, 10, 11, 12, 13, 14, METADATA};
    private static final PartSet[] FIXED_PARTS = {
        PartSet.all(Part.TYPE), PartSet.all(Part.CODES), PartSet.all(Part.PAYLOAD_SHAPE),
        PartSet.all(Part.METADATA_SHAPE), PartSet.all(Part.SOURCE), PartSet.all(Part.ID), PartSet.all(Part.SUBJECT),
        PartSet.all(Part.CORRELATION_ID), PartSet.all(Part.CAUSATION_ID), PartSet.all(Part.SESSION_ID),
        PartSet.all(Part.WORKFLOW_ID), PartSet.all(Part.AGGREGATE_TYPE), PartSet.all(Part.AGGREGATE_ID),
        PartSet.all(Part.SCHEMA_VERSION), PartSet.all(Part.CONTENT_TYPE)};

    final LongColumn schema = new LongColumn();
    final LongColumn runId = new LongColumn();
    final LongColumn sequence = new LongColumn();
    final LongColumn journalTime = new LongColumn();
    final LongColumn eventTime = new LongColumn();
    final LongColumn originalDistance = new LongColumn();
    final LongColumn batchIndex = new LongColumn();
    final LongColumn batchCount = new LongColumn();
    final NumberColumn aggregateVersion = new NumberColumn();

    private final List<TextColumn> columns = new ArrayList<>();
    private final List<NumberColumn> numbers = new ArrayList<>();
    private final List<Boolean> numeric = new ArrayList<>();
    private final Long2LongHashMap columnOfPlace = new Long2LongHashMap(NO_COLUMN);
    private int count;

    void clear()
    {
        schema.clear();
        runId.clear();
        sequence.clear();
        journalTime.clear();
        eventTime.clear();
        originalDistance.clear();
        batchIndex.clear();
        batchCount.clear();
        aggregateVersion.clear();
        columnOfPlace.clear();
        count = 0;
        while (count < FIXED)
        {
            add(JsonShape.STRING, FIXED_PARTS[count]);
        }
    }

    int count()
    {
        return count;
    }

    TextColumn get(final int index)
    {
        return columns.get(index);
    }

    /** @return the column of a text field; for payload and metadata the one of their shapes. */
    TextColumn of(final EventField field)
    {
        return columns.get(FIELD_COLUMNS[field.ordinal()]);
    }

    /** Hold the values of a column as numbers. */
    NumberColumn makeNumeric(final int index)
    {
        numeric.set(index, true);
        numbers.get(index).takeRows(columns.get(index));
        return numbers.get(index);
    }

    boolean isNumeric(final int index)
    {
        return numeric.get(index);
    }

    /** @return numbers of a column that was made numeric. */
    NumberColumn numbers(final int index)
    {
        return numbers.get(index);
    }

    @Override
    public int column(final boolean isPayload, final int kind, final long place)
    {
        final long key = place * 8 + (kind << 1 | (isPayload ? 1 : 0));
        final long found = columnOfPlace.get(key);
        if (found != NO_COLUMN)
        {
            return (int)found;
        }
        // Two more for texts that are no JSON.
        if (count >= MOST + 2)
        {
            throw new MalformedException("more than " + MOST + " columns");
        }
        columnOfPlace.put(key, count);
        add(kind, isPayload ? PartSet.PAYLOAD : PartSet.METADATA);
        return count - 1;
    }

    private void add(final int kind, final PartSet parts)
    {
        if (count == columns.size())
        {
            columns.add(new TextColumn());
            numbers.add(new NumberColumn());
            numeric.add(false);
        }
        numeric.set(count, false);
        columns.get(count++).start(kind, parts);
    }
}
