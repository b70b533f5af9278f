package io.sluice.tail;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.PositionFile;
import io.sluice.journal.StartPosition;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/**
 * One reader of a {@link TailerGroup}. What it says of itself is for any thread; it changes while the group works.
 */
public final class TailerMember
{
    private final TailerMemberSpec spec;
    private final Consumer<TailerMember> onLeave;
    private final AtomicLong delivered = new AtomicLong();
    private volatile TailerMemberState state = TailerMemberState.JOINING;
    private volatile Throwable failure;
    private volatile boolean isLeaving;
    private volatile TailReading reading;
    private volatile long ownNext;

    // Confined to the thread of the group.
    private StartPosition from;
    private PositionFile positionFile;
    private long handledSequence;

    TailerMember(final TailerMemberSpec spec, final Consumer<TailerMember> onLeave)
    {
        this.spec = spec;
        this.onLeave = onLeave;
        from = spec.from();
    }

    /** @return its name. */
    public String name()
    {
        return spec.name();
    }

    /** @return how far the membership has come. */
    public TailerMemberState state()
    {
        return state;
    }

    /** @return why the membership ended; null as long as it has not, and if it left or the group was closed. */
    public Throwable failure()
    {
        return failure;
    }

    /** @return sequence up to which it has passed everything, plus one; 0 while it is {@code JOINING}. */
    public long nextSequence()
    {
        final TailReading present = reading;
        return present == null ? ownNext : Math.max(present.nextSequence(), ownNext);
    }

    /** @return events that its handler took. */
    public long delivered()
    {
        return delivered.get();
    }

    /**
     * Leave the group, from any thread. The event that is with the handler is the last one. When the group gets to it,
     * the position is saved and the listener is told; the name is free then. Idempotent.
     */
    public void leave()
    {
        if (!isLeaving)
        {
            isLeaving = true;
            onLeave.accept(this);
        }
    }

    @Override
    public String toString()
    {
        return "member " + name() + ", " + state + " before " + nextSequence();
    }

    TailerMemberSpec spec()
    {
        return spec;
    }

    boolean isLeaving()
    {
        return isLeaving;
    }

    boolean isEnded()
    {
        return state == TailerMemberState.ENDED;
    }

    TailReading reading()
    {
        return reading;
    }

    StartPosition from()
    {
        return from;
    }

    /** There is no journal yet, so its end lies before its first record. */
    void startAtFirst()
    {
        from = from == StartPosition.end() ? StartPosition.start() : from;
    }

    /**
     * Its place is known.
     *
     * @param file         to keep it in, or null.
     * @param lastRunId    of the record before it, 0 if that is not known.
     * @param nextSequence of the first record to get.
     */
    void onStart(final PositionFile file, final long lastRunId, final long nextSequence)
    {
        positionFile = file;
        handledSequence = nextSequence - 1;
        ownNext = nextSequence;
        if (file != null && (!file.isSet() || file.sequence() != nextSequence - 1))
        {
            file.save(lastRunId, nextSequence - 1);
        }
        state = TailerMemberState.READING;
    }

    /** It reads with a reading that stands where it does. */
    void attach(final TailReading newReading)
    {
        reading = newReading;
    }

    /** It stands before a record, and reads no more with its reading. */
    void detachBefore(final long sequence)
    {
        ownNext = Math.max(sequence, handledSequence + 1);
        reading = null;
    }

    /**
     * Hand out an event.
     *
     * @return what the handler wants.
     */
    Action deliver(final EventFlyweight event)
    {
        final long sequence = event.sequence();
        final long runId = event.runId();
        final Action action = Objects.requireNonNull(
            spec.handler().onRecord(event), "the handler returned null; return an action");
        if (action != Action.ABORT)
        {
            handledSequence = sequence;
            delivered.lazySet(delivered.getPlain() + 1);
            if (positionFile != null)
            {
                positionFile.save(runId, sequence);
            }
        }
        return action;
    }

    /** Keep the place behind what it has passed without getting it. */
    void savePosition(final long lastRunId, final long lastSequence)
    {
        if (positionFile != null && lastSequence > positionFile.sequence())
        {
            positionFile.save(lastRunId, lastSequence);
        }
    }

    void onEnd(final Throwable cause)
    {
        CloseHelper.close(positionFile);
        positionFile = null;
        failure = cause;
        state = TailerMemberState.ENDED;
    }
}
