package io.sluice.journal;

import io.sluice.event.EventStamp;
import io.sluice.event.Verdict;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Gives records their sequence and keeps none of them: for an engine without a journal. Confined to one thread;
 * allocates nothing.
 */
public final class NoJournal implements EventAppender
{
    private final long runId;
    private long lastSequence;
    private long lastJournalTime;
    private int stagedCount;
    private int stagedLength;

    /**
     * @param runId of this run, positive.
     */
    public NoJournal(final long runId)
    {
        this.runId = runId;
    }

    /**
     * @param runId of this run, positive.
     * @param clock whose time now is the least journal time.
     */
    public NoJournal(final long runId, final EpochNanoClock clock)
    {
        this(runId);
        lastJournalTime = clock.nanoTime();
    }

    @Override
    public long runId()
    {
        return runId;
    }

    @Override
    public long lastSequence()
    {
        return lastSequence - stagedCount;
    }

    @Override
    public long nextSequence()
    {
        return lastSequence + 1;
    }

    @Override
    public long lastJournalTime()
    {
        return lastJournalTime;
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
        lastJournalTime = Math.max(lastJournalTime, nowNs);
        lastSequence++;
        EventStamp.stamp(record, offset, runId, lastSequence, lastJournalTime, verdict, originalSequence);
        stagedCount++;
        stagedLength += length;
        return lastSequence;
    }

    @Override
    public int stagedCount()
    {
        return stagedCount;
    }

    @Override
    public int stagedLength()
    {
        return stagedLength;
    }

    @Override
    public long commit()
    {
        stagedCount = 0;
        stagedLength = 0;
        return lastSequence;
    }

    @Override
    public void close()
    {
        commit();
    }
}
