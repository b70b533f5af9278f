package io.sluice.query;

import io.sluice.event.EventFlyweight;
import io.sluice.index.IndexDamagedException;
import io.sluice.index.IndexSegment;
import io.sluice.index.JournalIndex;
import io.sluice.index.Ordinals;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * One pass over a range of the journal: where the index reaches, over the events that it names, in the other parts over
 * all. Backwards, the parts come in reverse, and so do the events of a part.
 */
final class QueryRun
{
    private static final int POLL_LIMIT = 256;

    private final JournalTailer tailer;
    private final JournalRecords records;
    private final JournalIndex index;
    private final LongSupplier clock;
    private final Ordinals ordinals = new Ordinals();

    private PlanNode plan;
    private Predicate<EventFlyweight> filter;
    private RecordHandler handler;
    private CollectedEvents collected;
    private boolean isBackwards;
    private long limit;
    private long deadlineNs;
    private long matched;
    private long delivered;
    private long scanned;
    private long last;
    private QueryResult.End end;
    private long[] selected = {};
    private long[] present = {};

    /**
     * @param index of the journal, or null.
     */
    QueryRun(
        final JournalTailer tailer, final JournalRecords records, final JournalIndex index, final LongSupplier clock)
    {
        this.tailer = tailer;
        this.records = records;
        this.index = index;
        this.clock = clock;
    }

    /** Use the index for this. */
    QueryRun plan(final PlanNode value)
    {
        plan = value;
        return this;
    }

    /** Decides which events match. */
    QueryRun filter(final Predicate<EventFlyweight> value)
    {
        filter = value;
        return this;
    }

    /** Hand events out as they are found. */
    QueryRun handler(final RecordHandler value, final long most)
    {
        handler = value;
        limit = most;
        return this;
    }

    /** Collect events in the order of their times, to be handed out by somebody else. */
    QueryRun collect(final CollectedEvents value)
    {
        collected = value;
        return handler(value::add, Long.MAX_VALUE);
    }

    QueryRun backwards(final boolean value)
    {
        isBackwards = value;
        return this;
    }

    QueryRun timeoutNs(final long value)
    {
        final long now = clock.getAsLong();
        deadlineNs = value >= Long.MAX_VALUE - Math.max(0, now) ? Long.MAX_VALUE : now + value;
        return this;
    }

    /** Look at events from one sequence to another, both included. */
    QueryResult run(final long from, final long to)
    {
        end = QueryResult.End.COMPLETE;
        final List<IndexSegment> segments = segments(from, to);
        boolean isGoingOn = true;
        long next = isBackwards ? to : from;
        for (final IndexSegment segment : segments)
        {
            final long first = Math.max(isBackwards ? from : next, segment.firstSequence());
            final long greatest = Math.min(isBackwards ? next : to, segment.endSequence() - 1);
            isGoingOn = isBackwards ?
                isPassedByScan(greatest + 1, next) && isPassed(segment, first, greatest) :
                isPassedByScan(next, first - 1) && isPassed(segment, first, greatest);
            if (!isGoingOn)
            {
                break;
            }
            next = isBackwards ? first - 1 : greatest + 1;
        }
        if (isGoingOn)
        {
            isPassedByScan(isBackwards ? from : next, isBackwards ? next : to);
        }
        return new QueryResult(delivered, matched, scanned, end, last);
    }

    private List<IndexSegment> segments(final long from, final long to)
    {
        final List<IndexSegment> found = new ArrayList<>();
        if (plan != null && index != null)
        {
            for (final IndexSegment segment : index.segments())
            {
                if (segment.endSequence() > from && segment.firstSequence() <= to)
                {
                    found.add(isBackwards ? 0 : found.size(), segment);
                }
            }
        }
        return found;
    }

    /** @return false if the query ends in here. */
    private boolean isPassed(final IndexSegment segment, final long from, final long to)
    {
        final long lastBefore = last;
        try
        {
            plan.enter(segment);
            final boolean isPassed = plan.isListing() ?
                isListPassed(segment, from, to) : areZonesPassed(segment, from, to);
            last = isPassed && !isBackwards ? to : last;
            return isPassed;
        }
        catch (final IndexDamagedException ex)
        {
            index.drop(segment);
            // Events up to the last one that was looked at are done with.
            final boolean isBegun = last != lastBefore;
            return isBackwards ?
                isPassedByScan(from, isBegun ? last - 1 : to) : isPassedByScan(isBegun ? last + 1 : from, to);
        }
    }

    private boolean isListPassed(final IndexSegment segment, final long from, final long to)
    {
        ordinals.clear();
        plan.list(ordinals);
        final int count = ordinals.size();
        for (int i = 0; i < count; i++)
        {
            final int ordinal = ordinals.get(isBackwards ? count - 1 - i : i);
            final long sequence = segment.firstSequence() + ordinal;
            if (sequence >= from && sequence <= to && plan.mayMatch(ordinal) && !isVisited(segment, ordinal))
            {
                return false;
            }
        }
        return true;
    }

