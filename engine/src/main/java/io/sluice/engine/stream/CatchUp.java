package io.sluice.engine.stream;

import io.sluice.engine.DeliveredRecords;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;

/**
 * Reads the journal for a stream that had no room, on the subscriber's thread, until the feed has taken it back. What
 * it reads goes through the rules, as what comes from the feed.
 *
 * <p>What the stream has had is one sequence per priority, because events of different priorities are not handled in
 * the order of the journal, while those of one priority are. So an event is new if its sequence is greater than that of
 * its priority, from whichever side it comes.
 */
final class CatchUp implements AutoCloseable
{
    private static final int RECORDS = 64;

    private final StreamBuffer buffer;
    private final StreamFeed feed;
    private final EventStreamsContext context;
    private final EventFilter filter;
    private final long[] had = new long[Priority.COUNT];
    private final ControlledRecordHandler onRecord = this::onRecord;
    private JournalTailer tailer;
    private DeliveredRecords records;
    private StreamHandler handler;
    private boolean isJoining;
    private boolean isFinished;
    private int atMost;
    private int count;
    private long delivered;

    CatchUp(final StreamBuffer buffer, final StreamFeed feed, final EventStreamsContext context)
    {
        this.buffer = buffer;
        this.feed = feed;
        this.context = context;
        filter = buffer.spec().newFilter();
    }

    /** @return true if nothing comes after what was read. */
    boolean isFinished()
    {
        return isFinished;
    }

    boolean isReading()
    {
        return tailer != null;
    }

    /** @return events handed out. */
    long delivered()
    {
        return delivered;
    }

    /** @return true if the stream has had an event that now comes from the feed. */
    boolean hasHad(final StreamNode node)
    {
        return node.sequence() <= had[node.priorityCode()];
    }

    /** Start where the feed has left the stream, whose buffer is empty now. */
    void start()
    {
        buffer.copyDetachedAt(had);
        long first = Long.MAX_VALUE;
        for (final long sequence : had)
        {
            first = Math.min(first, sequence + 1);
        }
        records = context.deliveredRecords() == null ? null : context.deliveredRecords().get();
        tailer = JournalTailer.open(new TailerContext()
            .directory(context.directory())
            .keys(context.keys())
            .from(StartPosition.sequence(first))
            .lostRangeListener(this::onMissing)
            .expiredRangeListener(this::onMissing));
        isJoining = false;
    }

    /**
     * Read on, and stop reading where the live events go on.
     *
     * @return events handed out.
     */
    int poll(final StreamHandler newHandler, final int limit)
    {
        handler = newHandler;
        count = 0;
        atMost = limit;
        int read = RECORDS;
        // What is read beyond the place where the stream joins is known when it comes from the feed.
        while (read == RECORDS && count < limit && !isDone())
        {
            read = tailer.controlledPoll(onRecord, RECORDS);
        }
        if (isDone())
        {
            isFinished = !buffer.isOpen();
            close();
        }
        else if (read < RECORDS && count < limit && !isJoining && buffer.isOpen())
        {
            isJoining = true;
            buffer.askToJoin();
            feed.requestJoin();
        }
        return count;
    }

    @Override
    public void close()
    {
        if (tailer != null)
        {
            tailer.close();
            tailer = null;
            if (records != null)
            {
                records.close();
                records = null;
            }
        }
    }

    private boolean isDone()
    {
        final StreamState end = buffer.end();
        if (end != null)
        {
            return end == StreamState.CLOSED || tailer.nextSequence() > buffer.endedAt();
        }
        return isJoining && buffer.feeding() != StreamBuffer.JOINING && tailer.nextSequence() > buffer.joinedAt();
    }

    private Action onRecord(final EventFlyweight event)
    {
        final int code = event.priorityCode();
        if (event.sequence() > had[code])
        {
            had[code] = event.sequence();
            final EventFlyweight given = event.verdict() != Verdict.ACCEPTED ? null :
                records == null ? event : records.delivered(event);
            if (given != null && filter.matches(given))
            {
                count++;
                delivered++;
                handler.onEvent(given);
            }
        }
        return count < atMost ? Action.CONTINUE : Action.BREAK;
    }

    private void onMissing(final long first, final long last)
    {
        handler.onMissed(new MissedEvents(first, last, MissedEvents.UNKNOWN));
    }
}
