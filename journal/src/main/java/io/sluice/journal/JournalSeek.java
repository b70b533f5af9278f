package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Moves a cursor to a place in the journal: bisects the files by their first record, then goes from excerpt to excerpt
 * in the one that must hold it. What it lands on is checked by whoever reads on from there.
 */
final class JournalSeek
{
    private final DataDirectory directory;
    private final RecordCursor cursor;

    JournalSeek(final DataDirectory directory, final RecordCursor cursor)
    {
        this.directory = directory;
        this.cursor = cursor;
    }

    /** @return sequence that the tailer must see next. */
    long seek(final StartPosition position) throws IOException
    {
        final List<Path> files = CycleFiles.list(directory.journal());
        final int last = lastWithExcerpt(files);
        if (last < 0)
        {
            cursor.close();
            if (position.kind() == StartPosition.Kind.SEQUENCE && position.value() > nextAfterEnd(0))
            {
                throw beyondEnd(position.value(), nextAfterEnd(0) - 1);
            }
            return position.kind() == StartPosition.Kind.SEQUENCE ? position.value() : 1;
        }
        switch (position.kind())
        {
            case START:
                cursor.moveTo(files.get(0), 0);
                return 1;

            case END:
                return seekEnd(files.get(last));

            case SEQUENCE:
                return seekSequence(files, last, position.value());

            default:
                return seekTime(files, last, position.value());
        }
    }

    private long seekEnd(final Path file) throws IOException
    {
        cursor.moveTo(file, 0);
        cursor.skipToLastExcerpt();
        long next = 1;
        while (cursor.peek())
        {
            next = cursor.event().sequence() + 1;
            cursor.advance();
        }
        return nextAfterEnd(next - 1);
    }

    private long seekSequence(final List<Path> files, final int last, final long sequence) throws IOException
    {
        cursor.moveTo(files.get(lastFileAtOrBelow(files, last, true, sequence)), 0);
        cursor.skipExcerpts(true, sequence);
        long found = 0;
        while (cursor.peek())
        {
            found = cursor.event().sequence();
            if (found >= sequence)
            {
                return sequence;
            }
            cursor.advance();
        }
        if (sequence > nextAfterEnd(found))
        {
            throw beyondEnd(sequence, nextAfterEnd(found) - 1);
        }
        return sequence;
    }

    private long seekTime(final List<Path> files, final int last, final long timeNs) throws IOException
    {
        // Several records may have the same time and lie on both sides of a file's or an excerpt's start.
        final long before = Math.max(Long.MIN_VALUE + 1, timeNs) - 1;
        cursor.moveTo(files.get(lastFileAtOrBelow(files, last, false, before)), 0);
        cursor.skipExcerpts(false, before);
        long next = 1;
        while (cursor.peek())
        {
            final EventFlyweight event = cursor.event();
            if (event.journalTime() >= timeNs)
            {
                return event.sequence();
            }
            next = event.sequence() + 1;
            cursor.advance();
        }
        return nextAfterEnd(next - 1);
    }

    private int lastFileAtOrBelow(
        final List<Path> files, final int last, final boolean bySequence, final long bound) throws IOException
    {
        int low = 0;
        int high = last;
        while (low < high)
        {
            final int middle = (low + high + 1) >>> 1;
            if (valueOfFirst(files.get(middle), bySequence) <= bound)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    private long valueOfFirst(final Path file, final boolean bySequence) throws IOException
    {
        cursor.moveTo(file, 0);
        if (!cursor.peek())
        {
            return Long.MAX_VALUE;
        }
        return bySequence ? cursor.event().sequence() : cursor.event().journalTime();
    }

    private static int lastWithExcerpt(final List<Path> files) throws IOException
    {
        for (int i = files.size() - 1; i >= 0; i--)
        {
            try (MappedCycle cycle = MappedCycle.open(files.get(i)))
            {
                if (cycle.firstExcerpt(0) >= 0)
                {
                    return i;
                }
            }
        }
        return -1;
    }

    private long nextAfterEnd(final long lastSequence) throws IOException
    {
        return Math.max(lastSequence, LostRanges.highest(new LostRanges(directory).read())) + 1;
    }

    private static PositionException beyondEnd(final long sequence, final long lastSequence)
    {
        return new PositionException(
            "sequence " + sequence + " lies beyond the recovered end of the journal, " + lastSequence +
            "; start at " + (lastSequence + 1) + " or before");
    }
}