    private boolean areZonesPassed(final IndexSegment segment, final long from, final long to)
    {
        final int size = segment.zoneEvents();
        final int firstZone = (int)(from - segment.firstSequence()) / size;
        final int lastZone = (int)(to - segment.firstSequence()) / size;
        for (int i = firstZone; i <= lastZone; i++)
        {
            final int zone = isBackwards ? lastZone - (i - firstZone) : i;
            if (plan.mayHold(zone) && !isBeaten(segment, zone) && !isZonePassed(segment, zone, from, to))
            {
                return false;
            }
        }
        return true;
    }

    private boolean isZonePassed(final IndexSegment segment, final int zone, final long from, final long to)
    {
        final int size = segment.zoneEvents();
        if (selected.length != size / Long.SIZE)
        {
            selected = new long[size / Long.SIZE];
            present = new long[size / Long.SIZE];
        }
        segment.selectPresent(zone, present);
        plan.select(zone, selected);
        final int firstOrdinal = zone * size;
        for (int i = 0; i < selected.length; i++)
        {
            final int word = isBackwards ? selected.length - 1 - i : i;
            long bits = selected[word] & present[word];
            while (bits != 0)
            {
                final int bit = isBackwards ?
                    Long.SIZE - 1 - Long.numberOfLeadingZeros(bits) : Long.numberOfTrailingZeros(bits);
                bits ^= 1L << bit;
                final int ordinal = firstOrdinal + word * Long.SIZE + bit;
                final long sequence = segment.firstSequence() + ordinal;
                if (sequence >= from && sequence <= to && plan.mayMatch(ordinal) && !isVisited(segment, ordinal))
                {
                    return false;
                }
            }
        }
        return !isOver();
    }

    /** @return true if no event of a zone can come before those that are collected. */
    private boolean isBeaten(final IndexSegment segment, final int zone)
    {
        return collected != null && collected.isFull() &&
            (isBackwards ?
            segment.greatestEventTime(zone) < collected.lastKey() :
            segment.leastEventTime(zone) > collected.lastKey());
    }

    /** @return false if the query ends before this event. */
    private boolean isVisited(final IndexSegment segment, final int ordinal)
    {
        if (isEnough() || isOver())
        {
            return false;
        }
        final long sequence = segment.firstSequence() + ordinal;
        final EventFlyweight event = records.read(sequence, segment.place(ordinal));
        last = sequence;
        if (event != null)
        {
            visit(event, this::deliver);
        }
        return true;
    }

    /** @return false if the query ends in here. */
    private boolean isPassedByScan(final long from, final long to)
    {
        if (from > to)
        {
            return true;
        }
        if (!isBackwards || collected != null)
        {
            return isScanned(from, to, this::deliver);
        }
        if (isEnough())
        {
            return false;
        }
        // The last ones come first, and a scan comes to them last.
        final CollectedEvents latest =
            new CollectedEvents(EventFlyweight::sequence, true, (int)(limit - delivered));
        final long matchedBefore = matched;
        final boolean isScanned = isScanned(from, to, latest::add);
        latest.forEach(this::deliver);
        if (isScanned && matched - matchedBefore > latest.size())
        {
            end = QueryResult.End.LIMIT;
            return false;
        }
        return isScanned;
    }

    private boolean isScanned(final long from, final long to, final RecordHandler onMatch)
    {
        final RecordHandler onRecord = (event) ->
        {
            // Where sequences are missing, a poll reaches further than it was meant to.
            if (event.sequence() <= to)
            {
                visit(event, onMatch);
            }
        };
        tailer.seek(StartPosition.sequence(from));
        long next = from;
        while (next <= to)
        {
            if (isEnough() || isOver())
            {
                return false;
            }
            final long most = Math.min(Math.min(POLL_LIMIT, limit - delivered), to - next + 1);
            if (tailer.poll(onRecord, (int)most) == 0)
            {
                break;
            }
            next = tailer.nextSequence();
        }
        return true;
    }

    private void visit(final EventFlyweight event, final RecordHandler onMatch)
    {
        scanned++;
        last = event.sequence();
        if (filter.test(event))
        {
            matched++;
            onMatch.onRecord(event);
        }
    }

    private void deliver(final EventFlyweight event)
    {
        delivered++;
        handler.onRecord(event);
    }

    private boolean isEnough()
    {
        if (delivered >= limit)
        {
            end = QueryResult.End.LIMIT;
            return true;
        }
        return false;
    }

    private boolean isOver()
    {
        if (deadlineNs != Long.MAX_VALUE && clock.getAsLong() - deadlineNs >= 0)
        {
            end = QueryResult.End.TIMEOUT;
            return true;
        }
        return false;
    }
}
