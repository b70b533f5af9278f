package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.util.List;

/**
 * Moves a cursor to a place in the journal: bisects the files by their first record, then goes from run to run in the
 * one that must hold it. What it lands on is checked by whoever reads on from there.
 */
final class JournalSeek
{
    private final DataDirectory directory;
    private final JournalFiles journalFiles;
    private final RecordCursor cursor;

    JournalSeek(final DataDirectory directory, final JournalFiles journalFiles, final RecordCursor cursor)
    {
        this.directory = directory;
        this.journalFiles = journalFiles;
        this.cursor = cursor;
    }

    /** @return sequence that the tailer must see next. */
    long seek(final StartPosition position) throws IOException
    {
        return JournalFiles.whileFilesMove(() -> seekInPresentFiles(position));
    }

    private long seekInPresentFiles(final StartPosition position) throws IOException
    {
        final List<JournalFile> files = journalFiles.list();
        final int last = lastWithRecord(files);
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
                cursor.moveTo(files.get(0));
                return 1;

            case END:
                return seekEnd(files.get(last));

            case SEQUENCE:
                return seekSequence(files, last, position.value());

            default:
                return seekTime(files, last, position.value());
        }
    }

    private long seekEnd(final JournalFile file) throws IOException
    {
        cursor.moveTo(file);
        cursor.skipToLastRun();
        long next = 1;
        while (cursor.peek())
        {
            next = cursor.event().sequence() + 1;
            cursor.advance();
        }
        return nextAfterEnd(next - 1);
    }

    private long seekSequence(final List<JournalFile> files, final int last, final long sequence) throws IOException
    {
        cursor.moveTo(files.get(lastFileAtOrBelow(files, last, true, sequence)));
        cursor.skipRuns(true, sequence);
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

    private long seekTime(final List<JournalFile> files, final int last, final long timeNs) throws IOException
    {
        // Several records may have the same time and lie on both sides of a file's or an excerpt's start.
        final long before = Math.max(Long.MIN_VALUE + 1, timeNs) - 1;
        final int file = lastFileAtOrBelow(files, last, false, before);
        cursor.moveTo(files.get(file));
        cursor.skipRuns(false, before);
        long next = file == 0 ? 1 : 0;
        while (cursor.peek())
        {
            final EventFlyweight event = cursor.event();
            if (event.journalTime() >= timeNs)
            {
                // What is missing before it may be as late; whoever reads on from there is told why it is not there.
                return next == 0 ? event.sequence() : next;
            }
            next = event.sequence() + 1;
            cursor.advance();
        }
        return nextAfterEnd(Math.max(0, next - 1));
    }

    private int lastFileAtOrBelow(
        final List<JournalFile> files, final int last, final boolean bySequence, final long bound) throws IOException
    {
        int low = 0;
        int high = last;
        while (low < high)
        {
            final int middle = (low + high + 1) >>> 1;
            if (cursor.moveToFirst(files.get(middle), bySequence) <= bound)
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

    private int lastWithRecord(final List<JournalFile> files) throws IOException
    {
        for (int i = files.size() - 1; i >= 0; i--)
        {
            try (CycleReader cycle = journalFiles.open(files.get(i)))
            {
                if (!cycle.isEmpty())
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
