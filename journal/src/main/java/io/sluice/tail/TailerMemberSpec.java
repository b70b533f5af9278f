package io.sluice.tail;

import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ExpiredRangeListener;
import io.sluice.journal.LostRangeListener;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import java.nio.file.Path;
import java.util.Objects;

/** What a member of a group wants and who handles it. Set up on one thread; read when it joins. */
public final class TailerMemberSpec
{
    private static final EventFilter EVERYTHING = EventFilter.of("TRUE");

    private final String name;
    private final ControlledRecordHandler handler;
    private EventFilter filter = EVERYTHING;
    private StartPosition from = StartPosition.end();
    private Path positionFile;
    private TailerMemberListener listener = TailerMemberListener.NONE;
    private ExpiredRangeListener expiredRangeListener = ExpiredRangeListener.NONE;
    private LostRangeListener lostRangeListener = LostRangeListener.NONE;

    private TailerMemberSpec(final String name, final ControlledRecordHandler handler)
    {
        if (name == null || name.isBlank())
        {
            throw new IllegalArgumentException("name=" + name + " must say who reads");
        }
        this.name = name;
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /**
     * A member that takes every event that it gets.
     *
     * @param name    for messages; one member of a group has it at a time.
     * @param handler of the events, see {@link #controlled} for what it may do.
     * @return the specification.
     */
    public static TailerMemberSpec of(final String name, final RecordHandler handler)
    {
        Objects.requireNonNull(handler, "handler");
        return new TailerMemberSpec(name, (event) ->
        {
            handler.onRecord(event);
            return ControlledRecordHandler.Action.CONTINUE;
        });
    }

    /**
     * A member that may refuse an event for now.
     *
     * @param name    for messages; one member of a group has it at a time.
     * @param handler of the events, called on the thread of the group: while it does not return, no member gets
     *                anything. With {@code ABORT} it refuses the event, and with {@code BREAK} it takes the event and
     *                has enough; it gets the same one again, or the next one, in a later duty cycle, and the others go
     *                on meanwhile. If it throws, the membership ends before that event.
     * @return the specification.
     */
    public static TailerMemberSpec controlled(final String name, final ControlledRecordHandler handler)
    {
        return new TailerMemberSpec(name, handler);
    }

    /**
     * @param value of the events to get; default: all. It is compiled again for the group.
     * @return this.
     */
    public TailerMemberSpec filter(final EventFilter value)
    {
        filter = Objects.requireNonNull(value, "filter");
        return this;
    }

    /**
     * @param position to start at; default: the end that the journal has when the group gets to it.
     * @return this.
     */
    public TailerMemberSpec from(final StartPosition position)
    {
        from = Objects.requireNonNull(position, "from");
        return this;
    }

    /**
     * Keep the place of the member, durable against the death of the process: behind every event that its handler took,
     * and now and then behind those that it did not want. After a kill it gets the event again that was with its
     * handler, if any; otherwise none twice.
     *
     * @param file outside {@code journal/}, null (default) for none; the place in it wins over {@link #from}.
     * @return this.
     */
    public TailerMemberSpec positionFile(final Path file)
    {
        positionFile = file;
        return this;
    }

    /**
     * @param value told of start and end.
     * @return this.
     */
    public TailerMemberSpec listener(final TailerMemberListener value)
    {
        listener = Objects.requireNonNull(value, "listener");
        return this;
    }

    /**
     * @param value told about sequences that retention removed before the member came there.
     * @return this.
     */
    public TailerMemberSpec expiredRangeListener(final ExpiredRangeListener value)
    {
        expiredRangeListener = Objects.requireNonNull(value, "expiredRangeListener");
        return this;
    }

    /**
     * @param value told about sequences that a repair wrote off.
     * @return this.
     */
    public TailerMemberSpec lostRangeListener(final LostRangeListener value)
    {
        lostRangeListener = Objects.requireNonNull(value, "lostRangeListener");
        return this;
    }

    /** @return the name. */
    public String name()
    {
        return name;
    }

    /** @return the handler. */
    public ControlledRecordHandler handler()
    {
        return handler;
    }

    /** @return the filter. */
    public EventFilter filter()
    {
        return filter;
    }

    /** @return position to start at. */
    public StartPosition from()
    {
        return from;
    }

    /** @return file that keeps the place, or null. */
    public Path positionFile()
    {
        return positionFile;
    }

    /** @return who is told of start and end. */
    public TailerMemberListener listener()
    {
        return listener;
    }

    /** @return who is told about sequences that retention removed. */
    public ExpiredRangeListener expiredRangeListener()
    {
        return expiredRangeListener;
    }

    /** @return who is told about sequences that a repair wrote off. */
    public LostRangeListener lostRangeListener()
    {
        return lostRangeListener;
    }
}
