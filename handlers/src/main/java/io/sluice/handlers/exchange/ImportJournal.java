package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * The journal that an import appends to. After an interruption it holds events that the checkpoint does not know of:
 * they are what comes next in the input, and are met again, not appended again. Not thread-safe.
 */
final class ImportJournal implements AutoCloseable
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EpochNanoClock clock = new SystemEpochNanoClock();
    private final ImportContext context;
    private final JournalAppender appender;
    private final long lastBefore;
    private JournalTailer met;
    private boolean hasMet;

    private ImportJournal(final ImportContext context)
    {
        this.context = context;
        appender = JournalAppender.open(new JournalContext()
            .directory(context.directory())
            .maxEventLength(context.maxEventLength())
            .syncThread(false)
            .archive(JournalArchive.idlePolicy(context.directory(), context.keys())));
        lastBefore = appender.lastSequence();
    }

    /** Take the lock and open the journal; make it if there is none. */
    static ImportJournal open(final ImportContext context)
    {
        return new ImportJournal(context);
    }

    long runId()
    {
        return appender.runId();
    }

    long lastSequence()
    {
        return appender.lastSequence();
    }

    /** Stand behind a checkpoint, to meet what its run appended later. */
    void meet(final ImportState state)
    {
        if (state.sequence > lastBefore)
        {
            throw new ExchangeRefusedException(
                "the interrupted import had come to sequence " + state.sequence + " of the journal, which ends at " +
                lastBefore + ": it is another journal, or lost its end; start again with restart (--restart)");
        }
        met = tailer(state.sequence + 1);
    }

    /**
     * The next event of a run that lies behind the checkpoint.
     *
     * @param runId   of the run.
     * @param handler gets it.
     * @return false if there is no other one.
     */
    boolean meetNext(final long runId, final MetHandler handler)
    {
        hasMet = false;
        while (met != null && !hasMet)
        {
            final int polled = met.controlledPoll((event) ->
            {
                if (event.sequence() > lastBefore)
                {
                    return Action.ABORT;
                }
                if (event.runId() == runId)
                {
                    hasMet = true;
                    handler.onMet(event);
                    return Action.BREAK;
                }
                return Action.CONTINUE;
            }, Integer.MAX_VALUE);
            if (polled == 0 || !hasMet && met.nextSequence() > lastBefore)
            {
                met.close();
                met = null;
            }
        }
        return hasMet;
    }

    /** @return true if there may be events to meet. */
    boolean isMeeting()
    {
        return met != null;
    }

    /** Hand out everything that the journal held when it was opened. */
    static void scan(final ImportContext context, final long last, final MetHandler handler)
    {
        try (JournalTailer tailer = tailer(context, StartPosition.start()))
        {
            int polled = 1;
            while (polled > 0)
            {
                polled = tailer.controlledPoll((event) ->
                {
                    if (event.sequence() > last)
                    {
                        return Action.ABORT;
                    }
                    handler.onMet(event);
                    return Action.CONTINUE;
                }, 4096);
            }
        }
    }

    long append(
        final MutableDirectBuffer record, final int length, final Verdict verdict, final long originalSequence)
    {
        awaitReady();
        return appender.stage(record, 0, length, verdict, originalSequence, clock.nanoTime());
    }

    /** Wait until the device has everything. Where it can't promise that, the page cache has to do. */
    void force()
    {
        final long last = appender.commit();
        if (!appender.syncSupport().isHonoured() || appender.syncedSequence() >= last)
        {
            return;
        }
        appender.requestSync(last);
        final long deadline = System.nanoTime() + PATIENCE_NS;
        while (appender.syncedSequence() < last)
        {
            appender.sync();
            if (appender.syncedSequence() < last)
            {
                LockSupport.parkNanos(PAUSE_NS);
                giveUpAfter(deadline);
            }
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(met, appender);
    }

    private void awaitReady()
    {
        if (appender.isReady())
        {
            return;
        }
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!appender.isReady())
        {
            LockSupport.parkNanos(PAUSE_NS);
            giveUpAfter(deadline);
        }
    }

    private void giveUpAfter(final long deadline)
    {
        if (System.nanoTime() > deadline)
        {
            throw new ExchangeException(
                "the journal can't take more events: " + appender.storage().reason() +
                "; what was imported stays, go on with resume (--resume)");
        }
    }

    private JournalTailer tailer(final long sequence)
    {
        return tailer(context, StartPosition.sequence(sequence));
    }

    private static JournalTailer tailer(final ImportContext context, final StartPosition from)
    {
        return JournalTailer.open(
            new TailerContext().directory(context.directory()).keys(context.keys()).from(from));
    }

    /** Gets events of the journal. */
    @FunctionalInterface
    interface MetHandler
    {
        void onMet(EventFlyweight event);
    }
}
