package io.sluice.engine;

import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;

/**
 * Reads what an earlier run journaled and did not handle, up to the end that was recovered. Opened, polled and closed
 * on the handling thread.
 */
final class Redelivery
{
    private final TailerContext context;
    private final long firstSequence;
    private final long lastSequence;
    private JournalTailer tailer;
    private boolean done;

    /**
     * @param context       of the tailer to read with.
     * @param firstSequence to look at.
     * @param lastSequence  to look at; nothing is to be done if it is before the first.
     */
    Redelivery(final TailerContext context, final long firstSequence, final long lastSequence)
    {
        this.context = context;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        done = firstSequence > lastSequence;
    }

    boolean isDone()
    {
        return done;
    }

    /** @return sequence up to which it goes. */
    long lastSequence()
    {
        return lastSequence;
    }

    int poll(final RecordHandler handler, final int limit)
    {
        if (tailer == null)
        {
            tailer = JournalTailer.open(context.from(StartPosition.sequence(firstSequence)));
        }
        final long left = lastSequence - tailer.nextSequence() + 1;
        final int count = left <= 0 ? 0 : tailer.poll(handler, (int)Math.min(limit, left));
        if (tailer.nextSequence() > lastSequence)
        {
            done = true;
            close();
        }
        return count;
    }

    void close()
    {
        if (tailer != null)
        {
            tailer.close();
            tailer = null;
        }
    }
}
