package io.sluice.engine;

import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.util.function.Supplier;

/**
 * Reads what an earlier run journaled and did not handle, up to the end that was recovered. Opened, polled and closed
 * on the handling thread.
 */
final class Redelivery
{
    private final Supplier<TailerContext> tails;
    private final long firstSequence;
    private final long lastSequence;
    private JournalTailer tailer;
    private boolean done;

    /**
     * @param tails         settings of the tailer to read with.
     * @param firstSequence to look at.
     * @param lastSequence  to look at; nothing is to be done if it is before the first.
     */
    Redelivery(final Supplier<TailerContext> tails, final long firstSequence, final long lastSequence)
    {
        this.tails = tails;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        done = firstSequence > lastSequence;
    }

    /** @return reads the same again from a sequence on; this one is to be closed by the thread that polls it. */
    Redelivery again(final long sequence)
    {
        return new Redelivery(tails, sequence, lastSequence);
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
            tailer = JournalTailer.open(tails.get().from(StartPosition.sequence(firstSequence)));
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
