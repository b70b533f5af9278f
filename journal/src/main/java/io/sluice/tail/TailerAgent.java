package io.sluice.tail;

import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.DirectoryState;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.PositionFile;
import io.sluice.journal.StartPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/**
 * The duty cycle of a group: who leaves, who joins, a turn for the foremost reading and one for another. All on one
 * thread, but for {@link #join} and {@link #leave}.
 */
final class TailerAgent
{
    private static final long SAVE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MAX_SPARES = 2;

    /** A member that a reading went on without, until it has another one. */
    private record Leaver(TailerMember member, long sequence, boolean isHeld, Throwable cause)
    {
    }

    private final TailerGroupContext context;
    private final Consumer<TailerMember> onEnded;
    private final Runnable onClosing;
    private final Queue<TailerMember> joining = new ConcurrentLinkedQueue<>();
    private final Queue<TailerMember> leaving = new ConcurrentLinkedQueue<>();
    private final Queue<TailerMember> waiting = new ArrayDeque<>();
    private final Queue<Leaver> leavers = new ArrayDeque<>();
    private final List<TailReading> readings = new ArrayList<>();
    private final List<TailReading> spares = new ArrayList<>();
    private boolean isAttached;
    private long lastLookNs;
    private long lastSaveNs;
    private int turn;
    private volatile long recordsRead;
    private volatile int readingCount;

    /**
     * @param context   concluded.
     * @param onEnded   told of a member that has ended, before its listener is.
     * @param onClosing told before the memberships end; nobody joins after that.
     */
    TailerAgent(
        final TailerGroupContext context, final Consumer<TailerMember> onEnded, final Runnable onClosing)
    {
        this.onClosing = onClosing;
        this.context = context;
        this.onEnded = onEnded;
        if (!context.waitForJournal())
        {
            spares.add(new TailReading(context, this::onLeft));
            isAttached = true;
        }
        lastLookNs = context.clock().nanoTime() - LOOK_INTERVAL_NS;
        lastSaveNs = context.clock().nanoTime();
    }

    void join(final TailerMember member)
    {
        joining.add(member);
    }

    void leave(final TailerMember member)
    {
        leaving.add(member);
    }

    long recordsRead()
    {
        return recordsRead;
    }

    int readingCount()
    {
        return readingCount;
    }

    int doWork()
    {
        int work = endLeaving() + startJoining();
        final TailReading foremost = foremost();
        if (foremost != null)
        {
            work += takeTurn(foremost);
        }
        if (readings.size() > 1)
        {
            turn = (turn + 1) % readings.size();
            if (readings.get(turn) != foremost)
            {
                work += takeTurn(readings.get(turn));
            }
        }
        savePositions();
        return work;
    }

    /**
     * End all memberships.
     *
     * @param cause why, null if the group was asked to close.
     */
    void close(final Throwable cause)
    {
        onClosing.run();
        for (TailerMember member = joining.poll(); member != null; member = joining.poll())
        {
            waiting.add(member);
        }
        endWaiting(cause);
        for (final TailReading reading : readings)
        {
            while (reading.size() > 0)
            {
                takeOut(reading.member(reading.size() - 1), cause);
            }
            reading.close();
        }
        readings.clear();
        readingCount = 0;
        CloseHelper.closeAll(spares);
        spares.clear();
    }

    private int endLeaving()
    {
        int work = 0;
        for (TailerMember member = leaving.poll(); member != null; member = leaving.poll())
        {
            work++;
            if (member.reading() != null)
            {
                final TailReading reading = member.reading();
                takeOut(member, null);
                retireIfEmpty(reading);
            }
        }
        return work;
    }

    // One in a cycle: looking up a place may take milliseconds.
    private int startJoining()
    {
        final TailerMember joined = joining.poll();
        if (joined != null)
        {
            waiting.add(joined);
        }
        if (waiting.isEmpty() || !isAttached && !attach())
        {
            return joined == null ? 0 : 1;
        }
        final TailerMember member = waiting.remove();
        try
        {
            start(member);
        }
        catch (final RuntimeException ex)
        {
            end(member, ex);
        }
        return 1;
    }

    private boolean attach()
    {
        // Whoever starts at the end of what is not there yet wants all that comes.
        for (TailerMember member = joining.poll(); member != null; member = joining.poll())
        {
            waiting.add(member);
        }
        final long now = context.clock().nanoTime();
        if (now - lastLookNs < LOOK_INTERVAL_NS)
        {
            return false;
        }
        lastLookNs = now;
        try
        {
            spares.add(new TailReading(context, this::onLeft));
            isAttached = true;
        }
        catch (final RuntimeException ex)
        {
            if (ex instanceof DataDirectoryException missing && missing.state() == DirectoryState.NO_JOURNAL)
            {
                waiting.forEach(TailerMember::startAtFirst);
            }
            else
            {
                endWaiting(ex);
            }
        }
        return isAttached;
    }

    private void endWaiting(final Throwable cause)
    {
        for (TailerMember member = waiting.poll(); member != null; member = waiting.poll())
        {
            end(member, cause);
        }
    }

    private void start(final TailerMember member)
    {
        if (member.isLeaving())
        {
            end(member, null);
            return;
        }
        final TailerMemberSpec spec = member.spec();
        if (spec.positionFile() == null)
        {
            final TailReading reading = spareAt(member.from());
            spares.add(reading);
            member.onStart(null, 0, reading.position());
        }
        else
        {
            startAtPosition(member);
        }
        place(member, member.nextSequence(), false);
        onStarted(member);
    }

