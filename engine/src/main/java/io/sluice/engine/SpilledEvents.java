package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Events of one priority that left their ring before they were handled, because it was full ({@code SPILL}): read again
 * from the journal, in their order. One thread that handles the priority.
 *
 * <pre>
 *   journal  ──── handled ────┬──── spilled, not handled ────┬──── in the ring ────►
 *                             next                           last
 * </pre>
 *
 * <p>As long as there are any, what comes into the ring is spilled, too: so the order is kept.
 */
final class SpilledEvents
{
    private static final int MOST_PER_LOOK = 64;
    private static final int SMALLEST = 4096;

    private final int priorityCode;
    private final Supplier<TailerContext> tails;
    private final RuleRouter routes;
    private final ControlledRecordHandler handler = this::onRecord;
    private final EventFlyweight event = new EventFlyweight();
    private UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private JournalTailer tailer;
    private Route route;
    private long last;
    private boolean isLoaded;
    private boolean isStarted;
    private boolean isJournaledDone;
    private boolean hasFailed;

    /**
     * @param priorityCode of the events.
     * @param tails        settings to read the journal with.
     * @param routes       of the thread.
     */
    SpilledEvents(final int priorityCode, final Supplier<TailerContext> tails, final RuleRouter routes)
    {
        this.priorityCode = priorityCode;
        this.tails = tails;
        this.routes = routes;
    }

    /** @return whether there are any that are not handled. */
    boolean isActive()
    {
        return tailer != null;
    }

    /** An event is about to leave its ring. */
    void add(final long sequence)
    {
        if (tailer == null)
        {
            tailer = JournalTailer.open(tails.get().from(StartPosition.sequence(sequence)));
        }
        last = sequence;
    }

    /** Read on, some records at most; true if the next one is at hand. */
    boolean load()
    {
        if (!isLoaded)
        {
            tailer.controlledPoll(handler, MOST_PER_LOOK);
        }
        return isLoaded;
    }

    /** @return the next one, after {@link #load}; its view stays the same until {@link #next}. */
    EventFlyweight event()
    {
        return event;
    }

    /** @return who gets it. */
    Route route()
    {
        return route;
    }

    /** @return whether it was begun with, which it is from now on. */
    boolean start()
    {
        final boolean wasStarted = isStarted;
        isStarted = true;
        return wasStarted;
    }

    /** @return whether those have had it that do not wait for the device. */
    boolean isJournaledDone()
    {
        return isJournaledDone;
    }

    void journaledDone(final boolean failed)
    {
        isJournaledDone = true;
        hasFailed = failed;
    }

    /** @return whether a handler failed that does not wait for the device. */
    boolean hasFailed()
    {
        return hasFailed;
    }

    /** It is handled. The last one ends the reading. */
    void next()
    {
        final boolean wasLast = event.sequence() == last;
        isLoaded = false;
        isStarted = false;
        isJournaledDone = false;
        event.unwrap();
        if (wasLast)
        {
            close();
        }
    }

    void close()
    {
        if (tailer != null)
        {
            tailer.close();
            tailer = null;
        }
    }

    private Action onRecord(final EventFlyweight record)
    {
        if (record.sequence() > last)
        {
            return Action.ABORT;
        }
        if (record.priorityCode() != priorityCode || record.verdict() != Verdict.ACCEPTED)
        {
            return Action.CONTINUE;
        }
        final int length = record.recordLength();
        if (buffer.capacity() < length)
        {
            buffer = new UnsafeBuffer(
                ByteBuffer.allocateDirect(Math.max(SMALLEST, length)).order(ByteOrder.nativeOrder()));
        }
        buffer.putBytes(0, record.buffer(), record.offset(), length);
        event.wrap(buffer, 0);
        routes.refresh();
        route = routes.find(event);
        isLoaded = true;
        return Action.BREAK;
    }
}
