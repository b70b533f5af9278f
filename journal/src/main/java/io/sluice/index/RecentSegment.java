package io.sluice.index;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.agrona.CloseHelper;

/**
 * What is journaled and not in the files of the index yet, in the memory of whoever asks: each event is read once, and
 * not once a question. Bounded; what comes after the bound is left to others. Not thread-safe.
 */
final class RecentSegment extends IndexSegment implements AutoCloseable
{
    private static final int SEGMENT_BITS = 14;
    private static final int LONG_BITS = 6;
    private static final int POLL_LIMIT = 1024;

    private final TailerContext context;
    private final IndexLayout layout;
    private final SegmentColumns columns;
    private final ControlledRecordHandler onRecord = this::onRecord;
    private final List<List<String>> texts = new ArrayList<>(IndexText.COUNT);
    private final int[] textsRead = new int[IndexText.COUNT];
    private JournalTailer tailer;

    RecentSegment(final TailerContext context, final IndexLayout indexed)
    {
        this.context = context;
        layout = new IndexLayout(Math.min(SEGMENT_BITS, indexed.segmentBits()), indexed.zoneBits());
        columns = new SegmentColumns(layout);
        columns.clear(0);
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            texts.add(new ArrayList<>());
        }
    }

    /**
     * Read what is new.
     *
     * @param indexed first sequence that is not in the files.
     */
    void follow(final long indexed)
    {
        try
        {
            final boolean isFull = columns.nextSequence() - columns.firstSequence() == layout.segmentEvents();
            if (tailer == null || indexed < columns.firstSequence() || indexed > columns.nextSequence() ||
                isFull && indexed > columns.firstSequence())
            {
                begin(indexed);
            }
            int count = POLL_LIMIT;
            while (count == POLL_LIMIT)
            {
                count = tailer.controlledPoll(onRecord, POLL_LIMIT);
            }
        }
        catch (final EventException ex)
        {
            // Whoever reads the journal there comes upon it too, and says so.
            CloseHelper.quietClose(tailer);
            tailer = null;
        }
    }

    @Override
    public long firstSequence()
    {
        return columns.firstSequence();
    }

    @Override
    public long endSequence()
    {
        return columns.nextSequence();
    }

    @Override
    public int zoneEvents()
    {
        return layout.zoneEvents();
    }

    @Override
    public void find(final IndexKey key, final int hash, final long leastVersion, final Ordinals result)
    {
        final int[] hashes = columns.hashes[key.ordinal()];
        final int count = (int)(columns.nextSequence() - columns.firstSequence());
        for (int i = 0; i < count; i++)
        {
            if (hashes[i] == hash && (key != IndexKey.AGGREGATE || columns.versions[i] >= leastVersion ||
                columns.versions[i] == Integer.MAX_VALUE))
            {
                result.add(i);
            }
        }
    }

    @Override
    public List<String> texts(final IndexText text)
    {
        final TextDictionary dictionary = columns.texts[text.ordinal()];
        final List<String> known = texts.get(text.ordinal());
        final int from = textsRead[text.ordinal()];
        MappedSegment.addTexts(dictionary.buffer(), from, dictionary.length(), 0, known);
        textsRead[text.ordinal()] = dictionary.length();
        return known;
    }

    @Override
    public void selectPresent(final int zone, final long[] bits)
    {
        select(zone, bits, (ordinal) -> columns.levels[ordinal] < 0);
    }

    @Override
    public void selectTexts(final IndexText text, final int zone, final boolean[] allowed, final long[] bits)
    {
        select(zone, bits, (ordinal) -> hasText(text, ordinal, allowed));
    }

    @Override
    public void selectLevels(final int zone, final int allowed, final long[] bits)
    {
        select(zone, bits, (ordinal) -> hasLevel(ordinal, allowed));
    }

    @Override
    public boolean hasText(final IndexText text, final int ordinal, final boolean[] allowed)
    {
        final char code = columns.codes[text.ordinal()][ordinal];
        return code >= allowed.length || allowed[code];
    }

    @Override
    public boolean hasLevel(final int ordinal, final int allowed)
    {
        return (allowed >>> (columns.levels[ordinal] & IndexLayout.LEVEL_MASK) & 1) != 0;
    }

    @Override
    public long leastEventTime(final int zone)
    {
        return time(zone, IndexLayout.LEAST_EVENT_TIME);
    }

    @Override
    public long greatestEventTime(final int zone)
    {
        return time(zone, IndexLayout.GREATEST_EVENT_TIME);
    }

    @Override
    public long leastJournalTime(final int zone)
    {
        return time(zone, IndexLayout.LEAST_JOURNAL_TIME);
    }

    @Override
    public long greatestJournalTime(final int zone)
    {
        return time(zone, IndexLayout.GREATEST_JOURNAL_TIME);
    }

    @Override
    public long place(final int ordinal)
    {
        return columns.places[ordinal / layout.eventsOfPlace()];
    }

    @Override
    public void close()
    {
        CloseHelper.quietClose(tailer);
        tailer = null;
    }

    private void begin(final long first)
    {
        if (tailer == null)
        {
            tailer = JournalTailer.open(context);
        }
        tailer.seek(StartPosition.sequence(first));
        columns.clear(first);
        for (int i = 0; i < IndexText.COUNT; i++)
        {
            texts.get(i).clear();
            textsRead[i] = 0;
        }
    }

    private ControlledRecordHandler.Action onRecord(final EventFlyweight event)
    {
        if (event.sequence() - columns.firstSequence() >= layout.segmentEvents())
        {
            return ControlledRecordHandler.Action.ABORT;
        }
        columns.add(event, tailer.place());
        return ControlledRecordHandler.Action.CONTINUE;
    }

    private long time(final int zone, final int at)
    {
        return columns.times[(zone * IndexLayout.TIMES_LENGTH + at) / Long.BYTES];
    }

    private void select(final int zone, final long[] bits, final IntPredicate isSelected)
    {
        final int first = zone << layout.zoneBits();
        for (int i = 0; i < bits.length; i++)
        {
            long word = 0;
            for (int j = 0; j < Long.SIZE; j++)
            {
                word |= (isSelected.test(first + (i << LONG_BITS) + j) ? 1L : 0L) << j;
            }
            bits[i] = word;
        }
    }
}
