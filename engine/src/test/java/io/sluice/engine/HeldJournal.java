package io.sluice.engine;

import io.sluice.event.Verdict;
import io.sluice.journal.EventAppender;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.SyncListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.MutableDirectBuffer;

/**
 * A real journal whose forces happen when the test says so, on the thread of the test or, where there is no syncer, on
 * that of {@code sync()}.
 */
final class HeldJournal implements EventAppender
{
    private final EventAppender journal;
    private final SyncListener listener;
    private final boolean always;
    private final boolean hasThread;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger forces = new AtomicInteger();
    private volatile boolean held = true;
    private volatile RuntimeException broken;
    private volatile long committed;
    private volatile long synced;

    private HeldJournal(final JournalContext context, final long synced)
    {
        listener = context.syncListener();
        always = context.syncAlways();
        hasThread = context.syncThread();
        journal = JournalAppender.open(context.syncListener(SyncListener.NONE).syncAlways(false).syncThread(false));
        committed = journal.lastSequence();
        this.synced = Math.min(synced, committed);
    }

    /** What is there at open counts as forced. */
    static HeldJournal open(final JournalContext context)
    {
        return new HeldJournal(context, Long.MAX_VALUE);
    }

    /** Of what is there at open so much counts as forced. */
    static HeldJournal open(final JournalContext context, final long synced)
    {
        return new HeldJournal(context, synced);
    }

    /** With true no force ends until {@link #force()}; with false each ends where it is asked for. */
    void hold(final boolean value)
    {
        held = value;
    }

    /** Force everything that is committed. */
    void force()
    {
        forceUpTo(committed);
    }

    /** From now on nothing can be forced. */
    void breakDown(final RuntimeException cause)
    {
        broken = cause;
    }

    synchronized void forceUpTo(final long sequence)
    {
        if (sequence > synced)
        {
            forces.incrementAndGet();
            synced = sequence;
            listener.onSynced(sequence);
        }
    }

    /** @return the highest sequence for which a force was asked for. */
    long requested()
    {
        return requested.get();
    }

    int forces()
    {
        return forces.get();
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
        return journal.stage(record, offset, length, verdict, originalSequence, nowNs);
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
        final long sequence = journal.commit();
        committed = sequence;
        if (always && hasThread && !held)
        {
            force();
        }
        return sequence;
    }

    @Override
    public long syncedSequence()
    {
        return synced;
    }

    @Override
    public void requestSync(final long sequence)
    {
        ensureSound();
        requested.accumulateAndGet(sequence, Math::max);
        if (hasThread && !held)
        {
            force();
        }
    }

    @Override
    public int sync()
    {
        ensureSound();
        if (hasThread || held || synced >= (always ? committed : requested.get()))
        {
            return 0;
        }
        force();
        return 1;
    }

    @Override
    public void close()
    {
        journal.close();
        if (broken == null)
        {
            force();
        }
    }

    private void ensureSound()
    {
        final RuntimeException cause = broken;
        if (cause != null)
        {
            throw cause;
        }
    }
}
