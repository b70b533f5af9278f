package io.sluice.replay;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * <p>With a checkpoint, the place is kept in the data directory, mapped, behind each event but the last one of a poll,
 * and behind that when the poll returns: a replay that ended goes on without a gap or a repeat, and one whose process
 * was killed repeats the event that was with the handler, if any.
 *
 * <p>The same journal, filter and range give the same {@link #digest()}. Polls run on one thread at a time, wait for
 * nothing and allocate nothing but what filter, session and correlation do; pausing, resuming and stepping are for any
 * thread.
 */
public final class JournalReplay implements AutoCloseable
{
    private static final int DIGEST_LENGTH = 5 * Long.BYTES;
    private static final int SCAN_LIMIT = 1024;
    private static final long PAUSED_LOOK_NS = 1_000_000L;

    private final ReplayContext context;
    private final JournalTailer tailer;
    private final RelatedEvents related;
    private final ReplaySchedule schedule;
    private final ControlledRecordHandler onRecord = this::onRecord;
    private final UnsafeBuffer digestInput = new UnsafeBuffer(new byte[DIGEST_LENGTH]);
    private final long end;
    private RecordHandler handler;
    private int room;
    private int delivered;
    private long handedOut;
    private long digest;
    private long dueNs;
    private boolean isOver;

    private JournalReplay(
        final ReplayContext context, final JournalTailer tailer, final RelatedEvents related, final long end)
    {
        this.context = context;
        this.tailer = tailer;
        this.related = related;
        this.end = end;
        schedule = new ReplaySchedule(context.speed(), context.clock());
    }

    /**
     * Open a replay. With a session or correlation and related events, this reads the journal to find them.
     *
     * @param context of it.
     * @return the replay, before its first event.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal or the directory can't be read.
     * @throws io.sluice.journal.PositionException      if the checkpoint does not fit the journal.
     * @throws EventException                           if the journal is damaged, or too much is related.
     */
    public static JournalReplay open(final ReplayContext context)
    {
        if (context.directory() == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        final RelatedEvents related = new RelatedEvents(context);
        final long last;
        final long end;
        final long start;
        try (JournalTailer scanner = JournalTailer.open(tailing(context)))
        {
            scanner.seek(StartPosition.end());
            last = scanner.nextSequence() - 1;
            end = Math.min(context.toSequence(), last);
            start = start(context, scanner, end);
            learn(scanner, related, end);
        }
        final TailerContext tailing = tailing(context)
            .from(start > last ? StartPosition.end() : StartPosition.sequence(start))
            .expiredRangeListener(context.expiredRangeListener())
            .lostRangeListener(context.lostRangeListener());
        if (context.checkpoint() != null)
        {
            tailing.positionFile(checkpointFile(context));
        }
        return new JournalReplay(context, JournalTailer.open(tailing), related, end);
    }

    /**
     * Hand out what is due.
     *
     * @param newHandler of the events; if it throws, the replay stays before that event.
     * @param limit      of events handed out.
     * @return events handed out; 0 if none is due, at the end, and while paused.
     * @throws EventException if the journal is damaged.
     */
    public int poll(final RecordHandler newHandler, final int limit)
    {
        handler = newHandler;
        room = limit;
        delivered = 0;
        while (room > 0 && !isEnded())
        {
            final int before = delivered;
            if (tailer.controlledPoll(onRecord, SCAN_LIMIT) == 0 || schedule.isWaiting() && delivered == before)
            {
                break;
            }
        }
        keepPlace();
        return delivered;
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
        tailer.close();
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

    private void keepPlace()
    {
        if (context.checkpoint() != null)
        {
            tailer.savePosition();
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

    private static long start(final ReplayContext context, final JournalTailer scanner, final long end)
    {
        if (context.fromTimeNs() == Long.MIN_VALUE || end == 0)
        {
            return context.fromSequence();
        }
        scanner.seek(StartPosition.timeNs(context.fromTimeNs()));
        return Math.max(context.fromSequence(), scanner.nextSequence());
    }

    private static void learn(final JournalTailer scanner, final RelatedEvents related, final long end)
    {
        // What came meanwhile is not replayed, and must not decide what is.
        final RecordHandler learner = (event) ->
        {
            if (event.sequence() <= end)
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

    private static Path checkpointFile(final ReplayContext context)
    {
        final Path file = ReplayCheckpoints.file(context.directory(), context.checkpoint());
        try
        {
            Files.createDirectories(file.getParent());
            return file;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "checkpoint '" + context.checkpoint() + "' can't be kept: " + file.getParent() + " can't be made (" +
                ex + ")", ex);
        }
    }
}
