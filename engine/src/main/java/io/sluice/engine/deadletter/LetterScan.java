package io.sluice.engine.deadletter;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;

/** Reads the records of the journal of dead letters in sequence. Not thread-safe. */
final class LetterScan implements AutoCloseable
{
    static final int POLL_LIMIT = 256;

    /** Receives what a record says. */
    @FunctionalInterface
    interface Visitor
    {
        void onRecord(LetterRecord record, EventFlyweight event);
    }

    private final JournalTailer tailer;
    private Visitor visitor;
    private long last;
    private long strangers;

    LetterScan(final Path directory, final KeyProvider keys)
    {
        tailer = JournalTailer.open(context(directory, keys));
    }

    /** Retention may have removed old letters, and a repair may have written some off: the rest is as it was. */
    static TailerContext context(final Path directory, final KeyProvider keys)
    {
        return new TailerContext()
            .directory(directory)
            .keys(keys)
            .expiredRangeListener((first, last) -> {})
            .lostRangeListener((first, last) -> {});
    }

    /** Visit the records of a range, both ends included. */
    void pass(final long from, final long to, final Visitor action)
    {
        start(from, to, action);
        while (isGoingOn())
        {
            // Until the end of the range.
        }
    }

    /** Begin a pass that {@link #isGoingOn} takes on. */
    void start(final long from, final long to, final Visitor action)
    {
        visitor = action;
        last = to;
        strangers = 0;
        if (from <= to)
        {
            tailer.seek(StartPosition.sequence(from));
        }
    }

    /** The range goes on, to this end. */
    void extend(final long to)
    {
        last = to;
    }

    /** @return false at the end of the range. */
    boolean isGoingOn()
    {
        final long left = last - tailer.nextSequence() + 1;
        return left > 0 && tailer.poll(this::visit, (int)Math.min(POLL_LIMIT, left)) > 0;
    }

    /** @return records of the last pass that are none of dead letters, or of a later version. */
    long strangers()
    {
        return strangers;
    }

    @Override
    public void close()
    {
        tailer.close();
    }

    private void visit(final EventFlyweight event)
    {
        // Where sequences are missing, a poll reaches further than it was meant to.
        if (event.sequence() > last)
        {
            return;
        }
        final LetterRecord record = LetterRecord.parse(LetterEncoder.bytes(event, EventField.METADATA));
        if (record == null)
        {
            strangers++;
        }
        else
        {
            visitor.onRecord(record, event);
        }
    }
}