    private void startAtPosition(final TailerMember member)
    {
        final TailerMemberSpec spec = member.spec();
        final long lastRunId;
        final long nextSequence;
        try (JournalTailer tailer = JournalTailer.open(context.tailing()
            .from(member.from())
            .positionFile(spec.positionFile())
            .expiredRangeListener(spec.expiredRangeListener())
            .lostRangeListener(spec.lostRangeListener())))
        {
            lastRunId = tailer.lastRunId();
            nextSequence = tailer.nextSequence();
        }
        member.onStart(PositionFile.open(spec.positionFile()), lastRunId, nextSequence);
    }

    /** Find a reading for a member that has none. */
    private void place(final TailerMember member, final long sequence, final boolean isHeld)
    {
        if (!isHeld)
        {
            for (final TailReading reading : readings)
            {
                if (reading.position() == sequence && !reading.isHeld())
                {
                    reading.add(member);
                    return;
                }
            }
        }
        final TailReading reading = spareAt(StartPosition.sequence(sequence));
        if (isHeld)
        {
            reading.addHeld(member);
        }
        else
        {
            reading.add(member);
        }
        readings.add(reading);
        readingCount = readings.size();
    }

    private int takeTurn(final TailReading reading)
    {
        int count = 0;
        try
        {
            count = reading.poll(context.sliceLimit(), nextAhead(reading));
        }
        catch (final RuntimeException ex)
        {
            while (reading.size() > 0)
            {
                takeOut(reading.member(reading.size() - 1), ex);
            }
        }
        recordsRead = recordsRead + count;
        placeLeavers();
        if (!retireIfEmpty(reading))
        {
            joinWithEqual(reading);
        }
        return count;
    }

    private void placeLeavers()
    {
        for (Leaver leaver = leavers.poll(); leaver != null; leaver = leavers.poll())
        {
            if (leaver.cause() != null || leaver.member().isLeaving())
            {
                end(leaver.member(), leaver.cause());
                continue;
            }
            try
            {
                place(leaver.member(), leaver.sequence(), leaver.isHeld());
            }
            catch (final RuntimeException ex)
            {
                end(leaver.member(), ex);
            }
        }
    }

    private void onLeft(
        final TailerMember member, final long sequence, final boolean isHeld, final Throwable cause)
    {
        leavers.add(new Leaver(member, sequence, isHeld, cause));
    }

    private void joinWithEqual(final TailReading reading)
    {
        if (reading.isHeld())
        {
            return;
        }
        for (int i = 0; i < readings.size(); i++)
        {
            final TailReading other = readings.get(i);
            if (other != reading && other.position() == reading.position() && !other.isHeld())
            {
                final boolean isSmaller = reading.size() < other.size();
                move(isSmaller ? reading : other, isSmaller ? other : reading);
                return;
            }
        }
    }

    private void move(final TailReading from, final TailReading to)
    {
        while (from.size() > 0)
        {
            final TailerMember member = from.member(from.size() - 1);
            try
            {
                from.remove(member);
                to.add(member);
            }
            catch (final RuntimeException ex)
            {
                end(member, ex);
            }
        }
        retireIfEmpty(from);
    }

    private boolean retireIfEmpty(final TailReading reading)
    {
        if (reading.size() > 0)
        {
            return false;
        }
        readings.remove(reading);
        readingCount = readings.size();
        retire(reading);
        return true;
    }

    private TailReading spareAt(final StartPosition position)
    {
        final TailReading reading =
            spares.isEmpty() ? new TailReading(context, this::onLeft) : spares.remove(spares.size() - 1);
        try
        {
            reading.seek(position);
            return reading;
        }
        catch (final RuntimeException ex)
        {
            retire(reading);
            throw ex;
        }
    }

    private void retire(final TailReading reading)
    {
        if (spares.size() < MAX_SPARES)
        {
            spares.add(reading);
        }
        else
        {
            reading.close();
        }
    }

    private TailReading foremost()
    {
        TailReading foremost = null;
        for (int i = 0; i < readings.size(); i++)
        {
            if (foremost == null || readings.get(i).position() > foremost.position())
            {
                foremost = readings.get(i);
            }
        }
        return foremost;
    }

    private long nextAhead(final TailReading reading)
    {
        final long position = reading.position();
        long next = Long.MAX_VALUE;
        for (int i = 0; i < readings.size(); i++)
        {
            final long other = readings.get(i).position();
            if (other > position && other < next)
            {
                next = other;
            }
        }
        return next;
    }

    private void savePositions()
    {
        final long now = context.clock().nanoTime();
        if (now - lastSaveNs >= SAVE_INTERVAL_NS)
        {
            lastSaveNs = now;
            for (int i = readings.size() - 1; i >= 0; i--)
            {
                readings.get(i).savePositions();
                retireIfEmpty(readings.get(i));
            }
            placeLeavers();
        }
    }

    private void takeOut(final TailerMember member, final Throwable cause)
    {
        Throwable reason = cause;
        try
        {
            member.reading().remove(member);
        }
        catch (final RuntimeException ex)
        {
            reason = reason == null ? ex : reason;
        }
        end(member, reason);
    }

    private void end(final TailerMember member, final Throwable cause)
    {
        member.onEnd(cause);
        onEnded.accept(member);
        try
        {
            member.spec().listener().onEnd(member, cause);
        }
        catch (final Throwable ex)
        {
            context.errorHandler().onError(ex);
        }
    }

    private void onStarted(final TailerMember member)
    {
        try
        {
            member.spec().listener().onStart(member, member.nextSequence());
        }
        catch (final Throwable ex)
        {
            context.errorHandler().onError(ex);
        }
    }
}
