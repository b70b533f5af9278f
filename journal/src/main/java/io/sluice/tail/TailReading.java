package io.sluice.tail;

import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilterSet;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;

/**
 * One pass over the journal for the members that stand at the same place. Confined to the thread of the group, but for
 * {@link #nextSequence()}. Allocates nothing for a record that all members take.
 */
final class TailReading implements AutoCloseable
{
    /** Told of a member that a reading goes on without. */
    interface Leavers
    {
        /**
         * The member has been taken out.
         *
         * @param member   that stays behind.
         * @param sequence of the record before which it stands.
         * @param isHeld   true if it refused that record.
         * @param cause    what its handler threw, or null.
         */
        void onLeft(TailerMember member, long sequence, boolean isHeld, Throwable cause);
    }

    private final ControlledRecordHandler onRecord = this::onRecord;
    private final JournalTailer tailer;
    private final Leavers leavers;
    private final ErrorHandler errorHandler;
    private final EventFilterSet filters = new EventFilterSet();
    private final EventFlyweight view = new EventFlyweight();
    private final List<TailerMember> members = new ArrayList<>();
    private TailerMember[] byFilter = new TailerMember[4];
    private long meetingPoint;
    private boolean isHeld;
    private volatile long nextSequence;

    TailReading(final TailerGroupContext context, final Leavers leavers)
    {
        this.leavers = leavers;
        errorHandler = context.errorHandler();
        tailer = JournalTailer.open(context.tailing()
            .expiredRangeListener(this::onExpiredRange)
            .lostRangeListener(this::onLostRange));
        nextSequence = tailer.nextSequence();
    }

    /** Stand elsewhere; only while there are no members. */
    void seek(final StartPosition position)
    {
        tailer.seek(position);
        isHeld = false;
        nextSequence = tailer.nextSequence();
    }

    /** @return sequence of the next record, as of the last turn; any thread. */
    long nextSequence()
    {
        return nextSequence;
    }

    /** @return sequence of the next record. */
    long position()
    {
        return tailer.nextSequence();
    }

    /** @return true if its only member refused the next record. */
    boolean isHeld()
    {
        return isHeld;
    }

    int size()
    {
        return members.size();
    }

    TailerMember member(final int index)
    {
        return members.get(index);
    }

    void add(final TailerMember member)
    {
        final int id = filters.add(member.spec().filter());
        if (id >= byFilter.length)
        {
            byFilter = Arrays.copyOf(byFilter, Math.max(id + 1, 2 * byFilter.length));
        }
        byFilter[id] = member;
        members.add(member);
        member.attach(this);
    }

    void addHeld(final TailerMember member)
    {
        add(member);
        isHeld = true;
    }

    /** Take a member out, even if its place can't be saved. */
    void remove(final TailerMember member)
    {
        try
        {
            member.savePosition(tailer.lastRunId(), tailer.nextSequence() - 1);
        }
        finally
        {
            member.detachBefore(tailer.nextSequence());
            drop(member);
        }
    }

    /**
     * Hand out records.
     *
     * @param limit     of records.
     * @param meetingAt sequence at which another reading stands, before which this one stops.
     * @return records read.
     */
    int poll(final int limit, final long meetingAt)
    {
        meetingPoint = meetingAt;
        isHeld = false;
        try
        {
            return tailer.controlledPoll(onRecord, limit);
        }
        finally
        {
            nextSequence = tailer.nextSequence();
        }
    }

    void savePositions()
    {
        for (int i = 0; i < members.size(); i++)
        {
            final TailerMember member = members.get(i);
            try
            {
                member.savePosition(tailer.lastRunId(), tailer.nextSequence() - 1);
            }
            catch (final RuntimeException ex)
            {
                member.detachBefore(tailer.nextSequence());
                drop(member);
                leavers.onLeft(member, tailer.nextSequence(), false, ex);
                i--;
            }
        }
    }

    @Override
    public void close()
    {
        tailer.close();
    }

    private Action onRecord(final EventFlyweight event)
    {
        if (event.sequence() >= meetingPoint)
        {
            return Action.ABORT;
        }
        final int count = filters.match(event);
        Action action = Action.CONTINUE;
        for (int i = 0; i < count; i++)
        {
            final TailerMember member = byFilter[filters.matched(i)];
            if (member.isLeaving())
            {
                leave(member, event.sequence(), false, null);
            }
            else
            {
                action = deliver(member, event);
            }
        }
        return members.isEmpty() ? Action.ABORT : action;
    }

    /** @return what becomes of the turn: others go on, whatever one of them wants. */
    private Action deliver(final TailerMember member, final EventFlyweight event)
    {
        final boolean isAlone = members.size() == 1;
        final long sequence = event.sequence();
        try
        {
            // A view of its own: what one handler does to it, and how long it keeps it, must not concern the others.
            final Action action = member.deliver(view.wrap(event.buffer(), event.offset()));
            if (action != Action.CONTINUE)
            {
                isHeld = isAlone && action == Action.ABORT;
                if (isAlone)
                {
                    return action;
                }
                leave(member, action == Action.ABORT ? sequence : sequence + 1, action == Action.ABORT, null);
            }
        }
        catch (final InternalError ex)
        {
            // May be the JVM's late word of a fault in the mapping, which the tailer gives its name.
            throw ex;
        }
        catch (final Throwable ex)
        {
            leave(member, sequence, false, ex);
        }
        finally
        {
            view.unwrap();
        }
        return Action.CONTINUE;
    }

    private void leave(
        final TailerMember member, final long sequence, final boolean isRefused, final Throwable cause)
    {
        Throwable reason = cause;
        try
        {
            // Of the record before this one, whichever its run was.
            member.savePosition(tailer.lastRunId(), tailer.nextSequence() - 1);
        }
        catch (final RuntimeException ex)
        {
            reason = reason == null ? ex : reason;
        }
        member.detachBefore(sequence);
        drop(member);
        leavers.onLeft(member, sequence, isRefused, reason);
    }

    private void drop(final TailerMember member)
    {
        members.remove(member);
        for (int id = 0; id < byFilter.length; id++)
        {
            if (byFilter[id] == member)
            {
                byFilter[id] = null;
                filters.remove(id);
            }
        }
    }

    private void onExpiredRange(final long first, final long last)
    {
        tell((member) -> member.spec().expiredRangeListener().onExpiredRange(first, last));
    }

    private void onLostRange(final long first, final long last)
    {
        tell((member) -> member.spec().lostRangeListener().onLostRange(first, last));
    }

    private void tell(final Consumer<TailerMember> message)
    {
        for (final TailerMember member : members)
        {
            try
            {
                message.accept(member);
            }
            catch (final Throwable ex)
            {
                errorHandler.onError(ex);
            }
        }
    }
}
