package io.sluice.engine;

import io.sluice.event.Verdict;
import io.sluice.journal.EventAppender;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.StorageStatus;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * A real journal that notes which sequences each excerpt holds, and says that it is not ready when the test wants it.
 * Confined to the thread that appends.
 */
final class RecordedJournal implements EventAppender
{
    /** Sequences of one excerpt. */
    record Excerpt(long first, long last)
    {
        boolean holds(final long from, final long to)
        {
            return first <= from && to <= last;
        }
    }

    private final EventAppender journal;
    private final List<Excerpt> excerpts = new ArrayList<>();
    private final int batchCount;
    private final int batchLength;
    private boolean ready = true;
    private boolean readyUntilCommit;

    private RecordedJournal(final JournalContext context)
    {
        batchCount = context.batchCount();
        batchLength = context.batchLength();
        journal = JournalAppender.open(context);
    }

    static RecordedJournal open(final JournalContext context)
    {
        return new RecordedJournal(context);
    }

    List<Excerpt> excerpts()
    {
        return excerpts;
    }

    void ready(final boolean value)
    {
        ready = value;
    }

    /** Ready for what goes into the open excerpt, not ready behind it. */
    void readyUntilCommit()
    {
        readyUntilCommit = true;
    }

    @Override
    public long runId()
    {
        return journal.runId();
    }

    @Override
    public long lastSequence()
    {
        return journal.lastSequence();
    }

    @Override
    public long nextSequence()
    {
        return journal.nextSequence();
    }

    @Override
    public long lastJournalTime()
    {
        return journal.lastJournalTime();
    }

    @Override
    public long stage(
        final MutableDirectBuffer record,
        final int offset,
        final int length,
        final Verdict verdict,
        final long originalSequence,
        final long nowNs)
    {
        final long before = journal.lastSequence();
        final long sequence = journal.stage(record, offset, length, verdict, originalSequence, nowNs);
        // The appender ends an excerpt by itself where the next record does not fit.
        note(before, journal.lastSequence());
        return sequence;
    }

    @Override
    public int stagedCount()
    {
        return journal.stagedCount();
    }

    @Override
    public int stagedLength()
    {
        return journal.stagedLength();
    }

    @Override
    public long commit()
    {
        final long before = journal.lastSequence();
        final boolean isAny = stagedCount() > 0;
        if (stagedCount() > batchCount || stagedLength() > batchLength)
        {
            throw new IllegalStateException(stagedCount() + " records, " + stagedLength() + " bytes in an excerpt");
        }
        final long last = journal.commit();
        note(before, last);
        if (isAny && readyUntilCommit)
        {
            readyUntilCommit = false;
            ready = false;
        }
        return last;
    }

    @Override
    public boolean isReady()
    {
        return ready && journal.isReady();
    }

    @Override
    public StorageStatus storage()
    {
        return journal.storage();
    }

    @Override
    public long syncedSequence()
    {
        return journal.syncedSequence();
    }

    @Override
    public void requestSync(final long sequence)
    {
        journal.requestSync(sequence);
    }

    @Override
    public int sync()
    {
        return journal.sync();
    }

    @Override
    public void close()
    {
        journal.close();
    }

    private void note(final long before, final long last)
    {
        if (last > before)
        {
            excerpts.add(new Excerpt(before + 1, last));
        }
    }
}
