package io.sluice.replay;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.ExpiredRangeListener;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.LostRangeListener;
import io.sluice.journal.PositionException;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hands out what was journaled once more, in sequence, with the distances in time that the events had, or faster,
 * slower or as fast as it can; live and archived files alike. It ends at the end that the journal has when the replay
 * is opened, or where it is told.
 *
 * <pre>{@code
 * try (JournalReplay replay = JournalReplay.open(new ReplayContext().directory(directory).speed(10)))
 * {
 *     while (!replay.isEnded())
 *     {
 *         idleStrategy.idle(replay.poll(handler, 100));
 *     }
 * }
 * }</pre>
 *
 * <p>With a checkpoint, the place is kept in the data directory, mapped, so that it outlives the process. It is saved
 * behind each event but the last one of a poll before the next one is handed out, and behind that when the poll ends,
 * even by an exception; with {@link ReplayContext#saveOnRequest} only by {@link #savePlace()}. A replay of the same
 * name goes on behind the last place that was saved: nothing is left out, and what a replay that was killed handed out
 * after its last save is handed out again, in the same order and with the same sequences. That is at most the event
 * that was with the handler, or on request all since the last request. Sequences grow: whoever keeps the last one with
 * the result of its work, and passes over what is not greater, works on each event exactly once.
 *
 * <p>The same journal, filter and range give the same {@link #digest()}. Polls run on one thread at a time, wait for
 * nothing and allocate nothing but what filter, session and correlation do; pausing, resuming and stepping are for any
 * thread.
 */
public final class JournalReplay implements AutoCloseable
{
    private static final int DIGEST_LENGTH = 5 * Long.BYTES;
    private static final int SCAN_LIMIT = 1024;
    /** Polls without an event that is picked come back now and then. */
    private static final int SCANS = 64;
    private static final long PAUSED_LOOK_NS = 1_000_000L;

    private final ReplayContext context;
    private final JournalTailer tailer;
    private final RelatedEvents related;
    private final ReplaySchedule schedule;
    private final ControlledRecordHandler onRecord = this::onRecord;
    private final UnsafeBuffer digestInput = new UnsafeBuffer(new byte[DIGEST_LENGTH]);
    private final CheckpointClaim claim;
    private final long end;
    private PositionException missed;
    private long firstMissed;
    private RecordHandler handler;
    private int room;
    private int delivered;
    private long handedOut;
    private long digest;
    private long dueNs;
    private boolean isOver;

    private JournalReplay(
        final ReplayContext context, final RelatedEvents related, final CheckpointClaim claim, final Range range)
    {
        this.context = context;
        this.related = related;
        this.claim = claim;
        end = range.end();
        schedule = new ReplaySchedule(context.speed(), context.clock());
        tailer = JournalTailer.open(tailing(context)
            .from(StartPosition.sequence(range.start()))
            .positionFile(claim == null ? null : checkpointFile(context))
            .expiredRangeListener(this::onExpiredRange)
            .lostRangeListener(this::onLostRange));
        try
        {
            if (tailer.nextSequence() < range.start())
            {
                tailer.seek(StartPosition.sequence(range.start()));
            }
        }
        catch (final Throwable ex)
        {
            tailer.close();
            throw ex;
        }
    }

    /**
     * Open a replay. With a session or correlation and related events, this reads the journal to find them.
     *
     * @param context of it.
     * @return the replay, before its first event.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal or the directory can't be read.
     * @throws PositionException                        if the checkpoint does not fit the journal, is of a replay
     *                                                  that picks other events, or is in use.
     * @throws io.sluice.event.EventStorageException    if the checkpoint is damaged or can't be written.
     * @throws EventException                           if the journal is damaged, or too much is related.
     */
    public static JournalReplay open(final ReplayContext context)
    {
        if (context.directory() == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        final CheckpointClaim claim = context.checkpoint() == null ?
            null : claim(context);
        try
        {
            final RelatedEvents related = new RelatedEvents(context);
            return new JournalReplay(context, related, claim, range(context, related));
        }
        catch (final Throwable ex)
        {
            CloseHelper.close(claim);
            throw ex;
        }
    }

    /**
     * Hand out what is due.
     *
     * @param newHandler of the events; if it throws, the replay stays before that event.
     * @param limit      of events handed out.
     * @return events handed out; 0 if none is due, at the end, while paused, and after a long stretch of events that
     * are not picked.
     * @throws EventException    if the journal is damaged.
     * @throws PositionException if events behind the checkpoint are gone, by retention or a repair, and there is no
     *                           listener to be told; then the replay goes no further.
     */
    public int poll(final RecordHandler newHandler, final int limit)
    {
        if (missed != null)
        {
            throw missed;
        }
        handler = newHandler;
        room = limit;
        delivered = 0;
        try
        {
            for (int scans = 0; scans < SCANS && room > 0 && !isEnded(); scans++)
            {
                final int before = delivered;
                if (tailer.controlledPoll(onRecord, SCAN_LIMIT) == 0 || schedule.isWaiting() && delivered == before)
                {
                    break;
                }
            }
        }
        catch (final RuntimeException ex)
        {
            stayBehindWhatIsDone(ex);
            throw ex;
        }
        keepPlace();
        return delivered;
    }

    /**
     * Everything that was handed out so far is done with: keep the place behind it in the checkpoint. Within the
     * handler, the event that is with it does not count. Neither blocks nor allocates.
     *
     * @throws IllegalStateException                 if there is no checkpoint.
     * @throws io.sluice.event.EventStorageException if it can't be written any more.
     */
    public void savePlace()
    {
        if (claim == null)
        {
            throw new IllegalStateException("the replay has no checkpoint; name one in its context");
        }
        tailer.savePosition();
    }

    /**
     * @return nanoseconds until the next event is due, as far as that is known; 0 or less if it is now; a millisecond
     * while paused, for nobody knows how long that will be.
     */
    public long untilDueNs()
    {
        if (schedule.isPaused() && !isEnded())
        {
            return PAUSED_LOOK_NS;
        }
        return schedule.isWaiting() && dueNs != Long.MIN_VALUE && !isEnded() ? dueNs - context.clock().nanoTime() : 0;
    }

    /** @return true if nothing is left to be handed out. */
    public boolean isEnded()
    {
        return isOver || tailer.nextSequence() > end;
    }

    /** Hand out nothing until {@link #resume()}; the event that is with the handler is the last one. Any thread. */
    public void pause()
    {
        schedule.pause();
    }

    /** Go on after {@link #pause()}; the distance to the next event is what was left of it. Any thread. */
    public void resume()
    {
        schedule.resume();
    }

    /**
     * While paused, hand out some events at once. Any thread.
     *
     * @param events from 1.
     */
    public void step(final int events)
    {
        schedule.step(events);
    }

    /** @return true between {@link #pause()} and {@link #resume()}. */
    public boolean isPaused()
    {
        return schedule.isPaused();
    }

    /** @return events handed out since the replay was opened. */
    public long handedOut()
    {
        return handedOut;
    }

    /** @return sequence of the event that is looked at next. */
    public long nextSequence()
    {
        return tailer.nextSequence();
    }

    /** @return hash over sequences and contents of all events handed out since the replay was opened, in order. */
    public long digest()
    {
        return digest;
    }

    /** Release everything. Idempotent. */
    @Override
    public void close()
    {
        CloseHelper.closeAll(tailer, claim);
    }

    private Action onRecord(final EventFlyweight event)
    {
        if (event.sequence() > end || event.journalTime() >= context.toTimeNs())
        {
            isOver = true;
            return Action.ABORT;
        }
        if (!related.matches(event) || !context.filter().matches(event))
        {
            return Action.CONTINUE;
        }
        if (room == 0)
        {
            return Action.ABORT;
        }
        final long time = context.time() == ReplayTime.HAPPENED && event.hasEventTime() ?
            event.eventTime() : event.journalTime();
        dueNs = schedule.dueNs(time);
        if (!schedule.isDue(dueNs))
        {
            return Action.ABORT;
        }
        // Behind the event before, which the tailer has passed by now.
        keepPlace();
        handler.onRecord(event);
        room--;
        delivered++;
        handedOut++;
        digest = digest(event);
        return Action.CONTINUE;
    }

    private void stayBehindWhatIsDone(final RuntimeException cause)
    {
        try
        {
            if (missed != null)
            {
                tailer.seek(StartPosition.sequence(firstMissed));
            }
            keepPlace();
        }
        catch (final RuntimeException ex)
        {
            cause.addSuppressed(ex);
        }
    }

    private void keepPlace()
    {
        if (claim != null && !context.saveOnRequest())
        {
            tailer.savePosition();
        }
    }

    private void onExpiredRange(final long first, final long last)
    {
        if (context.expiredRangeListener() == ExpiredRangeListener.NONE)
        {
            miss(first, last, "removed by retention", "an expired");
        }
        context.expiredRangeListener().onExpiredRange(first, last);
    }

    private void onLostRange(final long first, final long last)
    {
        if (context.lostRangeListener() == LostRangeListener.NONE)
        {
            miss(first, last, "written off by a repair", "a lost");
        }
        context.lostRangeListener().onLostRange(first, last);
    }

    // Who starts takes what there is; who goes on where it was must not go on as if nothing had happened.
    private void miss(final long first, final long last, final String how, final String listener)
    {
        if (claim != null && (claim.isResumed() || handedOut > 0))
        {
            firstMissed = first;
            missed = new PositionException(
                "checkpoint '" + context.checkpoint() + "' stands before sequence " + first + ", but events from " +
                first + " to " + last + " were " + how + " before they were replayed; set " + listener +
                " range listener to go on behind them, or forget the place with `sluice checkpoints remove " +
                context.checkpoint() + "`");
            throw missed;
        }
    }

    private long digest(final EventFlyweight event)
    {
        digestInput.putLong(0, digest);
        digestInput.putLong(Long.BYTES, event.sequence());
        digestInput.putLong(2 * Long.BYTES, event.contentHashHigh());
        digestInput.putLong(3 * Long.BYTES, event.contentHashLow());
        digestInput.putLong(4 * Long.BYTES, event.contextHash());
        return EventHash.hash64(digestInput, 0, DIGEST_LENGTH);
    }

    private static TailerContext tailing(final ReplayContext context)
    {
        return new TailerContext().directory(context.directory()).keys(context.keys());
    }

    private static Range range(final ReplayContext context, final RelatedEvents related)
    {
        try (JournalTailer scanner = JournalTailer.open(tailing(context)))
        {
            scanner.seek(StartPosition.end());
            final long last = scanner.nextSequence() - 1;
            final long end = Math.min(context.toSequence(), last);
            // What comes after the end is journaled while this runs, and there is no place behind that yet.
            final long start = Math.min(start(context, scanner, end), last + 1);
            learn(scanner, related, end, context.toTimeNs());
            return new Range(start, end);
        }
    }

    private static long start(final ReplayContext context, final JournalTailer scanner, final long end)
    {
        if (context.fromTimeNs() == Long.MIN_VALUE || end == 0)
        {
            return context.fromSequence();
        }
        scanner.seek(StartPosition.timeNs(context.fromTimeNs()));
        return Math.max(context.fromSequence(), scanner.nextSequence());
    }

    private static void learn(
        final JournalTailer scanner, final RelatedEvents related, final long end, final long toTimeNs)
    {
        // What came meanwhile is not replayed, and must not decide what is.
        final RecordHandler learner = (event) ->
        {
            if (event.sequence() <= end && event.journalTime() < toTimeNs)
            {
                related.learn(event);
            }
        };
        int known = -1;
        while (related.hasToLearn() && related.size() > known && end > 0)
        {
            known = related.size();
            scanner.seek(StartPosition.start());
            while (scanner.nextSequence() <= end && scanner.poll(learner, SCAN_LIMIT) > 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    private static CheckpointClaim claim(final ReplayContext context)
    {
        // No lock and no file where there is no journal.
        JournalTailer.open(tailing(context)).close();
        return CheckpointClaim.of(checkpointFile(context), context.picks());
    }

    private static Path checkpointFile(final ReplayContext context)
    {
        return ReplayCheckpoints.file(context.directory(), context.checkpoint());
    }

    private record Range(long start, long end)
    {
    }
}
